"""A Markdown page in the width there is: its prose is wrapped anew, its headings, lists and examples stay as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from edgeadapt.cli.output.columns import wrapped

_FENCED = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)
_STAYS = ("#", "- ", "|", "```")


def page_text(markdown: str) -> str:
    """Return the page's text, without an empty line at its end."""
    return "\n\n".join(_blocks(markdown))


def _blocks(markdown: str) -> Iterator[str]:
    for part in _FENCED.split(markdown):
        for block in [part] if part.startswith("```") else part.strip().split("\n\n"):
            if block:
                yield block if block.startswith(_STAYS) else "\n".join(wrapped("", " ".join(block.split())))
