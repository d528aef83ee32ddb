"""A program lowered for one family: the flat lists of numbers that the native evaluator walks.

Names become registers and candidates' attributes constants; `cpp/include/edgeadapt/plan.hpp` is the other side.
"""

from __future__ import annotations

import math

import attrs

from edgeadapt.program.constant import param_values
from edgeadapt.program.program import Program, RankedChoice
from edgeadapt.registry.family import ModelFamily
from edgeadapt.runtime.choose import contenders
from edgeadapt.runtime.guard import GuardLimits
from edgeadapt.runtime.lowering import LoweredChoice, Lowering
from edgeadapt.runtime.registers import CODES, Column, Known, Number, Operand, Truth
from edgeadapt.runtime.rule_machine import RuleTimers

_TRUTH_ROW = {False: 0, None: 1, True: 2}
# Longer than the time between any two timestamps, so it compares as every longer duration would.
_FOR_EVER_NS = 2**63 - 1


@attrs.frozen
class Plan:
    """What the native side is built from; `plan.hpp` says what each list means.

    A rule is (when, until, for, linger, hold, cooldown, urgent, first choice, end of choices); a choice (first op, end
    of ops, total, tolerance, highest, candidates); a candidate (variant, where, scores).
    """

    columns: int
    constants: tuple[float, ...]
    temporaries: int
    truths: int
    bands: int
    variants: int
    ops: tuple[tuple[int, ...], ...]
    conditions: int
    rules: tuple[tuple[int, ...], ...]
    otherwise: tuple[int, int]
    choices: tuple[tuple[object, ...], ...]
    guard_cooldown_ns: int
    guard_windows: tuple[tuple[int, int], ...]


def make_plan(program: Program, family: ModelFamily) -> Plan:
    """Lower a program for a family; the columns are the program's signals, then its inputs."""
    expressions = Lowering(program)
    conditions = expressions.conditions()
    condition_ops = len(expressions.ops)
    field = contenders(family)
    choices: list[LoweredChoice] = []
    ranges: list[tuple[int, int]] = []
    for own in (*(rule.choices for rule in program.rules), program.otherwise):
        begin = len(choices)
        for choice in own:
            total = own is program.otherwise and choice is own[-1]
            choices.append(expressions.choice(choice, field, total=total))
        ranges.append((begin, len(choices)))
    params = param_values(program)
    limits = GuardLimits.of(program.guard, params)
    place = Placer(len(expressions.columns), expressions, choices)
    rules = []
    for rule, (when, until), (begin, end) in zip(program.rules, conditions, ranges, strict=False):
        timers = (_bounded(ns) for ns in attrs.astuple(RuleTimers.of(rule, params)))
        until_row = -1 if until is None else place.truth(until)
        rules.append((place.truth(when), until_row, *timers, rule.urgent, begin, end))
    lowered = tuple(_placed(choice, place) for choice in choices)
    ops = tuple(place.op(*op) for op in expressions.ops)
    return Plan(
        columns=len(expressions.columns),
        constants=place.constants(),
        temporaries=expressions.numbers,
        truths=expressions.truths,
        bands=len(program.bands),
        variants=len(field),
        ops=ops,
        conditions=condition_ops,
        rules=tuple(rules),
        otherwise=ranges[-1],
        choices=lowered,
        guard_cooldown_ns=_bounded(limits.cooldown_ns),
        guard_windows=tuple((count, _bounded(window)) for count, window in limits.windows),
    )


def _bounded(ns: int) -> int:
    return min(ns, _FOR_EVER_NS)


class Placer:
    """Gives every register its row: columns, constants, temporaries; three constant truths, then the others.

    Constants are counted by asking for each operand once, before any temporary gets its row.
    """

    def __init__(self, columns: int, expressions: Lowering, choices: list[LoweredChoice]) -> None:
        self._columns = columns
        self._constants: dict[float | None, int] = {}
        operands = [source for _, _, sources, _ in expressions.ops for source in sources]
        operands += [score for choice in choices for _, _, scores in choice.candidates for score in scores]
        for operand in operands:
            if isinstance(operand, Known) and not isinstance(operand.value, bool):
                self._constants.setdefault(operand.value, len(self._constants))

    def constants(self) -> tuple[float, ...]:
        """Return the constants' values; unknown is NaN."""
        return tuple(math.nan if value is None else value for value in self._constants)

    def number(self, operand: Operand) -> int:
        """Return the row of a number register."""
        match operand:
            case Column(row=row):
                return row
            case Number(row=row):
                return self._columns + len(self._constants) + row
            case Known(value=value):
                return self._columns + self._constants[value]
            case Truth():
                raise AssertionError("a truth is no number")

    def truth(self, operand: Operand) -> int:
        """Return the row of a truth register."""
        if isinstance(operand, Known):
            assert operand.value is None or isinstance(operand.value, bool)
            return _TRUTH_ROW[operand.value]
        assert isinstance(operand, Truth)
        return len(_TRUTH_ROW) + operand.row

    def op(
        self, name: str, out: Number | Truth, sources: tuple[Operand, ...], memory: int
    ) -> tuple[int, ...]:
        """Return an operation as (code, out, a, b, c, memory); a source that it lacks repeats the first."""
        code = CODES[name]
        from_truths = CODES["both"] <= code <= CODES["truth_or"]
        rows = [self.truth(source) if from_truths else self.number(source) for source in sources]
        a, b, c = (*rows, *[rows[0]] * (3 - len(rows)))
        return code, self.truth(out) if isinstance(out, Truth) else self.number(out), a, b, c, memory


def _placed(choice: LoweredChoice, place: Placer) -> tuple[object, ...]:
    """Return the choice as a plan's tuple."""
    rankings = choice.choice.rankings if isinstance(choice.choice, RankedChoice) else ()
    candidates = tuple(
        (variant, place.truth(where), tuple(place.number(score) for score in scores))
        for variant, where, scores in choice.candidates
    )
    tolerance = math.nan if choice.tolerance is None else choice.tolerance
    highest = tuple(ranking.highest for ranking in rankings)
    return (*choice.ops, choice.total, tolerance, highest, candidates)
