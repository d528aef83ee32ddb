"""What is said where two kinds do not go together, and the literal that would make them."""

from __future__ import annotations

from fractions import Fraction
from typing import TypeGuard

from edgeadapt.diagnostics import Edit, Fix, Related, Span
from edgeadapt.language import tree as t
from edgeadapt.language.kinds import EXAMPLES, describe, with_units
from edgeadapt.language.number_slips import decimal
from edgeadapt.language.reporter import Reporter, shorten
from edgeadapt.program.kind import Boolean, Kind, Numeric, Word
from edgeadapt.registry.variant import VARIANT_ATTRIBUTES
from edgeadapt.units import Dimension
from edgeadapt.values import frozen

_LONGEST_LITERAL = 40
_POINT, _DIFFERENCE = Dimension.TEMPERATURE, Dimension.DIFFERENCE


@frozen
class Side:
    """One operand as written, and its kind."""

    node: t.Expr
    kind: Kind

    @property
    def dimension(self) -> Dimension | None:
        """Its dimension; None for what is no number."""
        return self.kind.dimension if isinstance(self.kind, Numeric) else None


def report_mismatch(reporter: Reporter, op: str, span: Span, left: Side, right: Side) -> None:
    """Report two operands that do not go with an operator."""
    related = tuple(Related(side.node.span, describe(side.kind)) for side in (left, right))
    dimensions = {left.dimension, right.dimension}
    if dimensions == {Dimension.NUMBER, Dimension.RATIO}:
        help_, fix = _number_or_ratio(left, right)
        reporter.error("EAP202", span, op=op, help=help_, related=related, fix=fix)
    elif op in ("+", "*", "/") and _POINT in dimensions and None not in dimensions:
        what = {"+": "added to this", "*": "scaled", "/": "divided"}[op]
        fix = _as_difference(right) if dimensions == {_POINT} and op == "+" else None
        reporter.error(
            "EAP205", span, what=what, label="this is a point on a scale", related=related, fix=fix
        )
    else:
        names = {"op": op, "left": describe(left.kind), "right": describe(right.kind)}
        label = f"{names['left']} against {names['right']}"
        reporter.report(
            "EAP201",
            span,
            {**names, "label": label, "help": _remedy(reporter, op, left, right)},
            related=related,
        )


def _remedy(reporter: Reporter, op: str, left: Side, right: Side) -> str:
    kinds = (left.kind, right.kind)
    if {left.dimension, right.dimension} == {_POINT, _DIFFERENCE}:
        return _point_or_difference(left, right)
    if all(isinstance(kind, Word) for kind in kinds):
        return "these are words of two different lists"
    if any(isinstance(kind, Boolean) for kind in kinds):
        return "what is true or false is a condition by itself: join conditions with `and`, `or`, `not`"
    if any(isinstance(kind, Word) for kind in kinds):
        return "a word is compared with one of its own list; `level(…)` makes a number of it"
    if op == "*":
        return "a quantity is multiplied by a number or a ratio"
    if op == "/":
        return "a quantity is divided by a number, a ratio or one of its own kind"
    named = next((side.dimension for side in (left, right) if side.dimension is not Dimension.NUMBER), None)
    if Dimension.NUMBER in (left.dimension, right.dimension) and named is not None:
        bare = left if left.dimension is Dimension.NUMBER else right
        if isinstance(bare.node, t.Number):
            return f"write the unit, such as {with_units(bare.node.digits, named)}"
        return _as_number(reporter, bare.node, (left if bare is right else right).node, named)
    if named is not None and named is not _POINT and Dimension.RATIO in (left.dimension, right.dimension):
        return "write the share of what, such as `50% * memory_total`"
    return "both sides must be of one kind"


def _as_number(reporter: Reporter, bare: t.Expr, other: t.Expr, named: Dimension) -> str:
    """Say how a quantity goes with a number that no unit can be written behind."""
    example = EXAMPLES[named]
    declared = f"declare `{shorten(bare.text)}` with a unit, such as `{example}`" if _is_own(bare) else ""
    if named is _POINT:
        return declared or f"a temperature goes with another one, such as `{example}`"
    shown = reporter.text(other.span)
    shown = f"({shown})" if isinstance(other, t.Binary) else shown
    divided = f"make a number of the other side, such as `{shown} / {example}`"
    return f"{declared}, or {divided}" if declared else divided


def _is_own(node: t.Expr) -> TypeGuard[t.Name]:
    """Whether a name is declared in the policy, where a unit can be given to it."""
    return isinstance(node, t.Name) and node.text not in VARIANT_ATTRIBUTES


def _point_or_difference(left: Side, right: Side) -> str:
    for side, other in ((left, right), (right, left)):
        literal = side.node
        if isinstance(literal, t.Number) and side.dimension is _DIFFERENCE and other.dimension is _POINT:
            return "a temperature is written in `°C` or `°F`, such as `70 °C`; `K` is for differences"
    return "`°C` and `°F` are points on a scale; differences are written in `K`, such as `5 K`"


def _number_or_ratio(left: Side, right: Side) -> tuple[str, Fix | None]:
    general = "a ratio is written with `%`, a number without, such as `accuracy >= 0.9` or `100% - cpu`"
    for side in (right, left):
        literal = side.node
        if not isinstance(literal, t.Number) or len(literal.digits) > _LONGEST_LITERAL:
            continue
        value = Fraction(literal.digits)
        if side.dimension is Dimension.RATIO:
            text, is_safe = _signed(value / 100), True
        else:
            # `0.2` against a ratio means 20%, `20` does too: only the author knows for sure.
            text, is_safe = f"{_signed(value * 100 if abs(value) <= 1 else value)}%", False
        return f"write `{text}`; {general}", Fix(f"write `{text}`", (Edit(literal.span, text),), safe=is_safe)
    return general, None


def _signed(value: Fraction) -> str:
    return f"-{decimal(-value)}" if value < 0 else decimal(value)


def _as_difference(side: Side) -> Fix | None:
    literal = side.node
    if not isinstance(literal, t.Number) or literal.unit not in ("°C", "degC"):
        return None
    text = f"{literal.digits} K"
    return Fix(f"write `{text}`", (Edit(literal.span, text),), safe=False)
