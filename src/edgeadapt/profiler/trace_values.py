"""One cell of a trace → a value: what a text or a JSON value means for a signal, an input or the time."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from edgeadapt.state import Signal, SignalKind
from edgeadapt.state.device_state import LATEST_S
from edgeadapt.units import Dimension, QuantityError, parse_quantity
from edgeadapt.wording import shown

_PLAIN_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\Z", re.ASCII)
_NOT_FINITE = {"nan", "inf", "-inf", "+inf", "infinity", "-infinity"}
_BOOLEANS = {"true": True, "false": False, "1": True, "0": False}
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z", re.ASCII)
_INPUT_NAME = re.compile(r"[a-z_][a-z0-9_]{0,199}\Z", re.ASCII)
_LONGEST_CELL = 1000


class CellError(ValueError):
    """A cell means nothing here. Fields: `problem` and `remedy`, one line each."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}; {remedy}")
        self.problem = problem
        self.remedy = remedy


def is_input_name(text: str) -> bool:
    """Say whether a column can be a host input's, as a policy would declare it."""
    return _INPUT_NAME.match(text) is not None


def timestamp_of(value: Any) -> float:
    """Read a time in seconds, or with a unit; raises CellError where it is none or not finite."""
    seconds: float
    if value is None or value == "":
        raise CellError("the time is empty", "write seconds, such as `12.5`")
    if isinstance(value, str):
        text = value.strip()
        if _PLAIN_NUMBER.match(text[:_LONGEST_CELL]) and len(text) <= _LONGEST_CELL:
            seconds = float(text)
        else:
            seconds = _quantity(text, Dimension.TIME, "12.5 or `12.5 s`") / 1000.0
    else:
        seconds = _json_number(value, "12.5")
    if not abs(seconds) <= LATEST_S:  # NaN fails it too
        raise CellError(f"the time {_written(value)} is not a moment", "write seconds, such as `12.5`")
    return seconds


def signal_value(signal: Signal, value: Any) -> float | bool | str | None:
    """Read a signal's cell into its attribute's unit, None for unknown; raises CellError."""
    value = value.strip() if isinstance(value, str) else value
    if value is None or value == "":
        return None
    if signal.kind is SignalKind.WORD:
        if value not in signal.words:
            remedy = f"write one of {', '.join(signal.words)}, or nothing"
            raise CellError(f"{_written(value)} is no `{signal.name}`", remedy)
        return str(value)
    if signal.kind is SignalKind.BOOLEAN:
        return _boolean(signal, value)
    dimension = signal.dimension or Dimension.NUMBER
    example = f"50 for `{signal.name}`"
    number = _number(value, dimension, example) if isinstance(value, str) else _json_number(value, example)
    number = _finite(number)
    return None if number is None else signal.from_canonical(number)


def input_value(value: Any) -> float | bool | str | None:
    """Read a host input's cell, guided by its look: boolean, number, quantity (canonical) or word."""
    if value is None or isinstance(value, bool):
        return value
    if not isinstance(value, str):
        return _finite(_json_number(value, "3.5"))
    text = value.strip()
    if text == "":
        return None
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    if text.lower() in _NOT_FINITE:
        return None
    if _WORD.match(text[:_LONGEST_CELL]) and len(text) <= _LONGEST_CELL:
        return text
    return _finite(_number(text, None, "3.5 or `bright`"))


def _boolean(signal: Signal, value: Any) -> bool:
    known = _BOOLEANS.get(value.lower()) if isinstance(value, str) and len(value) < 8 else None
    if isinstance(value, bool) or value in (0, 1):
        known = bool(value)
    if known is None:
        raise CellError(f"{_written(value)} is no `{signal.name}`", "write `true` or `false`, or nothing")
    return known


def _finite(number: float | None) -> float | None:
    """NaN and infinity are unknown."""
    return number if number is not None and math.isfinite(number) else None


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
        raise CellError(message, f"write a number, such as {example}") from None


def _json_number(value: Any, example: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise CellError(f"{_written(value)} is not a number", f"write one, such as {example}")
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def _written(value: Any) -> str:
    """Quote a cell as the file has it, not as Python would."""
    if isinstance(value, (list, dict)):
        return "a list or an object"
    return shown(json.dumps(value) if value is None or isinstance(value, bool) else value)
