"""One cell of a trace → a value: what a text or a JSON value means for a signal, an input or the time."""

from __future__ import annotations

import re
from typing import Any

from edgeadapt.state import Signal, SignalKind
from edgeadapt.units import Dimension, QuantityError, parse_quantity
from edgeadapt.wording import shown

_PLAIN_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\Z", re.ASCII)
_NOT_FINITE = {"nan", "inf", "-inf", "+inf", "infinity", "-infinity"}
_BOOLEANS = {"true": True, "false": False, "1": True, "0": False}
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z", re.ASCII)
_LONGEST_CELL = 1000


class CellError(ValueError):
    """A cell means nothing here; the message is one line with the remedy after a semicolon."""


def timestamp_of(value: Any) -> float:
    """Read a time in seconds, or with a unit; raises CellError where it is none or not finite."""
    seconds: float
    if isinstance(value, str):
        text = value.strip()
        if _PLAIN_NUMBER.match(text[:_LONGEST_CELL]) and len(text) <= _LONGEST_CELL:
            seconds = float(text)
        else:
            seconds = _quantity(text, Dimension.TIME, "12.5 or `12.5 s`") / 1000.0
    else:
        seconds = _json_number(value, "12.5")
    if not abs(seconds) <= 1e12:  # NaN fails it too
        raise CellError(f"the time {shown(value)} is not a moment; write seconds, such as `12.5`")
    return seconds


def signal_value(signal: Signal, value: Any) -> float | bool | str | None:
    """Read a signal's cell into its attribute's unit, None for unknown; raises CellError."""
    value = value.strip() if isinstance(value, str) else value
    if value is None or value == "":
        return None
    if signal.kind is SignalKind.WORD:
        if value not in signal.words:
            raise CellError(
                f"{shown(value)} is no {signal.name}; write one of {', '.join(signal.words)}, or nothing"
            )
        return str(value)
    if signal.kind is SignalKind.BOOLEAN:
        known = value if isinstance(value, bool) else _BOOLEANS.get(str(value).lower()[:8])
        if known is None:
            raise CellError(f"{shown(value)} is no {signal.name}; write `true` or `false`, or nothing")
        return known
    dimension = signal.dimension or Dimension.NUMBER
    example = f"50 for `{signal.name}`"
    number = _number(value, dimension, example) if isinstance(value, str) else _json_number(value, example)
    return signal.from_canonical(number) if number is not None and abs(number) < float("inf") else None


def input_value(value: Any) -> float | bool | str | None:
    """Read a host input's cell, guided by its look: boolean, number, quantity (canonical) or word."""
    if value is None or isinstance(value, bool):
        return value
    if not isinstance(value, str):
        return _json_number(value, "3.5")
    text = value.strip()
    if text == "":
        return None
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    if text.lower() in _NOT_FINITE:
        return None
    if _WORD.match(text[:_LONGEST_CELL]) and len(text) <= _LONGEST_CELL:
        return text
    return _number(text, None, "3.5 or `bright`")


def _number(text: str, dimension: Dimension | None, example: str) -> float | None:
    if text.lower() in _NOT_FINITE:
        return None
    if len(text) <= _LONGEST_CELL and _PLAIN_NUMBER.match(text):
        return float(text)
    return _quantity(text, dimension, example)


def _quantity(text: str, dimension: Dimension | None, example: str) -> float:
    try:
        return parse_quantity(text, dimension).value
    except QuantityError as error:
        message = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in str(error))
        raise CellError(f"{message}; write a number, such as {example}") from None


def _json_number(value: Any, example: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise CellError(f"{shown(value)} is not a number; write one, such as {example}")
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
