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
    return right or _BY_LOWER.get(plain.lower())
