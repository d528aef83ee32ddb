"""Exact answers about drawn conditions are those of an SMT solver, which only tests have."""

from __future__ import annotations

from typing import Any

import pytest

from edgeadapt.language.linting.context import Context
from edgeadapt.program import Program
from edgeadapt.program import expr as p
from edgeadapt.program.conditions import Conditions, View
from edgeadapt.program.conditions.kinds import is_boolean
from edgeadapt.program.constant import param_values
from edgeadapt.regions import Answer
from tests.language.policies_strategy import checked

z3 = pytest.importorskip("z3")

SEEDS = range(1000, 1120)
_COMPARE = {
    p.CompareOp.LT: lambda a, b: a < b,
    p.CompareOp.LE: lambda a, b: a <= b,
    p.CompareOp.GT: lambda a, b: a > b,
    p.CompareOp.GE: lambda a, b: a >= b,
    p.CompareOp.EQ: lambda a, b: a == b,
    p.CompareOp.NE: lambda a, b: a != b,
}
_NUMBER = {
    p.NumberOp.ADD: lambda a, b: a + b,
    p.NumberOp.SUBTRACT: lambda a, b: a - b,
    p.NumberOp.MULTIPLY: lambda a, b: a * b,
    p.NumberOp.SCALE_LEFT: lambda a, b: a / 100 * b,
    p.NumberOp.SCALE_RIGHT: lambda a, b: a * (b / 100),
    p.NumberOp.DIVIDE: lambda a, b: a / b,
    p.NumberOp.DIVIDE_BY_RATIO: lambda a, b: a / (b / 100),
}


class Solver:
    """A program's states in z3: each value a pair of itself and whether it is known; bands as in a first step."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.facts: list[Any] = []
        self._lets = {let.name: let.value.expr for let in program.lets}
        self._params = param_values(program)
        self._axes = Conditions(program, View.FIRST)
        self._names: dict[p.Expr, tuple[Any, Any]] = {}

    def is_possible(self, *conditions: Any) -> bool:
        solver = z3.Solver()
        solver.add(*self.facts, *conditions)
        result = solver.check()
        assert result != z3.unknown
        return result == z3.sat

    def truth(self, expr: p.Expr) -> tuple[Any, Any]:
        """Return where a condition is true, and where false."""
        match expr:
            case p.Const(value=bool(value)):
                return z3.BoolVal(value), z3.BoolVal(not value)
            case p.LetRef(name=name):
                return self.truth(self._lets[name])
            case p.SignalRef() | p.InputRef():
                value, known = self._name(expr)
                return z3.And(known, value == 1), z3.And(known, value == 0)
            case p.Not(operand=operand):
                true, false = self.truth(operand)
                return false, true
            case p.And(parts=parts):
                pairs = [self.truth(part) for part in parts]
                return z3.And(*(t for t, _ in pairs)), z3.Or(*(f for _, f in pairs))
            case p.Or(parts=parts):
                pairs = [self.truth(part) for part in parts]
                return z3.Or(*(t for t, _ in pairs)), z3.And(*(f for _, f in pairs))
            case _:
                return self._relation(expr)

    def _relation(self, expr: p.Expr) -> tuple[Any, Any]:
        match expr:
            case p.Compare(op=op, left=left, right=right):
                return self._compared(op, self.number(left), self.number(right))
            case p.Band(op=op, left=left, right=right):
                true, _ = self._compared(op, self.number(left), self.number(right))
                return true, z3.Not(true)
            case p.InRange(operand=operand, low=low, high=high):
                above = p.Compare(p.CompareOp.LE, low, operand)
                return self.truth(p.And((above, p.Compare(p.CompareOp.LE, operand, high))))
            case p.IsKnown(operand=operand, negated=negated):
                if is_boolean(operand, self.program):
                    known = z3.Or(*self.truth(operand))
                else:
                    _, known = self.number(operand)
                return (z3.Not(known), known) if negated else (known, z3.Not(known))
            case p.Coalesce(left=left, right=right):
                (true, false), (other, not_other) = self.truth(left), self.truth(right)
                unknown = z3.Not(z3.Or(true, false))
                return z3.Or(true, z3.And(unknown, other)), z3.Or(false, z3.And(unknown, not_other))
        raise AssertionError(expr)

    def number(self, expr: p.Expr) -> tuple[Any, Any]:
        """Return a number and whether it is known."""
        match expr:
            case p.Const(value=value):
                return z3.RealVal(value), z3.BoolVal(True)
            case p.WordConst(index=index):
                return z3.RealVal(index), z3.BoolVal(True)
            case p.ParamRef(name=name):
                return z3.RealVal(self._params[name]), z3.BoolVal(True)
            case p.SignalRef() | p.InputRef():
                return self._name(expr)
            case p.Coalesce(left=left, right=right):
                (value, known), (other, other_known) = self.number(left), self.number(right)
                return z3.If(known, value, other), z3.Or(known, other_known)
            case p.Arithmetic(op=op, left=left, right=right):
                (a, known), (b, other_known) = self.number(left), self.number(right)
                return _NUMBER[op](a, b), z3.And(known, other_known)
        raise AssertionError(expr)

    def _compared(self, op: p.CompareOp, left: tuple[Any, Any], right: tuple[Any, Any]) -> tuple[Any, Any]:
        known, holds = z3.And(left[1], right[1]), _COMPARE[op](left[0], right[0])
        return z3.And(known, holds), z3.And(known, z3.Not(holds))

    def _name(self, expr: p.SignalRef | p.InputRef) -> tuple[Any, Any]:
        if expr not in self._names:
            axis = self._axes.axis(expr)
            value, known = z3.Real(expr.name), z3.Bool(f"{expr.name} is known")
            self.facts.append(z3.Or(*(z3.And(value >= low, value <= high) for low, high in axis.full.spans)))
            if not axis.is_optional:
                self.facts.append(known)
            self._names[expr] = (value, known)
        return self._names[expr]


@pytest.mark.parametrize("seed", SEEDS)
def test_an_exact_answer_is_the_solvers(seed: int) -> None:
    parsed, result = checked(seed)
    program = result.program
    assert program is not None
    assert parsed.tree is not None
    context, solver = Context.of(parsed.source, parsed.tree, program), Solver(program)
    for condition in context.conditions:
        true, false = solver.truth(condition.expr)
        first = context.first.truth(condition.expr)
        for region, states in (
            (first.true, true),
            (first.false, false),
            (first.unknown, z3.Not(z3.Or(true, false))),
        ):
            answer = region.empty
            if answer is not Answer.NOT_DECIDED:
                assert solver.is_possible(states) is (answer is Answer.NO)
        # What can't be in any step can't be in a first one.
        if context.any.true(condition.expr).empty is Answer.YES:
            assert not solver.is_possible(true)


@pytest.mark.parametrize("seed", SEEDS)
def test_one_condition_is_within_another_if_the_solver_finds_no_state_between(seed: int) -> None:
    parsed, result = checked(seed)
    assert result.program is not None
    assert parsed.tree is not None
    context, solver = Context.of(parsed.source, parsed.tree, result.program), Solver(result.program)
    conditions = [condition for condition in context.conditions if condition.role != "where"]
    for one in conditions:
        for other in conditions:
            found = (context.first.true(one.expr) & context.first.not_true(other.expr)).empty
            if found is not Answer.NOT_DECIDED:
                between = z3.And(solver.truth(one.expr)[0], z3.Not(solver.truth(other.expr)[0]))
                assert solver.is_possible(between) is (found is Answer.NO)
