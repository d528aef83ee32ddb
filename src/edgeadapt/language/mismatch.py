"""What is said where two kinds do not go together, and the literal that would make them."""

from __future__ import annotations

from fractions import Fraction

from edgeadapt.diagnostics import Edit, Fix, Related, Span
from edgeadapt.language import tree as t
from edgeadapt.language.kinds import EXAMPLES, describe, with_unit
from edgeadapt.language.number_slips import decimal
from edgeadapt.language.reporter import Reporter
from edgeadapt.program.kind import Boolean, Kind, Numeric, Word
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
            "EAP201", span, {**names, "label": label, "help": _remedy(op, left, right)}, related=related
        )


def _remedy(op: str, left: Side, right: Side) -> str:
    kinds = (left.kind, right.kind)
    if {left.dimension, right.dimension} == {_POINT, _DIFFERENCE}:
        return "`°C` and `°F` are points on a scale; differences are written in `K`, such as `5 K`"
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
        bare = left.node if left.dimension is Dimension.NUMBER else right.node
        if not isinstance(bare, t.Number) or len(bare.digits) > _LONGEST_LITERAL:
            return f"write the unit, such as `{EXAMPLES[named]}`"
        # A latency is in milliseconds and a battery's time in hours: of a time, one unit would be a guess.
        other = f"`{bare.digits} ms` or " if named is Dimension.TIME else ""
        return f"write the unit, such as {other}`{with_unit(bare.digits, named)}`"
    return "both sides must be of one kind"


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
