"""A number as a function of the state: fixed, monotone in one axis, or free; and where it is below a constant.

Adding, scaling and negating doubles is monotone even after rounding, so the states where such a function is below a
constant are one span, and its end is found by halving the doubles between: exact, to the last bit.
"""

from __future__ import annotations

import math
import struct

from edgeadapt.program.constant import arithmetic
from edgeadapt.program.expr import CompareOp, Expr, NumberOp
from edgeadapt.regions import Axis, Values, after, before
from edgeadapt.values import frozen

_MOST_STEPS = 32


@frozen
class Fixed:
    """A constant; None is unknown."""

    value: float | None


@frozen
class Step:
    """One operation with a constant, which stands on the left or on the right."""

    op: NumberOp
    constant: float
    on_left: bool = False

    def of(self, value: float) -> float | None:
        """Return the result, None where it is not finite."""
        pair = (self.constant, value) if self.on_left else (value, self.constant)
        return arithmetic(self.op, *pair)

    @property
    def is_monotone(self) -> bool:
        """Whether a larger value never gives a result on the other side; a division by a signal is not."""
        if self.op in (NumberOp.ADD, NumberOp.SUBTRACT):
            return True
        divides = self.op in (NumberOp.DIVIDE, NumberOp.DIVIDE_BY_RATIO)
        return self.constant != 0 and not (divides and self.on_left)


@frozen
class Line:
    """A monotone function of one axis's value, finite wherever that is known; `steps` is empty for the value itself."""

    axis: Axis
    steps: tuple[Step, ...] = ()

    def at(self, value: float) -> float | None:
        """Return the function's value, computed as an evaluator does."""
        result: float | None = value
        for step in self.steps:
            if result is None:
                return None
            result = step.of(result)
        return result


@frozen
class Free:
    """A number that boxes can't describe."""

    expr: Expr


Number = Fixed | Line | Free


def then(line: Line, step: Step) -> Line | Fixed | None:
    """Apply one more step; None where the result is no monotone function, or not finite for some value."""
    if step.constant == 0 and step.op in (NumberOp.DIVIDE, NumberOp.DIVIDE_BY_RATIO) and not step.on_left:
        return Fixed(None)
    if len(line.steps) >= _MOST_STEPS:
        return None
    longer = Line(line.axis, (*line.steps, step))
    ends = [longer.at(end) for span in line.axis.full.spans for end in span]
    return longer if step.is_monotone and None not in ends else None


def values_where(line: Line, op: CompareOp, constant: float) -> Values:
    """Return the axis's known values for which `line op constant` is true."""
    spans = line.axis.full.spans
    if line.axis.is_discrete:
        points = [low for low, _ in spans if _holds(op, line.at(low), constant)]
        return Values.of(*points)
    if op is CompareOp.EQ:
        return values_where(line, CompareOp.LE, constant) & values_where(line, CompareOp.GE, constant)
    if op is CompareOp.NE:
        return Values(spans) - values_where(line, CompareOp.EQ, constant)
    if line.steps:
        return _bisected(line, op, constant)
    low, high = spans[0]
    match op:
        case CompareOp.LT:
            return Values.between(low, min(high, before(constant)))
        case CompareOp.LE:
            return Values.between(low, min(high, constant))
        case CompareOp.GT:
            return Values.between(max(low, after(constant)), high)
        case CompareOp.GE:
            return Values.between(max(low, constant), high)


def _holds(op: CompareOp, left: float | None, right: float) -> bool:
    if left is None:
        return False
    match op:
        case CompareOp.LT:
            return left < right
        case CompareOp.LE:
            return left <= right
        case CompareOp.GT:
            return left > right
        case CompareOp.GE:
            return left >= right
        case CompareOp.EQ:
            return left == right
        case CompareOp.NE:
            return left != right


def _bisected(line: Line, op: CompareOp, constant: float) -> Values:
    """Find the end of the one span where a monotone function is on the asked side of a constant."""
    (low, high) = line.axis.full.spans[0]
    at_low, at_high = (_holds(op, line.at(end), constant) for end in (low, high))
    if at_low and at_high:
        return Values.between(low, high)
    if not at_low and not at_high:
        return Values(())
    a, b = _rank(low), _rank(high)
    # INVARIANT: the comparison at rank a is `at_low`, and at rank b the opposite.
    while b - a > 1:
        middle = (a + b) // 2
        if _holds(op, line.at(_unrank(middle)), constant) is at_low:
            a = middle
        else:
            b = middle
    return Values.between(low, _unrank(a)) if at_low else Values.between(_unrank(b), high)


def _rank(value: float) -> int:
    """Count the doubles in their order: neighbours differ by 1, and 0.0 is 0."""
    bits: int = struct.unpack("<q", struct.pack("<d", value))[0]
    return bits if bits >= 0 else -(bits & 0x7FFF_FFFF_FFFF_FFFF)


def _unrank(rank: int) -> float:
    value: float = struct.unpack("<d", struct.pack("<q", abs(rank)))[0]
    return math.copysign(value, rank) if rank else 0.0
