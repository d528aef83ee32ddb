"""What a policy is written with: its numbers with their units, and the names in its expressions. Tests are left out."""

from __future__ import annotations

from typing import Any, cast

import attrs

from edgeadapt.diagnostics import Span
from edgeadapt.language import tree as t
from edgeadapt.language.linting.context import Context

_PLAIN = (str, bool, type(None), Span)


def numbers_in(ctx: Context) -> list[t.Number]:
    """Return every numeric literal, in the order of the text."""
    return [leaf for leaf in _leaves(ctx) if isinstance(leaf, t.Number)]


def names_in(ctx: Context) -> frozenset[str]:
    """Return every name that some expression of the policy uses."""
    return frozenset(leaf.text for leaf in _leaves(ctx) if isinstance(leaf, t.Name))


def odd_one_out(
    numbers: list[t.Number], kinds: tuple[frozenset[str], frozenset[str]]
) -> tuple[t.Number, t.Number] | None:
    """Return the first literal of the rarer of two kinds of unit, and one of the other; None where only one is used."""
    first, second = ([n for n in numbers if n.unit in units] for units in kinds)
    if not first or not second:
        return None
    rare, common = (first, second) if len(first) < len(second) else (second, first)
    return rare[0], common[0]


def _leaves(ctx: Context) -> list[t.Number | t.Name]:
    return ctx.once("leaves", lambda: _walked(ctx.tree))


def _walked(tree: t.PolicyTree) -> list[t.Number | t.Name]:
    found: list[t.Number | t.Name] = []
    stack: list[object] = [section for section in tree.sections if not isinstance(section, t.TestDecl)]
    while stack:
        item = stack.pop()
        if isinstance(item, (t.Number, t.Name)):
            found.append(item)
        elif isinstance(item, tuple):
            stack.extend(item)
        elif not isinstance(item, _PLAIN):
            stack.extend(getattr(item, name) for name in attrs.fields_dict(cast(Any, type(item))))
    return sorted(found, key=lambda leaf: leaf.span.start)
