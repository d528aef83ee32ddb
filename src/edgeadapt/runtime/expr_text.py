"""A compiled expression as the author would write it, for explanations on devices that have no policy text."""

from __future__ import annotations

import re

from edgeadapt.program import expr as p
from edgeadapt.program.program import Choice, NamedChoice

_NAME = re.compile(r"[a-z_][a-z0-9_]*\Z", re.ASCII)

# Loosest first; a part that binds looser than its place needs parentheses.
_OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _UNARY, _DEFAULT, _ATOM = range(9)
_ADDITIVE = (p.NumberOp.ADD, p.NumberOp.SUBTRACT)


def expr_text(expr: p.Expr) -> str:
    """Return an expression in the language's own syntax."""
    return _text(expr)[0]


def choice_text(choice: Choice) -> str:
    """Return a choice in the language's own syntax, without its `use`."""
    where = "" if choice.where is None else f" where {expr_text(choice.where)}"
    if isinstance(choice, NamedChoice):
        name = choice.variant if _NAME.match(choice.variant) else f'"{choice.variant}"'
        return f"{name}{where}"
    rankings = " then ".join(
        f"{'highest' if ranking.highest else 'lowest'} {expr_text(ranking.score)}"
        for ranking in choice.rankings
    )
    tolerance = "" if choice.tolerance is None else f" tolerance {expr_text(choice.tolerance)}"
    return f"{rankings}{tolerance}{where}"


def _text(expr: p.Expr) -> tuple[str, int]:
    """Return the text and how tightly it binds."""
    match expr:
        case p.Const(text=text) | p.WordConst(text=text):
            return text, _ATOM
        case (
            p.SignalRef(name=name)
            | p.InputRef(name=name)
            | p.ParamRef(name=name)
            | p.LetRef(name=name)
            | p.AttributeRef(name=name)
        ):
            return name, _ATOM
        case p.Level(operand=operand):
            return f"level({expr_text(operand)})", _ATOM
        case p.Coalesce(left=left, right=right):
            return f"{_part(left, _ATOM)} ?? {_part(right, _DEFAULT)}", _DEFAULT
        case p.Negate(operand=operand):
            return _negated(operand), _UNARY
        case p.Arithmetic():
            return _arithmetic(expr)
        case p.Not(operand=operand):
            return f"not {_part(operand, _NOT)}", _NOT
        case p.And(parts=parts):
            return " and ".join(_part(part, _NOT) for part in parts), _AND
        case p.Or(parts=parts):
            return " or ".join(_part(part, _AND) for part in parts), _OR
        case p.Compare() | p.Band() | p.InRange() | p.IsKnown():
            return _relation(expr), _COMPARE


def _negated(operand: p.Expr) -> str:
    text = _part(operand, _UNARY)
    # A `-` directly before a literal would belong to it, and to it alone.
    return f"-({text})" if text[0].isdigit() else f"-{text}"


def _relation(expr: p.Compare | p.Band | p.InRange | p.IsKnown) -> str:
    match expr:
        case p.Compare(op=op, left=left, right=right):
            return f"{_part(left, _SUM)} {op.value} {_part(right, _SUM)}"
        case p.Band(op=op, left=left, right=right, width=width):
            return f"{_part(left, _SUM)} {op.value} {_part(right, _SUM)} band {_part(width, _SUM)}"
        case p.InRange(operand=operand, low=low, high=high):
            return f"{_part(operand, _SUM)} in {_part(low, _SUM)} .. {_part(high, _SUM)}"
        case p.IsKnown(operand=operand, negated=negated):
            return f"{_part(operand, _SUM)} is {'unknown' if negated else 'known'}"


def _arithmetic(expr: p.Arithmetic) -> tuple[str, int]:
    level = _SUM if expr.op in _ADDITIVE else _PRODUCT
    # The `%` in an operator's name only says that a ratio is divided by 100 first.
    return f"{_part(expr.left, level)} {expr.op.value.strip('%')} {_part(expr.right, level + 1)}", level


def _part(expr: p.Expr, at_least: int) -> str:
    text, binds = _text(expr)
    return text if binds >= at_least else f"({text})"
