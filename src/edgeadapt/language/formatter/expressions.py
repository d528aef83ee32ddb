"""Expressions as an author writes them: parentheses where they are needed, and where their lack would be misread."""

from __future__ import annotations

import re

from edgeadapt.language import tree as t
from edgeadapt.language.formatter.doc import Doc, Group, Leaf, Line, Nest
from edgeadapt.language.grammar import keywords

_NAME = re.compile(r"[a-z_][a-z0-9_]*")
# Loosest first; a part that binds looser than its place needs parentheses.
_OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _UNARY, _DEFAULT, _ATOM = range(9)
_BINDS = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "??": _DEFAULT}
_STEP = 2


def condition(node: t.Expr) -> Doc:
    """Return any expression."""
    return _doc(node)[0]


def amount(node: t.Expr) -> Doc:
    """Return an expression where the grammar takes no comparison: a score, a duration, a tolerance."""
    return _part(node, _SUM)


def literal(node: t.Literal) -> Leaf:
    """Return a literal."""
    match node:
        case t.Number():
            return Leaf(number_text(node), node.span)
        case t.Bool():
            return Leaf("true" if node.value else "false", node.span)
        case t.Name():
            return Leaf(node.text, node.span)


def number_text(node: t.Number) -> str:
    """Return a number with its unit: digits as the author wrote them, one blank, none before `%`."""
    if node.unit is None:
        return node.digits
    return f"{node.digits}%" if node.unit == "%" else f"{node.digits} {node.unit}"


def name(node: t.Ident) -> Leaf:
    """Return a name that can't be quoted."""
    return Leaf(node.text, node.span)


def variant(node: t.Ident) -> Leaf:
    """Return a variant's or family's name, quoted where it is no name of the language."""
    is_name = _NAME.fullmatch(node.text) and node.text not in keywords()
    return Leaf(node.text if is_name else f'"{node.text}"', node.span)


def _part(node: t.Expr, at_least: int) -> Doc:
    doc, binds = _doc(node)
    return doc if binds >= at_least else ("(", doc, ")")


def _operand(node: t.Expr, at_least: int) -> Doc:
    """Return an operand of another operator than `??`, whose own operands are easily misjudged beside one."""
    return _part(node, _ATOM if isinstance(node, t.Binary) and node.op == "??" else at_least)


def _doc(node: t.Expr) -> tuple[Doc, int]:
    """Return the text and how tightly it binds."""
    match node:
        case t.Number():
            return literal(node), _UNARY if node.digits.startswith("-") else _ATOM
        case t.Bool() | t.Name():
            return literal(node), _ATOM
        case t.Attribute():
            return Leaf(f"variant.{node.key}", node.span), _ATOM
        case t.LevelOf():
            return ("level(", condition(node.operand), ")"), _ATOM
        case t.Unary(op="not"):
            return ("not ", _part(node.operand, _NOT if _is_unary(node.operand, "not") else _ATOM)), _NOT
        case t.Unary():
            # A `-` directly before a number would become the number's own.
            negated = ("(", literal(node.operand), ")") if isinstance(node.operand, t.Number) else None
            return (
                "-",
                negated or _part(node.operand, _UNARY if _is_unary(node.operand, "-") else _ATOM),
            ), _UNARY
        case t.Binary(op="??"):
            return _chain(*_defaults(node)), _DEFAULT
        case t.Binary():
            return _chain(*_terms(node)), _BINDS[node.op]
        case t.Comparison() | t.In() | t.Known():
            return _relation(node), _COMPARE
        case t.Logic(op="or", parts=parts):
            # An `and` in an `or` needs no parentheses, but its readers do.
            return _chain([_operand(part, _NOT) for part in parts], ["or"] * (len(parts) - 1)), _OR
        case t.Logic(parts=parts):
            return _chain([_operand(part, _NOT) for part in parts], ["and"] * (len(parts) - 1)), _AND


def _is_unary(node: t.Expr, op: str) -> bool:
    """Whether an operator stands before itself: parentheses between would nest a text deeper than its author did."""
    return isinstance(node, t.Unary) and node.op == op


def _chain(parts: list[Doc], operators: list[str]) -> Doc:
    """Return operands on one line, or each on its own behind its operator."""
    first, *others = parts
    lines = tuple((Line(), f"{operator} ", other) for operator, other in zip(operators, others, strict=True))
    return Group((first, Nest(_STEP, lines)))


def _terms(node: t.Binary) -> tuple[list[Doc], list[str]]:
    """Unfold a sum or a product, which group to the left."""
    binds = _BINDS[node.op]
    parts: list[Doc] = []
    operators: list[str] = []
    left: t.Expr = node
    while isinstance(left, t.Binary) and left.op != "??" and _BINDS[left.op] == binds:
        parts.append(_operand(left.right, binds + 1))
        operators.append(left.op)
        left = left.left
    parts.append(_operand(left, binds))
    return parts[::-1], operators[::-1]


def _defaults(node: t.Binary) -> tuple[list[Doc], list[str]]:
    """Unfold `a ?? b ?? c`, which groups to the right."""
    parts: list[Doc] = []
    right: t.Expr = node
    while isinstance(right, t.Binary) and right.op == "??":
        parts.append(_fallback(right.left))
        right = right.right
    return [*parts, _fallback(right)], ["??"] * len(parts)


def _fallback(node: t.Expr) -> Doc:
    # A number's own `-` binds even tighter than `??`.
    return literal(node) if isinstance(node, t.Number) else _part(node, _ATOM)


def _relation(node: t.Comparison | t.In | t.Known) -> Doc:
    match node:
        case t.Comparison():
            operators = [node.op] if node.band is None else [node.op, "band"]
            parts = [node.left, node.right] if node.band is None else [node.left, node.right, node.band]
            return _chain([_operand(part, _SUM) for part in parts], operators)
        case t.In():
            bounds = (node.operand, node.low, node.high)
            return _chain([_operand(part, _SUM) for part in bounds], ["in", ".."])
        case t.Known():
            return (_part(node.operand, _ATOM), " is known" if node.known else " is unknown")
