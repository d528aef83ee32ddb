"""The table of dimensions: what `+ - * /` make of two kinds of number, and how the operation is done."""

from __future__ import annotations

from edgeadapt.program.expr import NumberOp
from edgeadapt.units import Dimension
from edgeadapt.values import frozen

_NUMBER, _RATIO = Dimension.NUMBER, Dimension.RATIO
_POINT, _DIFFERENCE = Dimension.TEMPERATURE, Dimension.DIFFERENCE


@frozen
class Combined:
    """The operation to do and the dimension of its result."""

    op: NumberOp
    dimension: Dimension


def combine(op: str, left: Dimension, right: Dimension) -> Combined | None:
    """Return how two dimensions combine; None where they do not.

    Of a number and a ratio multiplied, the left one scales the right: `0.5 * cpu` is a ratio, `50% * accuracy` a number.
    """
    match op:
        case "+":
            return _add(left, right)
        case "-":
            return _subtract(left, right)
        case "*":
            return _multiply(left, right)
        case _:
            return _divide(left, right)


def _add(left: Dimension, right: Dimension) -> Combined | None:
    if {left, right} == {_POINT, _DIFFERENCE}:
        return Combined(NumberOp.ADD, _POINT)
    if left is right and left is not _POINT:
        return Combined(NumberOp.ADD, left)
    return None


def _subtract(left: Dimension, right: Dimension) -> Combined | None:
    if left is _POINT and right in (_POINT, _DIFFERENCE):
        return Combined(NumberOp.SUBTRACT, _DIFFERENCE if right is _POINT else _POINT)
    return Combined(NumberOp.SUBTRACT, left) if left is right else None


def _multiply(left: Dimension, right: Dimension) -> Combined | None:
    if _POINT in (left, right):
        return None
    if left is _NUMBER:
        return Combined(NumberOp.MULTIPLY, right)
    if left is _RATIO:
        return Combined(NumberOp.SCALE_LEFT, right)
    if right is _NUMBER:
        return Combined(NumberOp.MULTIPLY, left)
    return Combined(NumberOp.SCALE_RIGHT, left) if right is _RATIO else None


def _divide(left: Dimension, right: Dimension) -> Combined | None:
    if _POINT in (left, right):
        return None
    if left is right:
        return Combined(NumberOp.DIVIDE, _NUMBER)
    if right is _NUMBER:
        return Combined(NumberOp.DIVIDE, left)
    return Combined(NumberOp.DIVIDE_BY_RATIO, left) if right is _RATIO else None
