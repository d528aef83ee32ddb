"""attrs values ↔ plain JSON data, and the JSON Schema of that data; it knows no report.

Fields are numbers, texts, other such values, tuples of them, values by key, or one of these or None; `Annotated[…, "text"]`
says in the schema what one means. Data may have keys that no field has: within one version of a format, fields are added.
"""

from __future__ import annotations

import math
import types
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

import attrs

from edgeadapt.wording import shown

_T = TypeVar("_T")
_PLAIN = {float: "number", int: "integer", str: "string"}
_KINDS = {float: "a finite number", int: "a whole number", str: "a text"}


def as_data(value: Any) -> Any:
    """Return a value as JSON can hold it."""
    if attrs.has(type(value)):
        return {field.name: as_data(getattr(value, field.name)) for field in attrs.fields(type(value))}
    if isinstance(value, (list, tuple)):
        return [as_data(item) for item in value]
    if isinstance(value, Mapping):
        return {key: as_data(item) for key, item in value.items()}
    return value


def from_data(kind: type[_T], data: Any, where: str = "") -> _T:
    """Return the value that data describes; raises ValueError that names the place and what belongs there."""
    if not isinstance(data, Mapping):
        raise ValueError(f"{_place(where)} is not an object")
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    for field in attrs.fields(kind):  # type: ignore[arg-type]  # mypy can't know that it is an attrs class
        here = f"{where}.{field.name}" if where else field.name
        if field.name in data:
            values[field.name] = _value(hints[field.name], data[field.name], here)
        elif field.default is attrs.NOTHING:
            raise ValueError(f"{_place(here)} is missing")
    return kind(**values)


def schema_of(kind: type[Any]) -> dict[str, Any]:
    """Return the JSON Schema of a value's data."""
    hints = get_type_hints(kind, include_extras=True)
    fields = attrs.fields(kind)
    properties: dict[str, Any] = {}
    for field in fields:
        hint, *texts = get_args(hint) if get_origin(hint := hints[field.name]) is Annotated else (hint,)
        properties[field.name] = {**_schema(hint), **({"description": texts[0]} if texts else {})}
    return {
        "type": "object",
        "description": (kind.__doc__ or "").strip().partition("\n")[0],
        "properties": properties,
        "required": [field.name for field in fields if field.default is attrs.NOTHING],
    }


def _value(hint: Any, data: Any, where: str) -> Any:
    wanted = _options(hint)
    if data is None:
        if type(None) in wanted:
            return None
        raise ValueError(f"{_place(where)} is null, and must not be")
    (kind,) = (each for each in wanted if each is not type(None))
    if attrs.has(kind):
        return from_data(kind, data, where)
    if get_origin(kind) is tuple:
        if not isinstance(data, list):
            raise ValueError(f"{_place(where)} is not a list")
        return tuple(_value(get_args(kind)[0], item, f"{where}[{index}]") for index, item in enumerate(data))
    if kind not in _PLAIN:
        if not isinstance(data, Mapping):
            raise ValueError(f"{_place(where)} is not an object")
        return {key: _value(get_args(kind)[1], item, f"{where}.{key}") for key, item in data.items()}
    if isinstance(data, bool) or not isinstance(data, (int, float) if kind is float else kind):
        raise ValueError(f"{_place(where)} is {_KINDS[kind]}, not {shown(data)}")
    if kind is not float:
        return data
    try:
        number = float(data)
    except OverflowError:
        number = math.inf
    # Python's reader of JSON takes Infinity and NaN, which are not JSON.
    if not math.isfinite(number):
        raise ValueError(f"{_place(where)} is {_KINDS[kind]}, not {shown(data)}")
    return number


def _schema(hint: Any) -> dict[str, Any]:
    wanted = _options(hint)
    (kind,) = (each for each in wanted if each is not type(None))
    if attrs.has(kind):
        found = schema_of(kind)
    elif get_origin(kind) is tuple:
        found = {"type": "array", "items": _schema(get_args(kind)[0])}
    elif kind in _PLAIN:
        found = {"type": _PLAIN[kind]}
    else:
        found = {"type": "object", "additionalProperties": _schema(get_args(kind)[1])}
    if type(None) not in wanted:
        return found
    return (
        {"anyOf": [found, {"type": "null"}]}
        if attrs.has(kind)
        else {**found, "type": [found["type"], "null"]}
    )


def _options(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if isinstance(hint, types.UnionType) else (hint,)


def _place(where: str) -> str:
    return shown(where) if where else "it"
