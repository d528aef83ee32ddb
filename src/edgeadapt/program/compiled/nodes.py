"""Program ↔ nested lists: a node is `[tag, field, …]` in the order of its class's fields; nothing is left out.

The tags below are the format. The fields and their types are read from the classes, so that a type is told once; a
change of either is a new format version, and a test that holds the shape fails until it is.
"""

from __future__ import annotations

import math
import types
import typing
from enum import Enum
from functools import cache
from typing import Any

import attrs

from edgeadapt.errors import ProgramError
from edgeadapt.program import expr as e
from edgeadapt.program import program as p
from edgeadapt.program.kind import Boolean, Numeric, Word
from edgeadapt.wording import shown

TAGS: dict[type, str] = {
    p.Program: "program",
    p.Input: "input",
    p.Param: "param",
    p.Let: "let",
    p.Ranking: "ranking",
    p.NamedChoice: "named",
    p.RankedChoice: "ranked",
    p.Rule: "rule",
    p.RateLimit: "at_most",
    p.Guard: "guard",
    p.UseProperty: "use_property",
    p.RateProperty: "rate_property",
    Numeric: "numeric",
    Boolean: "boolean",
    Word: "words",
    e.Typed: "typed",
    e.Const: "const",
    e.WordConst: "word",
    e.SignalRef: "signal_ref",
    e.InputRef: "input_ref",
    e.ParamRef: "param_ref",
    e.LetRef: "let_ref",
    e.AttributeRef: "attribute_ref",
    e.Level: "level",
    e.Negate: "negate",
    e.Arithmetic: "arithmetic",
    e.Coalesce: "coalesce",
    e.Compare: "compare",
    e.Band: "band",
    e.InRange: "in_range",
    e.IsKnown: "is_known",
    e.Not: "not",
    e.And: "and",
    e.Or: "or",
}
# Where a band stands in an expression: its index in the program's list, which holds it once.
HELD = "held"
_CLASSES = {tag: cls for cls, tag in TAGS.items()}
_SCALARS: dict[type, str] = {str: "a text", bool: "true or false", int: "a whole number", float: "a number"}


@cache
def fields(cls: Any) -> tuple[tuple[str, Any], ...]:
    """Return the names and types of a node's fields."""
    hints = typing.get_type_hints(cls)
    return tuple((field.name, hints[field.name]) for field in attrs.fields(cls))


def to_plain(program: p.Program) -> list[Any]:
    """Return a program as lists, texts, numbers, truth values and None."""
    plain: list[Any] = [TAGS[p.Program]]
    for name, _ in fields(p.Program):
        value = getattr(program, name)
        plain.append([_written(band) for band in value] if name == "bands" else _write(value))
    return plain


def _write(value: Any) -> Any:
    if isinstance(value, e.Band):
        return [HELD, value.index]
    if isinstance(value, tuple):
        return [_write(part) for part in value]
    if isinstance(value, Enum):
        return value.value
    return _written(value) if type(value) in TAGS else value


def _written(node: Any) -> list[Any]:
    told = fields(node.__class__)
    return [TAGS[node.__class__], *[_write(getattr(node, name)) for name, _ in told]]


def from_plain(plain: Any) -> p.Program:
    """Return the program that lists spell; raises ProgramError where a tag, a type or a count is another."""
    names = [name for name, _ in fields(p.Program)]
    if not isinstance(plain, list) or len(plain) != len(names) + 1 or plain[0] != TAGS[p.Program]:
        raise ProgramError("the content is no program of this format")
    reader = _Reader()
    # First, as everything else refers to them; they hold none themselves.
    bands = reader.read(tuple[e.Band, ...], plain[names.index("bands") + 1])
    reader.bands = bands
    plain = [*plain]
    plain[names.index("bands") + 1] = []
    program: p.Program = reader.read(p.Program, plain)
    return attrs.evolve(program, bands=bands)


class _Reader:
    """Reads data as a type says; every type that a node's field has is known here."""

    def __init__(self) -> None:
        self.bands: tuple[e.Band, ...] = ()

    def read(self, hint: Any, data: Any) -> Any:
        """Return data as a value of a type."""
        origin = typing.get_origin(hint)
        if origin is types.UnionType or origin is typing.Union:
            hint = self._alternative(typing.get_args(hint), data)
            if hint is None:
                return None
            if hint is e.Band:
                return self._held(data)
        elif origin is tuple:
            if not isinstance(data, list):
                raise ProgramError(f"a list is expected, not {shown(data)}")
            part = typing.get_args(hint)[0]
            return tuple([self.read(part, item) for item in data])
        if hint in TAGS:
            return self._node(hint, data)
        if issubclass(hint, Enum):
            return _member(hint, data)
        return _scalar(hint, data)

    def _alternative(self, hints: tuple[Any, ...], data: Any) -> Any:
        """Return which of a union's types data is of; None for None where that is one of them."""
        if isinstance(data, list):
            tag = data[0] if data and isinstance(data[0], str) else None
            found = e.Band if tag == HELD else _CLASSES.get(tag) if tag not in (None, TAGS[e.Band]) else None
        else:
            found = type(data)
        if found is None or found not in hints:
            raise ProgramError(f"{shown(data)} stands where it can't")
        return None if found is type(None) else found

    def _held(self, data: list[Any]) -> e.Band:
        index = data[1] if len(data) == 2 else None
        if type(index) is not int or not 0 <= index < len(self.bands):
            raise ProgramError(f"{shown(data)} is no band of the program")
        return self.bands[index]

    def _node(self, cls: type, data: Any) -> Any:
        told = fields(cls)
        if not isinstance(data, list) or len(data) != len(told) + 1 or data[0] != TAGS[cls]:
            raise ProgramError(f"`{TAGS[cls]}` with {len(told)} fields is expected, not {shown(data)}")
        values = [self.read(hint, item) for (_, hint), item in zip(told, data[1:], strict=True)]
        return cls(*values)


def _member(cls: type[Enum], data: Any) -> Enum:
    for member in cls:
        if type(data) is str and data == member.value:
            return member
    raise ProgramError(f"{shown(data)} is no known {'operator' if cls.__name__.endswith('Op') else 'word'}")


def _scalar(hint: Any, data: Any) -> Any:
    # Exactly this type: true is no number, and 1 is not 1.0.
    if type(data) is not hint or (hint is float and not math.isfinite(data)):
        raise ProgramError(f"{_SCALARS[hint]} is expected, not {shown(data)}")
    return data
