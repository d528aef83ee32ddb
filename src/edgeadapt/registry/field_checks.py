"""What the fields of a family's values may hold; each check raises ValueError or TypeError that names the field.

They are attrs validators: the YAML reader runs one alone, so that an error is told with its field's line.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from numbers import Real
from typing import Any

from edgeadapt.wording import shown

Check = Callable[[Any, Any, Any], None]
# NumPy's names of the element types that a model's inputs and outputs have; `str` is text.
DTYPES = (
    *("float16", "float32", "float64", "int8", "int16", "int32", "int64"),
    *("uint8", "uint16", "uint32", "uint64", "bool", "str"),
)


def finite(name: str, value: Any) -> float:
    """Return a finite number as a float."""
    if isinstance(value, bool) or not isinstance(value, Real):
        text = "the text " if isinstance(value, str) else ""
        raise TypeError(f"`{name}` is a number, not {text}{shown(value)}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError(f"`{name}` is a finite number, not {shown(value)}")
    return number


def whole(low: int, high: int) -> Check:
    """Make a check for a whole number within bounds."""

    def check(_: Any, field: Any, value: Any) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(f"`{field.name}` is a whole number, not {shown(value)}")
        if not low <= value <= high:
            raise ValueError(f"`{field.name}` is between {low} and {high}, not {shown(value)}")

    return check


def seconds(high: float) -> Check:
    """Make a check for a time above zero."""

    def check(_: Any, field: Any, value: Any) -> None:
        if not 0 < finite(field.name, value) <= high:
            raise ValueError(
                f"`{field.name}` is a number of seconds above 0, at most {high:.15g}, not {shown(value)}"
            )

    return check


def one_of(words: Iterable[str]) -> Check:
    """Make a check for one of a few words."""
    known = tuple(words)

    def check(_: Any, field: Any, value: Any) -> None:
        if value not in known:
            listed = f"one of {', '.join(known)}" if len(known) > 1 else f"`{known[0]}` or left out"
            raise ValueError(f"`{field.name}` is {listed}, not {shown(value)}")

    return check


def name_text(_: Any, field: Any, value: Any) -> None:
    """Check the name of an input or output."""
    if not isinstance(value, str):
        raise TypeError(f"`{field.name}` is text, not {shown(value)}")
    if not value.strip() or not value.isprintable():
        raise ValueError(f"`{field.name}` is printable text, not {shown(value)}")


def true_or_false(_: Any, field: Any, value: Any) -> None:
    """Check a boolean."""
    if not isinstance(value, bool):
        raise TypeError(f"`{field.name}` is true or false, not {shown(value)}")


def as_tuple(value: Any) -> Any:
    """Freeze a list; anything else is left to the check."""
    return tuple(value) if isinstance(value, (list, tuple)) else value
