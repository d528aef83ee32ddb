"""Expressions and choices as operations on registers: each computed once, a constant one only here.

What is constant is computed by the reference's own functions, so that both evaluators share one meaning.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from edgeadapt.program import expr as p
from edgeadapt.program.constant import arithmetic, constant_value, param_values
from edgeadapt.program.kind import Boolean
from edgeadapt.program.program import Choice, NamedChoice, Program, RankedChoice
from edgeadapt.runtime.choose import Contender
from edgeadapt.runtime.evaluate import Value, compare
from edgeadapt.runtime.registers import CODES, UNKNOWN, Column, Known, Number, Op, Operand, Truth, is_truth
from edgeadapt.state import SIGNALS, SignalKind

_ARITHMETIC = {
    p.NumberOp.ADD: "add",
    p.NumberOp.SUBTRACT: "subtract",
    p.NumberOp.MULTIPLY: "multiply",
    p.NumberOp.SCALE_LEFT: "scale_left",
    p.NumberOp.SCALE_RIGHT: "scale_right",
    p.NumberOp.DIVIDE: "divide",
    p.NumberOp.DIVIDE_BY_RATIO: "divide_by_ratio",
}
_COMPARISON = {
    p.CompareOp.LT: "less",
    p.CompareOp.LE: "less_equal",
    p.CompareOp.GT: "greater",
    p.CompareOp.GE: "greater_equal",
    p.CompareOp.EQ: "equal",
    p.CompareOp.NE: "not_equal",
}


class UnloweredError(ValueError):
    """A program means something that the flat form can't say; the reference evaluator runs it."""


@attrs.frozen
class LoweredChoice:
    """A choice with its operations' range and its candidates: (variant, where, scores)."""

    choice: Choice
    ops: tuple[int, int]
    total: bool
    tolerance: float | None
    candidates: tuple[tuple[int, Operand, tuple[Operand, ...]], ...]


class Lowering:
    """Lowers expressions to operations, each computed once; a constant one to its value."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._params = param_values(program)
        names = (*program.signals, *(declared.name for declared in program.inputs))
        self.columns = {name: Column(row) for row, name in enumerate(names)}
        self._boolean = {name for name in program.signals if SIGNALS[name].kind is SignalKind.BOOLEAN}
        self._boolean |= {declared.name for declared in program.inputs if isinstance(declared.kind, Boolean)}
        self.ops: list[Op] = []
        self.numbers = 0
        self.truths = 0
        self._done: dict[tuple[str, tuple[Operand, ...]], Operand] = {}
        self._lets: dict[str, Operand] = {}
        self._bands: dict[int, Operand] = {}
        self._attributes: Mapping[str, Value] = {}

    def conditions(self) -> list[tuple[Operand, Operand | None]]:
        """Lower lets and bands, in the session's order, and each rule's `when` and `until`."""
        program = self._program
        for let in program.lets:
            if not isinstance(let.value.kind, Boolean):
                self._lets[let.name] = self.any(let.value.expr)
        for band in program.bands:
            sources = (self._number(band.left), self._number(band.right), self._number(band.width))
            # Never shared and never constant: each band has a memory of its own.
            self._bands[band.index] = self._emit_new(f"band_{_COMPARISON[band.op]}", sources, band.index)
        for let in program.lets:
            if isinstance(let.value.kind, Boolean):
                self._lets[let.name] = self._truth(let.value.expr)
        return [
            (self._truth(rule.when), None if rule.until is None else self._truth(rule.until))
            for rule in program.rules
        ]

    def choice(self, choice: Choice, field: tuple[Contender, ...], *, total: bool) -> LoweredChoice:
        """Lower a choice for each contender that it speaks of."""
        done, first = dict(self._done), len(self.ops)
        candidates = []
        for index, contender in enumerate(field):
            if isinstance(choice, NamedChoice) and contender.name != choice.variant:
                continue
            self._attributes = contender.attributes
            where: Operand = Known(True) if choice.where is None else self._truth(choice.where)
            rankings = choice.rankings if isinstance(choice, RankedChoice) else ()
            candidates.append((index, where, tuple(self._number(ranking.score) for ranking in rankings)))
        # What a choice computes is there only in a step that asks it, so no other choice may rely on it.
        self._done = done
        tolerance = None
        if isinstance(choice, RankedChoice) and choice.tolerance is not None:
            tolerance = constant_value(choice.tolerance, self._params)
        return LoweredChoice(choice, (first, len(self.ops)), total, tolerance, tuple(candidates))

    def any(self, expr: p.Expr) -> Operand:
        """Lower an expression of any kind."""
        match expr:
            case p.Const(value=value):
                return Known(value)
            case p.WordConst(index=index):
                return Known(float(index))
            case p.ParamRef(name=name):
                return Known(self._params[name])
            case p.SignalRef(name=name) | p.InputRef(name=name):
                column = self.columns[name]
                return self._emit("truth_of", column) if name in self._boolean else column
            case p.LetRef(name=name):
                return self._lets[name]
            case p.AttributeRef(name=name):
                return Known(self._attributes.get(name))
            case p.Coalesce(left=left, right=right):
                return self._coalesce(self.any(left), self.any(right))
            case p.Level(operand=operand, count=count):
                return self._arithmetic(
                    p.NumberOp.DIVIDE, self._number(operand), Known(float(max(1, count - 1)))
                )
            case p.Negate(operand=operand):
                inner = self._number(operand)
                if isinstance(inner, Known):
                    return inner if inner.value is None else Known(-inner.value)
                return self._emit("negate", inner)
            case p.Arithmetic(op=op, left=left, right=right):
                return self._arithmetic(op, self._number(left), self._number(right))
            case _:
                return self._condition(expr)

    def _condition(self, expr: p.Compare | p.Band | p.InRange | p.IsKnown | p.Not | p.And | p.Or) -> Operand:
        match expr:
            case p.Compare(op=op, left=left, right=right):
                return self._compare(op, self.any(left), self.any(right))
            case p.Band(index=index):
                return self._bands[index]
            case p.InRange(operand=operand, low=low, high=high):
                value = self.any(operand)
                above = self._compare(p.CompareOp.LE, self.any(low), value)
                return self._joined("both", (above, self._compare(p.CompareOp.LE, value, self.any(high))))
            case p.IsKnown(operand=operand, negated=negated):
                return self._is_known(self.any(operand), negated=negated)
            case p.Not(operand=operand):
                return self._inverse(self._truth(operand))
            case p.And(parts=parts):
                return self._joined("both", tuple(self._truth(part) for part in parts))
            case p.Or(parts=parts):
                return self._joined("either", tuple(self._truth(part) for part in parts))

    def _number(self, expr: p.Expr) -> Operand:
        operand = self.any(expr)
        wrong = isinstance(operand, Truth) or (isinstance(operand, Known) and isinstance(operand.value, bool))
        return UNKNOWN if wrong else operand

    def _truth(self, expr: p.Expr) -> Operand:
        operand = self.any(expr)
        if isinstance(operand, Known):
            return operand if isinstance(operand.value, bool) else UNKNOWN
        return operand if isinstance(operand, Truth) else UNKNOWN

    def _coalesce(self, left: Operand, right: Operand) -> Operand:
        if isinstance(left, Known):
            return right if left.value is None else left
        if right == UNKNOWN:
            return left
        if isinstance(left, Truth) is not is_truth(right):
            raise UnloweredError("an unchecked attribute is of another kind than the value it stands in for")
        return self._emit("truth_or" if isinstance(left, Truth) else "number_or", left, right)

    def _arithmetic(self, op: p.NumberOp, left: Operand, right: Operand) -> Operand:
        if UNKNOWN in (left, right):
            return UNKNOWN
        if isinstance(left, Known) and isinstance(right, Known):
            assert left.value is not None
            assert right.value is not None
            return Known(arithmetic(op, left.value, right.value))
        return self._emit(_ARITHMETIC[op], left, right)

    def _compare(self, op: p.CompareOp, left: Operand, right: Operand) -> Operand:
        if isinstance(left, Known) and isinstance(right, Known):
            return Known(compare(op, left.value, right.value))
        if UNKNOWN in (left, right) or is_truth(left) is not is_truth(right):
            return UNKNOWN
        if is_truth(left):
            return self._emit("same" if op is p.CompareOp.EQ else "differ", left, right)
        return self._emit(_COMPARISON[op], left, right)

    def _is_known(self, operand: Operand, *, negated: bool) -> Operand:
        if isinstance(operand, Known):
            return Known((operand.value is None) is negated)
        kind = "truth" if isinstance(operand, Truth) else "number"
        return self._emit(f"{kind}_{'unknown' if negated else 'known'}", operand)

    def _inverse(self, operand: Operand) -> Operand:
        if isinstance(operand, Known):
            return UNKNOWN if operand.value is None else Known(not operand.value)
        return self._emit("inverse", operand)

    def _joined(self, name: str, parts: tuple[Operand, ...]) -> Operand:
        """Join conditions by `both` or `either`; a constant one decides, drops out, or stays as unknown."""
        decides = name == "either"
        known = {part.value for part in parts if isinstance(part, Known)}
        if decides in known:
            return Known(decides)
        result: Operand = UNKNOWN if None in known else Known(not decides)
        for part in parts:
            if not isinstance(part, Known):
                result = part if result == Known(not decides) else self._emit(name, result, part)
        return result

    def _emit(self, name: str, *sources: Operand) -> Operand:
        key = (name, sources)
        if key not in self._done:
            self._done[key] = self._emit_new(name, sources)
        return self._done[key]

    def _emit_new(self, name: str, sources: tuple[Operand, ...], memory: int = 0) -> Operand:
        out: Number | Truth
        if CODES[name] <= CODES["number_or"]:
            out = Number(self.numbers)
            self.numbers += 1
        else:
            out = Truth(self.truths)
            self.truths += 1
        self.ops.append((name, out, sources, memory))
        return out
