"""What people write for a unit that the language spells another way."""

from __future__ import annotations

import re

from edgeadapt.units.table import UNITS

_SLIPS = {
    "%": "percent pct pc",
    "°C": "C c ° deg degc degree degrees Celsius celsius",
    "°F": "F f degf Fahrenheit fahrenheit",
    "K": "kelvin Kelvin",
    "B": "byte bytes",
    "kB": "kilobyte kilobytes",
    "MB": "M megabyte megabytes meg megs",
    "GB": "G gig gigabyte gigabytes",
    "us": "usec usecs",
    "ms": "msec msecs millis millisecond milliseconds",
    "s": "sec secs second seconds",
    "min": "m mn mins minute minutes",
    "h": "hr hrs hour hours",
    "mW": "milliwatt milliwatts",
    "W": "watt watts",
    "Hz": "hertz fps",
}
# Units that the language has not, and what one of them is in its own.
_SCALED = {
    "TB": (1000, "GB"),
    "TiB": (1024, "GiB"),
    "kW": (1000, "W"),
    "d": (24, "h"),
    "day": (24, "h"),
    "days": (24, "h"),
    "week": (168, "h"),
    "weeks": (168, "h"),
}
_KNOWN = {slip: right for right, slips in _SLIPS.items() for slip in slips.split()}
_BY_LOWER = {unit.lower(): unit for unit in UNITS if unit not in ("K", "°F")}
_DEGREES = re.compile(r"[°º˚][ \t]*")


def spelt_right(unit: str) -> str | None:
    """Return the unit if it is one, in the language's own spelling: `µs` is `us`."""
    plain = unit.replace("µ", "u").replace("μ", "u")
    return plain if plain in UNITS else None


def meant_unit(unit: str) -> str | None:
    """Return the unit that a misspelt one stands for; None where that is anyone's guess."""
    plain = _DEGREES.sub("°", unit.replace("℃", "°C").replace("℉", "°F"))
    right = spelt_right(plain) or _KNOWN.get(plain)
    if right is None and plain in ("°f", "°c"):
        right = plain.upper()
    # A word in capitals is the word; of a letter or two, `M` and `m`, the capital says more.
    word = _KNOWN.get(plain.lower()) if len(plain) > 2 else None
    return right or _BY_LOWER.get(plain.lower()) or word


def in_own_unit(unit: str) -> tuple[int, str] | None:
    """Return how many of which unit a unit is that the language has not; None for any other."""
    return _SCALED.get(unit) or _SCALED.get(unit.lower())
