"""Values that are fixed before a session starts: literals and parameters, combined. Durations become nanoseconds."""

from __future__ import annotations

import math
from fractions import Fraction

from edgeadapt.program.expr import Arithmetic, Const, Expr, Negate, NumberOp, ParamRef
from edgeadapt.program.program import Program
from edgeadapt.state.device_state import LATEST_S
from edgeadapt.wording import shown


def arithmetic(op: NumberOp, left: float, right: float) -> float | None:
    """Combine two floats; None where the result is not a finite number."""
    try:
        match op:
            case NumberOp.ADD:
                result = left + right
            case NumberOp.SUBTRACT:
                result = left - right
            case NumberOp.MULTIPLY:
                result = left * right
            case NumberOp.SCALE_LEFT:
                result = (left / 100) * right
            case NumberOp.SCALE_RIGHT:
                result = left * (right / 100)
            case NumberOp.DIVIDE:
                result = left / right
            case NumberOp.DIVIDE_BY_RATIO:
                result = left / (right / 100)
    except ZeroDivisionError:
        return None
    return result if math.isfinite(result) else None


def constant_value(expr: Expr, params: dict[str, float | bool]) -> float | bool | None:
    """Evaluate an expression of literals and parameters only; None where it is unknown or not constant."""
    match expr:
        case Const(value=value):
            return value
        case ParamRef(name=name):
            return params.get(name)
        case Negate(operand=operand):
            value_ = constant_value(operand, params)
            return None if value_ is None else -value_
        case Arithmetic(op=op, left=left, right=right):
            a, b = constant_value(left, params), constant_value(right, params)
            return None if a is None or b is None else arithmetic(op, a, b)
        case _:
            return None


def param_values(program: Program) -> dict[str, float | bool]:
    """Return each parameter's value by name."""
    return {param.name: param.value for param in program.params}


def milliseconds_to_ns(milliseconds: float) -> int:
    """Round a time in ms once to whole nanoseconds, half to even."""
    return round(Fraction(milliseconds) * 1_000_000)


def seconds_to_ns(seconds: float) -> int:
    """Round a time in s once to whole nanoseconds, half to even; raises ValueError beyond LATEST_S either way."""
    if not abs(seconds) <= LATEST_S:  # NaN fails it too
        raise ValueError(
            f"a time must be a finite number of seconds, at most {LATEST_S:g}, not {shown(seconds)}"
        )
    return round(Fraction(seconds) * 1_000_000_000)


def duration_ns(expr: Expr | None, params: dict[str, float | bool]) -> int:
    """Return a constant duration in nanoseconds; 0 where it is not written."""
    if expr is None:
        return 0
    value = constant_value(expr, params)
    if value is None:
        raise ValueError("a duration must be constant and finite")
    return milliseconds_to_ns(float(value))
