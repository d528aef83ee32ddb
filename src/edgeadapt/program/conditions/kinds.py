"""What kind of value an expression of a program has, from the declarations it names."""

from __future__ import annotations

from edgeadapt.program import expr as p
from edgeadapt.program.kind import Boolean
from edgeadapt.program.program import Program
from edgeadapt.state import SIGNALS, SignalKind


def is_boolean(expr: p.Expr, program: Program) -> bool:
    """Whether an expression is true or false; an unchecked `variant.KEY` is not taken for one."""
    match expr:
        case p.Const(value=value):
            return isinstance(value, bool)
        case p.SignalRef(name=name):
            return SIGNALS[name].kind is SignalKind.BOOLEAN
        case p.InputRef(name=name):
            return any(i.name == name and isinstance(i.kind, Boolean) for i in program.inputs)
        case p.ParamRef(name=name):
            return any(i.name == name and isinstance(i.kind, Boolean) for i in program.params)
        case p.LetRef(name=name):
            return any(i.name == name and isinstance(i.value.kind, Boolean) for i in program.lets)
        case p.Coalesce(left=left, right=right):
            return is_boolean(left, program) or is_boolean(right, program)
        case p.Compare() | p.Band() | p.InRange() | p.IsKnown() | p.Not() | p.And() | p.Or():
            return True
        case _:
            return False
