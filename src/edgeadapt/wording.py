"""How a message quotes a user's text and proposes the name that was meant; every layer's errors use it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_LONGEST_QUOTE = 60
_LONGEST_LIST = 160
_LONGEST_ERROR = 300


def shown(value: object) -> str:
    """Quote a user's value for a message: one line, printable, not long."""
    # Integers of many thousand digits refuse to become text; say that instead of failing.
    try:
        text = str(value)
    except ValueError:
        return "a huge number"
    flat = text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"
    return "`" + "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in flat) + "`"


def in_words(error: BaseException) -> str:
    """Return an error's own text as one printable line, not too long; empty where it has none or fails to tell it."""
    try:
        # A KeyError's text is its key's repr.
        text = str(error.args[0] if isinstance(error, KeyError) and len(error.args) == 1 else error)
    except Exception:  # noqa: BLE001 - an error of a host's own may raise anything when it is asked for its text
        return ""
    flat = "".join(
        char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in " ".join(text.split())
    )
    return flat if len(flat) <= _LONGEST_ERROR else flat[: _LONGEST_ERROR - 1] + "…"


def nearest(name: object, known: Iterable[str]) -> str | None:
    """Return the known name that a name is most like; None where none is like it."""
    names = list(known)
    text = str(name)[:80]
    near = get_close_matches(text, names, n=1) or get_close_matches(text.lower(), names, n=1)
    return near[0] if near else None


def did_you_mean(name: object, known: Iterable[str], what: str = "known") -> str:
    """Propose the nearest known name, else list them where they are few: `did you mean …?` or `known: a, b`."""
    names = list(known)
    near = nearest(name, names)
    if near is not None:
        return f"did you mean `{near}`?"
    listed = ", ".join(names)
    if not names:
        return f"{what}: none"
    return f"{what}: {listed}" if len(listed) <= _LONGEST_LIST else f"{what}: {listed[: _LONGEST_LIST - 1]}…"
