"""A user's text made safe to print: it can't move the cursor, hide itself or fail to be encoded."""

from __future__ import annotations

import unicodedata

_TAB = "    "
# Control and format characters could rewrite the terminal or hide text: show that something is there.
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))


def printable(text: str) -> str:
    """Return a text on one line, with a sign for each character that has no shape; a tab is four blanks."""
    return "".join(
        _TAB
        if char == "\t"
        else "\N{REPLACEMENT CHARACTER}"
        if unicodedata.category(char) in _HIDDEN
        else char
        for char in text
    )
