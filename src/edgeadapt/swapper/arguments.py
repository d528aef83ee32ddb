"""What a host may hand to a swapper, checked before native code sees it, whose refusals speak of C++ types."""

from __future__ import annotations

import math
from numbers import Real

from edgeadapt.registry.activation import Probation
from edgeadapt.wording import shown

# What no wait outlives; the system's own timers overflow far beyond.
YEAR_S = 31_536_000.0
# More than fit any device's memory.
_MOST_RESIDENT = 1_000_000


def seconds(name: str, value: object) -> float:
    """Return a number of seconds, infinite where it is beyond every float; raises TypeError for what is no number."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"`{name}` is a number of seconds, not {shown(value)}")
    try:
        return float(value)
    except OverflowError:
        # Only integers and fractions are that long, and these can be compared.
        return math.inf if value > 0 else -math.inf  # type: ignore[operator] # which `Real` does not promise


def timeout(name: str, value: object) -> float:
    """Return how long to wait; raises TypeError or ValueError for what is no time."""
    # What every timed inference comes by.
    if type(value) is float and 0.0 <= value <= YEAR_S:
        return value
    number = seconds(name, value)
    # NaN, too, fails the comparison.
    if not number >= 0:
        raise ValueError(f"`{name}` is a number of seconds from 0 on; got {shown(value)}")
    return min(number, YEAR_S)


def limit(name: str, value: object) -> float | None:
    """Return a limit of time, None for none; raises TypeError or ValueError for what is none."""
    if value is None:
        return None
    number = seconds(name, value)
    if not number > 0:
        raise ValueError(f"`{name}` is above 0, or None for no limit; got {shown(value)}")
    return min(number, YEAR_S)


def variant_name(value: object) -> str:
    """Return a variant's name; raises TypeError for what is no text, ValueError for one that no file can hold."""
    if not isinstance(value, str):
        raise TypeError(f"a variant's name is a text, not {shown(value)}")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{shown(value)} is no variant's name: it holds half a character") from None
    return value


def resident(value: object) -> int:
    """Return how many generations may exist at once; raises TypeError or ValueError."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"`max_resident` is a whole number, not {shown(value)}")
    if value < 2:
        raise ValueError(
            f"`max_resident` is at least 2: the one that serves and the next; got {shown(value)}"
        )
    return min(value, _MOST_RESIDENT)


def probation_rules(value: object) -> tuple[int, float, int] | None:
    """Return a probation's figures, None for none; raises TypeError for what is no Probation."""
    if value is None:
        return None
    if not isinstance(value, Probation):
        raise TypeError(f"`probation` is a Probation or None, not {shown(value)}")
    return value.inferences, value.seconds, value.errors


def check_callable(name: str, value: object, *, optional: bool = True) -> None:
    """Raise TypeError for what can't be called."""
    if not callable(value) and not (optional and value is None):
        raise TypeError(f"`{name}` is something to call{' or None' if optional else ''}, not {shown(value)}")


def check_preparing(value: object) -> None:
    """Raise TypeError for what has not the methods of a `Preparing`."""
    if value is None:
        return
    for method in ("admit", "warm", "validate", "release"):
        if not callable(getattr(value, method, None)):
            raise TypeError(
                f"`preparation` is a Preparing or None; a {type(value).__name__} has no `{method}`"
            )
