"""The first draft of a new lint: its module with a page to fill in, under the next free code."""

from __future__ import annotations

import re

from edgeadapt.language.linting.registry import lints

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")
_LONGEST = 50
_FIRST, _END = 400, 490  # from 490 on, lints are about the comments that silence lints

_MODULE = '''"""One sentence on what is suspicious.

## What it finds

…

## Why it matters

…

Fails:

```eap
edition 1
policy p {{
  otherwise use tiny
}}
```

Better:

```eap
edition 1
policy p {{
  otherwise use tiny
}}
```

## Blind spots

…
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language.linting.context import Context

CODE = "{code}"
NAME = "{name}"
SEVERITY = Severity.WARNING


def check(ctx: Context) -> Iterator[Diagnostic]:
    """Report …."""
    for rule in ctx.rules:
        if rule.name == "":  # what is surely wrong: a lint that would have to guess stays silent
            yield ctx.diagnostic(
                (CODE, SEVERITY),
                rule.node.name.span,
                f"rule `{{rule.name}}` …",
                "what is true here",
                "what to do",
            )
'''


def new_lint(name: str) -> tuple[str, str]:
    """Return the file name and the text of a new lint; raises ValueError for a name that can't be one."""
    if not _NAME.match(name) or len(name) > _LONGEST:
        raise ValueError("a lint's name is words in small letters joined by `-`, such as `no-hysteresis`")
    if any(lint.name == name for lint in lints()):
        raise ValueError(f"there is a lint `{name}` already")
    return f"{name.replace('-', '_')}.py", _MODULE.format(code=_free_code(), name=name)


def _free_code() -> str:
    # Codes are never reused, so the next one is above the highest, not in a gap.
    taken = [int(lint.code[3:]) for lint in lints()]
    return f"EAP{max((code for code in taken if _FIRST <= code < _END), default=_FIRST) + 1}"
