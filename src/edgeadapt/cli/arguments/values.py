"""`NAME=VALUE` texts of the command line: signals, host inputs and parameters, and what is wrong with one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from edgeadapt.cli.failure import Misuse
from edgeadapt.state import SIGNALS, Signal, SignalKind
from edgeadapt.units import Dimension, QuantityError, parse_quantity
from edgeadapt.wording import did_you_mean, shown

UNKNOWN = "unknown"
_YES_AND_NO = {
    **dict.fromkeys(("yes", "on", "1", "true"), "true"),
    **dict.fromkeys(("no", "off", "0", "false"), "false"),
}
_ATTRIBUTES = {signal.attribute: name for name, signal in SIGNALS.items() if signal.attribute != name}


def assignments(texts: Iterable[str], option: str, example: str) -> dict[str, str]:
    """Split `NAME=VALUE` texts, several in one where a comma separates them; raises Misuse."""
    values: dict[str, str] = {}
    for text in texts:
        for part in text.split(","):
            name, equals, value = (piece.strip() for piece in part.partition("="))
            if not name or not equals or not value:
                decimal = "; the decimal sign is `.`" if values and part.strip()[:1].isdecimal() else ""
                remedy = f"write it like {option} {example}{decimal}"
                raise Misuse(f"{option} {shown(text)} is not NAME=VALUE", remedy)
            if name in values:
                raise Misuse(f"{option}: {shown(name)} is given twice", "keep one of them")
            values[name] = value
    return values


def signal_values(given: Mapping[str, str], inputs: Iterable[str]) -> dict[str, Any]:
    """Turn texts by signal name into a DeviceState's attributes; `inputs` are only proposed. Raises Misuse."""
    values: dict[str, Any] = {}
    for name, text in given.items():
        signal = SIGNALS.get(name)
        if signal is None:
            if name in _ATTRIBUTES:
                raise Misuse(f"{shown(name)} is not a signal's name", f"write `{_ATTRIBUTES[name]}`")
            # The policy's own names come first: a long list is cut.
            known = (*inputs, *SIGNALS)
            raise Misuse(
                f"{shown(name)} is neither a signal nor an input of the policy", did_you_mean(name, known)
            )
        values[signal.attribute] = None if text == UNKNOWN else _value(signal, text)
    return values


def _value(signal: Signal, text: str) -> float | bool | str:
    if signal.kind is SignalKind.BOOLEAN:
        if text in ("true", "false"):
            return text == "true"
        meant = _YES_AND_NO.get(text.lower())
        remedy = f"write `{signal.name}={meant}`" if meant else "give `true`, `false` or `unknown`"
        raise Misuse(f"`{signal.name}` is true or false, not {shown(text)}", remedy)
    if signal.kind is SignalKind.WORD:
        if text in signal.words:
            return text
        raise Misuse(f"{shown(text)} is no `{signal.name}`", did_you_mean(text, signal.words, "it is one of"))
    try:
        value = parse_quantity(text, signal.dimension).value
    except QuantityError as error:
        raise Misuse(f"`{signal.name}`: {error}") from None
    assert math.isfinite(value)
    return signal.from_canonical(value)


def seconds_of(text: str, option: str) -> float:
    """Read a time, in seconds where it has no unit; raises Misuse."""
    try:
        bare = text.strip().replace(".", "", 1).isdecimal()
        value = parse_quantity(f"{text.strip()} s" if bare else text, Dimension.TIME).value / 1000.0
    except QuantityError as error:
        raise Misuse(f"{option}: {error}") from None
    if value < 0:
        raise Misuse(f"{option} {shown(text)} is negative", "give a time such as 30s")
    return value
