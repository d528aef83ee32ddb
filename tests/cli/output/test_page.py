"""A page's prose fits the terminal, and what must be read as it is written stays so."""

from __future__ import annotations

import pytest

from edgeadapt.cli.output.page import page_text

PAGE = """\
# EAP404 a-heading-that-is-longer-than-the-terminal-is-wide (warning)

A paragraph that was wrapped for a page
of another width than the terminal's, which is narrower.

```eap
rule busy { when cpu > 85% use tiny }  # an example is copied, never wrapped

otherwise use full
```

- a list stays,
- an item a line
"""


def test_prose_is_wrapped_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    prose = (
        "A paragraph that was wrapped for a page\nof another width than the terminal's, which is narrower."
    )
    anew = "A paragraph that was wrapped for a page of another width\nthan the terminal's, which is narrower."
    assert page_text(PAGE) == PAGE.replace(prose, anew).rstrip()
