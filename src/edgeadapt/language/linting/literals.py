"""The numbers of a policy as they are written, with their units."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import attrs

from edgeadapt.language import tree as t


def numbers_in(node: object) -> Iterator[t.Number]:
    """Yield every numeric literal below a node, in the order of the text; those of tests are left out."""
    found: list[t.Number] = []
    stack: list[object] = [node]
    while stack:
        item = stack.pop()
        if isinstance(item, t.Number):
            found.append(item)
        elif isinstance(item, tuple):
            stack.extend(item)
        elif attrs.has(type(item)) and not isinstance(item, t.TestDecl):
            stack.extend(getattr(item, field.name) for field in attrs.fields(cast(Any, type(item))))
    return iter(sorted(found, key=lambda number: number.span.start))


def odd_one_out(
    numbers: list[t.Number], kinds: tuple[frozenset[str], frozenset[str]]
) -> tuple[t.Number, t.Number] | None:
    """Return the first literal of the rarer of two kinds of unit, and one of the other; None where only one is used."""
    first, second = ([n for n in numbers if n.unit in units] for units in kinds)
    if not first or not second:
        return None
    rare, common = (first, second) if len(first) < len(second) else (second, first)
    return rare[0], common[0]
