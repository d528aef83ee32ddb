"""What must be fixed before a policy runs: durations, widths, tolerances, bounds and values of tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edgeadapt.diagnostics import Edit, Fix, Span
from edgeadapt.language import tree as t
from edgeadapt.language.kinds import EXAMPLES, describe, phrase, with_units
from edgeadapt.language.wishes import TRUTHS
from edgeadapt.program import expr as p
from edgeadapt.program.constant import constant_value
from edgeadapt.program.kind import Boolean, Kind, Numeric, Word
from edgeadapt.units import UNITS, Dimension, units_of

if TYPE_CHECKING:
    from edgeadapt.language.expressions import Expressions

_FIXED = (p.Const, p.ParamRef, p.Negate, p.Arithmetic)


def constant(
    expressions: Expressions,
    node: t.Expr,
    expected: Dimension,
    what: str,
    *,
    positive: bool = False,
    after_band: bool = False,
) -> p.Expr | None:
    """Check a constant of one dimension (parameters count) that is not negative, or with `positive` not 0 either."""
    report = expressions.reporter.error
    expr = _of_dimension(expressions, node, expected, after_band=after_band)
    if expr is None:
        return None
    value = constant_value(expr, expressions.param_values)
    if value is None:
        # A parameter without a value has had its own report.
        names = {part.name for part in p.walk(expr) if isinstance(part, p.ParamRef)}
        if names <= expressions.param_values.keys():
            report("EAP315", node.span, what=what)
    elif value < 0:
        report("EAP307", node.span, what=what)
    elif positive and value == 0:
        report("EAP308", node.span, what=what)
    return expr


def _of_dimension(
    expressions: Expressions, node: t.Expr, expected: Dimension, *, after_band: bool
) -> p.Expr | None:
    is_difference = after_band and expected is Dimension.DIFFERENCE
    if is_difference and isinstance(node, t.Number) and node.unit in units_of(Dimension.TEMPERATURE):
        return expressions.number(node, as_difference=True)
    typed = expressions.numeric(expressions.typed(node, band_refusal="a constant has no memory"), node)
    if typed is None:
        return None
    moving = next((part for part in p.walk(typed.expr) if not isinstance(part, _FIXED)), None)
    if moving is not None:
        help_ = (
            "durations, widths and tolerances are fixed before a policy runs: write a literal or a `param`"
        )
        if isinstance(moving, p.LetRef):
            help_ = f"a `let` is not constant: make `{moving.name}` a `param`"
        expressions.reporter.error("EAP207", node.span, label="not a literal or a `param`", help=help_)
        return None
    if typed.kind != Numeric(expected):
        _report_other_kind(expressions, node, expected, typed.kind)
        return None
    return typed.expr


def _report_other_kind(expressions: Expressions, node: t.Expr, expected: Dimension, found: Kind) -> None:
    help_, fix = f"write {phrase(expected)}, such as `{EXAMPLES[expected]}`", None
    if isinstance(node, t.Number) and node.unit is None:
        help_ = f"write the unit, such as {with_units(node.digits, expected)}"
    if expected is Dimension.NUMBER:
        help_ = f"write a number without a unit, such as `{EXAMPLES[expected]}`"
    if expected is Dimension.RATIO and isinstance(node, t.Number) and node.unit is None:
        right = f"{node.digits}%"
        help_, fix = f"write `{right}`", Fix(f"write `{right}`", (Edit(node.span, right),), safe=False)
    if expected is Dimension.DIFFERENCE:
        help_ = "differences of temperature are written in `K`, such as `5 K`"
    names = {"expected": phrase(expected), "found": describe(found), "help": help_}
    expressions.reporter.report("EAP209", node.span, names, fix=fix)


def literal(expressions: Expressions, node: t.Literal, kind: Kind) -> float | bool | None:
    """Check a literal of a known kind; a word gives its index. None where it is wrong, after a report."""
    if isinstance(kind, Word):
        return _word(expressions, node, kind)
    if isinstance(node, t.Name) and node.text in TRUTHS:
        expressions.scope.report_truth(node.text, node.span)
        return None
    if isinstance(node, t.Name):
        report_not_literal(expressions, node.span)
        return None
    typed = expressions.typed(node)
    if typed is None or not isinstance(typed.expr, p.Const):
        return None
    if typed.kind != kind:
        if isinstance(kind, Numeric):
            _report_other_kind(expressions, node, kind.dimension, typed.kind)
        else:
            names = {
                "expected": "`true` or `false`",
                "found": describe(typed.kind),
                "help": "write `true` or `false`",
            }
            expressions.reporter.report("EAP209", node.span, names)
        return None
    return typed.expr.value


def report_not_literal(expressions: Expressions, span: Span) -> None:
    """Report a name where only a literal can stand."""
    help_ = "write a number, a quantity, `true` or `false`"
    expressions.reporter.error("EAP207", span, label="not a literal", help=help_)


def _word(expressions: Expressions, node: t.Literal, kind: Word) -> float | None:
    index = expressions.scope.index_of(node.text, kind) if isinstance(node, t.Name) else None
    if index is not None:
        return float(index)
    expressions.scope.report_word(expressions.reporter.text(node.span), kind, node.span)
    return None


def literal_kind(node: t.Number | t.Bool) -> Kind:
    """Return the kind that a literal has by itself."""
    if isinstance(node, t.Bool):
        return Boolean()
    return Numeric(UNITS[node.unit].dimension if node.unit else Dimension.NUMBER)
