"""Nodes → values of the kinds that a family file is made of; every refusal has file, line, key and remedy."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn, TypeVar

import attrs

from edgeadapt.errors import FamilyYamlError
from edgeadapt.registry.yaml_tree import Mapping, Node, Scalar, Sequence
from edgeadapt.wording import did_you_mean, shown

_T = TypeVar("_T")


class FieldReader:
    """Reads the nodes of one file. `where` is the path of keys to a node, such as `variants[0].session`.

    With a list of `problems`, what is wrong with a part is put there, and the other parts are read all the same.
    """

    def __init__(self, path: str, problems: list[FamilyYamlError] | None = None) -> None:
        self.path = path
        self._problems = problems
        self._folder = os.path.dirname(os.path.abspath(path))

    def fields(
        self, node: Node, where: str, known: tuple[str, ...], required: tuple[str, ...] = ()
    ) -> dict[str, Node]:
        """Return a mapping's values by key; an empty value counts as not given."""
        mapping = self.mapping(node, where)
        fields: dict[str, Node] = {}
        for key, value in mapping.entries:
            if key.text not in known:
                remedy = did_you_mean(key.text, known, "known keys")
                with self.apart():
                    self.fail(key.line, joined(where, key.text), "this key is not known", remedy)
                continue
            if not (isinstance(value, Scalar) and value.value is None):
                fields[key.text] = value
        for key_name in required:
            if key_name not in fields:
                self.fail(mapping.line, joined(where, key_name), "the key is missing", f"add `{key_name}: …`")
        return fields

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Read a part that the others can do without: its problem ends it alone where problems are collected."""
        try:
            yield
        except FamilyYamlError as error:
            if self._problems is None:
                raise
            self._problems.append(error)

    def record(self, node: Node, where: str, kind: type[_T]) -> _T:
        """Make an attrs value whose fields are the mapping's keys, each a single value or a list of them."""
        table = {field.name: field for field in attrs.fields(kind)}  # type: ignore[arg-type]  # mypy can't know that it is an attrs class
        required = tuple(name for name, field in table.items() if field.default is attrs.NOTHING)
        values: dict[str, Any] = {}
        for key, child in self.fields(node, where, tuple(table), required).items():
            here = joined(where, key)
            values[key] = value = self.plain(child, here)
            self.checked(lambda field=table[key], value=value: _check(field, value), child.line, here)  # type: ignore[misc]  # defaults bind the loop's values
        return self.checked(lambda: kind(**values), node.line, where)

    def plain(self, node: Node, where: str) -> Any:
        """Return a single value, or a tuple of them for a list."""
        if isinstance(node, Sequence):
            return tuple(
                self.scalar(item, f"{where}[{index}]").value for index, item in enumerate(node.items)
            )
        return self.scalar(node, where).value

    def mapping(self, node: Node, where: str) -> Mapping:
        """Return a node that is `key: value` lines."""
        if not isinstance(node, Mapping):
            self.fail(
                node.line,
                where,
                "these are not `key: value` lines",
                "indent `key: value` lines below the key",
            )
        return node

    def items(self, node: Node, where: str) -> tuple[Node, ...]:
        """Return the items of a list."""
        if not isinstance(node, Sequence):
            self.fail(node.line, where, "this is not a list", "write each item after a `- `")
        return node.items

    def scalar(self, node: Node, where: str) -> Scalar:
        """Return a node that is a single value."""
        if not isinstance(node, Scalar):
            self.fail(node.line, where, "this is not a single value", "write one value after the colon")
        return node

    def text(self, node: Node, where: str, *, numbers_too: bool = False) -> str:
        """Return a text; `numbers_too` takes what looks like a number as it is written."""
        scalar = self.scalar(node, where)
        if isinstance(scalar.value, str):
            return scalar.value
        if scalar.value is not None and numbers_too:
            return scalar.text
        self.fail(scalar.line, where, f"{shown(scalar.text)} is not text", "put quotes around it")

    def resolved(self, path: str) -> str:
        """Take a relative path from the file's folder."""
        return os.path.normpath(os.path.join(self._folder, path))

    def checked(self, make: Callable[[], _T], line: int, where: str) -> _T:
        """Return what `make` makes; its ValueError or TypeError is the file's."""
        try:
            return make()
        except (TypeError, ValueError) as error:
            self.fail(line, where, "the value does not fit", str(error))

    def fail(self, line: int | None, key: str, problem: str, remedy: str) -> NoReturn:
        """Raise FamilyYamlError."""
        raise FamilyYamlError(self.path, line, shown(key)[1:-1], problem, remedy) from None


def joined(where: str, key: str) -> str:
    """Return the path of a key below `where`."""
    return f"{where}.{key}" if where else key


def _check(field: attrs.Attribute[Any], value: Any) -> None:
    if field.converter is not None:
        value = field.converter(value)  # type: ignore[operator]  # a plain function, as all of these classes have
    if field.validator is not None:
        field.validator(None, field, value)
