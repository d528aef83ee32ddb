"""YAML text → plain nodes that know their lines, within bounds on size, depth and count.

It builds nodes from the parser's events, so no tag constructs anything, an alias is the one node it names, and a
duplicate key is an error. What the nodes mean is decided in `yaml_loader`.
"""

from __future__ import annotations

import os
import re
import stat
from typing import Any, NoReturn

from edgeadapt.errors import FamilyYamlError
from edgeadapt.values import frozen
from edgeadapt.wording import shown

MAX_BYTES = 1 << 20
_MAX_DEPTH = 32
_MAX_EVENTS = 60_000

_POLICY = re.compile(r"(?:\s|#[^\n]*\n)*edition\s+[0-9]", re.ASCII)
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}\Z", re.ASCII)
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z", re.ASCII)
_SPECIAL: dict[str, float | bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}


@frozen
class Scalar:
    """A single value: `text` as written, `value` as YAML 1.2 reads it."""

    line: int
    text: str
    value: str | float | bool | None


@frozen
class Sequence:
    """A list."""

    line: int
    items: tuple[Node, ...]


@frozen
class Mapping:
    """Keys and values in the file's order; keys are distinct."""

    line: int
    entries: tuple[tuple[Scalar, Node], ...]


Node = Scalar | Sequence | Mapping


def parse_tree(path: str, text: str) -> Node:
    """Read a text's one YAML document; raises FamilyYamlError, which names `path`, for anything else."""
    return _Builder(path).build(text)


def read_text(path: str) -> str:
    """Read a family file's text; raises FamilyYamlError for what is no file, too large or not UTF-8."""
    try:
        # A pipe or device could block or never end: only a regular file is opened.
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise FamilyYamlError(
                path, None, "", "this is not a file", "give the path of a family's YAML file"
            )
        with open(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FamilyYamlError:
        raise
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise FamilyYamlError(
            path, None, "", f"cannot read it: {reason}", "check the path and its permissions"
        ) from None
    except ValueError:  # a NUL in the path
        raise FamilyYamlError(
            shown(path), None, "", "this is not a path", "give the path of a YAML file"
        ) from None
    if len(data) > MAX_BYTES:
        raise FamilyYamlError(
            path, None, "", "the file is larger than 1 MiB", "keep only the family's description in it"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # UTF-16 has zeros, too, but begins with its mark, and is a text.
        if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise FamilyYamlError(
                path, None, "", "this is not a text", "give the path of a family's YAML file"
            ) from None
        line = data.count(b"\n", 0, error.start) + 1
        raise FamilyYamlError(path, line, "", "the text is not UTF-8", "save the file as UTF-8") from None
    if _POLICY.match(text):
        raise FamilyYamlError(
            path, None, "", "this is a policy, not a family", "give the path of a family's YAML file"
        )
    return text


class _Builder:
    """Collects events into nodes, with its own stack in place of recursion."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._anchors: dict[str, Node] = {}
        # One entry an open collection: is it a mapping, its line, its anchor, its nodes so far.
        self._open: list[tuple[bool, int, str | None, list[Node]]] = []
        self._root: Node | None = None
        self._documents = 0

    def build(self, text: str) -> Node:
        # Imported here: a family made by hand needs no YAML.
        from ruamel.yaml import YAML

        try:
            for count, event in enumerate(YAML(typ="safe", pure=True).parse(text)):
                if count > _MAX_EVENTS:
                    self._fail(
                        _line(event), "the file has too many values", "split the family into several files"
                    )
                self._take(event)
        except FamilyYamlError:
            raise
        except Exception as error:  # noqa: BLE001 - the parser has many error types, and no text may end in a traceback
            self._syntax_error(error)
        if self._root is None:
            self._fail(None, "the file is empty", "start it with `schema_version: 1`")
        return self._root

    def _take(self, event: Any) -> None:
        kind = type(event).__name__
        if kind == "DocumentStartEvent":
            self._documents += 1
            if self._documents > 1:
                self._fail(
                    _line(event),
                    "there is a second document",
                    "keep one family a file, without `---` between",
                )
        elif kind == "ScalarEvent":
            plain = event.style is None
            self._refuse_tag(event)
            value = resolve(event.value) if plain else event.value
            self._add(Scalar(_line(event), event.value, value), event.anchor)
        elif kind == "AliasEvent":
            found = self._anchors.get(event.anchor)
            if found is None:
                self._fail(
                    _line(event),
                    f"{shown('*' + event.anchor)} names nothing before it",
                    "write the value out",
                )
            self._add(found, None)
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            self._refuse_tag(event)
            if len(self._open) >= _MAX_DEPTH:
                self._fail(
                    _line(event),
                    "the values are nested too deeply",
                    "see the family file reference for its form",
                )
            self._open.append((kind == "MappingStartEvent", _line(event), event.anchor, []))
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            is_mapping, line, anchor, nodes = self._open.pop()
            self._add(self._mapping(line, nodes) if is_mapping else Sequence(line, tuple(nodes)), anchor)

    def _add(self, node: Node, anchor: str | None) -> None:
        if anchor is not None:
            self._anchors[anchor] = node
        if self._open:
            self._open[-1][3].append(node)
        else:
            self._root = node

    def _mapping(self, line: int, nodes: list[Node]) -> Mapping:
        entries: list[tuple[Scalar, Node]] = []
        first_lines: dict[str, int] = {}
        for key, value in zip(nodes[::2], nodes[1::2], strict=True):
            if not isinstance(key, Scalar):
                self._fail(key.line, "a key is not a single word", "write `key: value`")
            if key.text in first_lines:
                first = first_lines[key.text]
                self._fail(
                    key.line,
                    f"the key {shown(key.text)} is here twice, first on line {first}",
                    "remove one of them",
                )
            first_lines[key.text] = key.line
            entries.append((key, value))
        return Mapping(line, tuple(entries))

    def _refuse_tag(self, event: Any) -> None:
        if getattr(event, "ctag", None) is not None:
            self._fail(
                _line(event), f"the tag {shown(event.ctag)} is not allowed", "write the value without `!`"
            )

    def _syntax_error(self, error: Exception) -> NoReturn:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
        flat = " ".join(str(problem).split())[:120]
        text = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in flat)
        line = mark.line + 1 if mark is not None else None
        self._fail(line, f"this is not YAML: {text}", "check indentation, colons and quotes")

    def _fail(self, line: int | None, problem: str, remedy: str) -> NoReturn:
        raise FamilyYamlError(self._path, line, "", problem, remedy) from None


def _line(event: Any) -> int:
    line: int = event.start_mark.line
    return line + 1


def resolve(text: str) -> str | float | bool | None:
    """Return the value of a text without quotes, as YAML 1.2 reads it."""
    if text in _SPECIAL:
        return _SPECIAL[text]
    if _INTEGER.match(text):
        return int(text)
    return float(text) if _NUMBER.match(text) else text
