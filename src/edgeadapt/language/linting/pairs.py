"""Syntax tree nodes beside the program's expressions they became, so that a lint has both meaning and place.

The checker keeps an expression's shape: a node and its expression have the same children.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.language import tree as t
from edgeadapt.program import expr as p
from edgeadapt.values import frozen


@frozen
class Part:
    """A node with its expression; `positive` is None where truth and falsehood both matter, as under `==`."""

    node: t.Expr
    expr: p.Expr
    positive: bool | None = True


def parts(node: t.Expr, expr: p.Expr, *, positive: bool | None = True) -> Iterator[Part]:
    """Yield an expression and everything below it, in the order of the text; a `let` is not entered."""
    stack = [Part(node, expr, positive)]
    while stack:
        part = stack.pop()
        yield part
        below, inner = tree_children(part.node), p.children(part.expr)
        if len(below) == len(inner):
            sign = _sign_below(part)
            stack.extend(
                Part(child, meaning, sign)
                for child, meaning in zip(reversed(below), reversed(inner), strict=True)
            )


def tree_children(node: t.Expr) -> tuple[t.Expr, ...]:
    """Return a node's direct operands, as `program.expr.children` does for an expression."""
    match node:
        case t.Number() | t.Bool() | t.Name() | t.Attribute():
            return ()
        case t.LevelOf(operand=x) | t.Unary(operand=x) | t.Known(operand=x):
            return (x,)
        case t.Binary(left=a, right=b):
            return (a, b)
        case t.Comparison(left=a, right=b, band=width):
            return (a, b) if width is None else (a, b, width)
        case t.In(operand=x, low=a, high=b):
            return (x, a, b)
        case t.Logic(parts=below):
            return below


def _sign_below(part: Part) -> bool | None:
    match part.expr:
        case p.And() | p.Or():
            return part.positive
        case p.Not():
            return None if part.positive is None else not part.positive
        case _:
            return None
