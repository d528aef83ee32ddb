"""Two thresholds on one signal, one on each side: where a rule enters and where it leaves, and what lies between."""

from __future__ import annotations

from edgeadapt.language.linting.context import Context, Named
from edgeadapt.language.linting.policy_parts import Rule
from edgeadapt.program import expr as p
from edgeadapt.regions import Axis, Region, Values, after
from edgeadapt.units import Dimension
from edgeadapt.values import frozen


@frozen
class Gap:
    """A rule that enters at one end of a signal and leaves at the other; `width` is below 0 where both overlap.

    `touching`: no value lies between them.
    """

    signal: Named
    width: float
    touching: bool


def gap_of(ctx: Context, rule: Rule) -> Gap | None:
    """Return the gap between `when` and `until`, where each is one threshold on the same number, on opposite sides."""
    until = rule.rule.until
    read = ctx.reads(rule.rule.when, until)
    if until is None or len(read) != 1 or ctx.uses_params(rule.rule.when, until):
        return None
    if any(isinstance(node, p.Band) for e in (rule.rule.when, until) for node in ctx.all_nodes(e)):
        return None
    axis = ctx.any.axis(read[0])
    if axis.is_discrete:
        return None
    enter, leave = (_span(ctx.any.true(expr), axis) for expr in (rule.rule.when, until))
    if enter is None or leave is None:
        return None
    low, high = axis.full.spans[0]
    if enter[0] == low and leave[1] == high and enter[1] < high and leave[0] > low:
        return _gap(read[0], enter[1], leave[0])
    if enter[1] == high and leave[0] == low and enter[0] > low and leave[1] < high:
        return _gap(read[0], leave[1], enter[0])
    return None


def _gap(signal: Named, low: float, high: float) -> Gap:
    return Gap(signal, high - low, high == after(low))


def _span(region: Region, axis: Axis) -> tuple[float, float] | None:
    """Return the one span of values that a region is, None where it is anything else."""
    if region.exceeded or len(region.boxes) != 1:
        return None
    box = region.boxes[0]
    values: Values | None = box.get(axis)
    if values is None or len(box) != 1 or values.unknown or len(values.spans) != 1:
        return None
    return values.spans[0]


def difference(dimension: Dimension) -> Dimension:
    """Return the dimension of the distance between two values."""
    return Dimension.DIFFERENCE if dimension is Dimension.TEMPERATURE else dimension
