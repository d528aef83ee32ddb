"""A family file's text with a few values changed: every other character stays, comments and layout included."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from edgeadapt.registry.yaml_emit import block, block_items, flow, scalar
from edgeadapt.registry.yaml_spans import Span, spans_of


class CannotKeep(ValueError):  # noqa: N818 - it says what is so; the caller decides whether that is an error
    """The text is written in a way that these changes can't be made in it; the message says where."""


class FamilyText:
    """A family file's text; changes are collected, and `text` has them all."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._newline = "\r\n" if "\r\n" in text else "\n"
        self._root = spans_of(text)
        # What to put in place of the characters from a start to an end.
        self._edits: list[tuple[int, int, str]] = []

    @property
    def text(self) -> str:
        """The text as changed."""
        parts: list[str] = []
        done = 0
        # What goes to one place stays in the order it was asked for.
        for start, end, put in sorted(self._edits, key=lambda edit: edit[0]):
            parts += [self._text[done:start], put]
            done = end
        return "".join(parts) + self._text[done:]

    def set(self, value: str | float, *keys: str) -> None:
        """Set a value of the family itself, such as `name`."""
        self._set(self._root, keys, {keys[-1]: value}, "name")

    def set_of_variant(self, index: int, values: Mapping[str, str | float], *keys: str) -> None:
        """Set values of a variant in the mapping that the keys lead to; without keys, in the variant itself."""
        where = self._variants().items[index]
        if where.kind != "mapping":
            raise CannotKeep(f"variant {index + 1} is an alias")
        for key in keys:
            child = where.keys.get(key)
            if child is None:
                self._insert(where, {key: dict(values)}, "path")
                return
            if child.kind == "scalar" and not child.text:
                self._replace(child, flow(values))
                return
            if child.kind != "mapping" or child.has_anchor:
                raise CannotKeep(f"`{key}` of variant {index + 1} is shared with another by an anchor")
            where = child
        self._set(where, keys, values, "")

    def add_variants(self, variants: Sequence[Mapping[str, Any]]) -> None:
        """Add variants after the others."""
        if not variants:
            return
        listed = self._variants()
        if listed.is_flow:
            end = listed.items[-1].end
            self._edits.append((end, end, "".join(", " + flow(each) for each in variants)))
            return
        self._lines_after(listed.last, block_items(variants, listed.column))

    def _variants(self) -> Span:
        found = self._root.keys["variants"]
        if found.kind != "sequence":
            raise CannotKeep("`variants` is an alias")
        return found

    def _set(self, where: Span, keys: Sequence[str], values: Mapping[str, str | float], after: str) -> None:
        missing: dict[str, str | float] = {}
        for key, value in values.items():
            child = where.keys.get(key)
            if child is None:
                missing[key] = value
            elif child.kind == "scalar" and not child.has_anchor:
                self._replace(child, scalar(value))
            else:
                raise CannotKeep(f"`{'.'.join((*keys, key))}` is shared with another by an anchor")
        if missing:
            self._insert(where, missing, after)

    def _replace(self, old: Span, put: str) -> None:
        before = self._text[old.start - 1 : old.start]
        # Where nothing was written, the value's place is right behind the colon.
        self._edits.append((old.start, old.end, f" {put}" if before == ":" else put))

    def _insert(self, where: Span, values: Mapping[str, Any], after: str) -> None:
        """Add keys to a mapping, behind the key `after` where it has that, else at its end."""
        if where.is_flow:
            put = flow(values)[1:-1]
            at = where.end - 1
            if where.keys:
                at = list(where.keys.values())[-1].end
                # A comma right behind a colon would be the key's.
                put = f" , {put}" if self._text[at - 1] == ":" else f", {put}"
            self._edits.append((at, at, put))
            return
        behind = where.keys.get(after) or list(where.keys.values())[-1]
        self._lines_after(behind.last, block(values, where.column))

    def _lines_after(self, span: Span, lines: Sequence[str]) -> None:
        """Put lines behind the line that a value ends on, and the comment beside it."""
        text, at = self._text, span.end
        ends_its_line = text[at - 1 : at] in ("\n", "\r")  # a folded or literal text does
        if not ends_its_line:
            found = re.compile(r"\r\n|\n|\r|\Z").search(text, at)
            assert found is not None, "a text has an end"
            at = found.end()
        put = "".join(line + self._newline for line in lines)
        if text[at - 1 : at] not in ("\n", "\r"):
            put = self._newline + put.removesuffix(self._newline)
        self._edits.append((at, at, put))
