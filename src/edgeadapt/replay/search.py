"""The search for the smallest change that lets something win: single changes first, several only where none does.

For one number, the candidates are tried from the present value outwards, each way; the first that wins is then
brought back towards the present value by halving, so that one double less does not win.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator

from edgeadapt.program import expr as p
from edgeadapt.program.decision import Decision
from edgeadapt.program.kind import Boolean, Numeric, Word
from edgeadapt.replay.changes import Change, Value, ValueChange, Wait, discrete_size, numeric_size
from edgeadapt.replay.knobs import Knob, at_place, current_values, knobs_of, opened, place
from edgeadapt.replay.thresholds import View, thresholds
from edgeadapt.replay.trial_steps import Moment, TrialSteps, later_by

# Changes of more sets of signals than this say no more to a reader.
_MOST_SETS = 3
# What bringing one number back takes at most.
_HALVINGS = 64

Changes = tuple[Change, ...]
# Changes with the names of what they change, a wait having none.
Named = tuple[tuple[str, ...], Changes]


class Search:
    """One search: `run` yields changes that win; `is_complete` says whether it came to its end."""

    def __init__(
        self,
        moment: Moment,
        steps: TrialSteps,
        wins: Callable[[Decision], bool],
        decision: Decision,
        rule: str | None,
        conditions: tuple[p.Expr, ...],
        scores: tuple[p.Expr, ...],
    ) -> None:
        self._moment = moment
        expressions = (*conditions, *scores)
        self._steps = steps
        self._wins = wins
        self._decision = decision
        self._rule = rule
        session = moment.session()
        taken = session.take_inputs(moment.inputs)
        self._knobs = knobs_of(moment.program, session.inputs, expressions)
        self._now = current_values(self._knobs, moment.state, moment.inputs)
        signals = {
            knob.name: knob.canonical(self._now[knob.name]) for knob in self._knobs if knob.signal is not None
        }
        nodes = opened(moment.program, expressions)
        kinds = (p.Compare, p.Band, p.InRange)
        self._atoms = [node for node in dict.fromkeys(nodes) if isinstance(node, kinds)]
        self._scores = tuple(dict.fromkeys(scores))
        self._view = View(moment.program, moment.family, signals, taken, session.memory.bands)
        self.is_complete = True

    def run(self) -> list[Changes]:
        """Return what wins: single changes, else a value with a wait or with another, else two with a wait."""
        waits = self._waits(self._decision)
        found: list[Changes] = []
        first = next((wait for wait in waits if self._try((wait,))), None)
        if first is not None:
            found.append((first,))
        values = {knob.name: self._values(knob) for knob in self._knobs}
        for knob in self._knobs:
            found += [(change,) for change in self._singles(knob, values[knob.name])]
        return found or self._several(values)

    def _try(self, changes: Changes) -> bool:
        if self._steps.is_over:
            self.is_complete = False
            return False
        return self._wins(self._steps.decide(changes))

    def _waits(self, decision: Decision) -> list[Wait]:
        """List the times left on every running timer, shortest first."""
        assert decision.explanation is not None
        # While nothing changes, a rule that no timer of its own lets in stays out however long one waits.
        if any(rule.name == self._rule and rule.phase == "idle" for rule in decision.explanation.rules):
            return []
        timers = [timer for rule in decision.explanation.rules for timer in rule.timers]
        left = {timer.remaining_ns for timer in (*timers, *decision.explanation.guard_timers)}
        reachable = (ns for ns in sorted(left) if ns > 0)
        return [Wait(ns) for ns in reachable if later_by(self._moment.state.timestamp, ns) is not None]

    def _change(self, knob: Knob, given: Value) -> ValueChange:
        before, after = knob.shown(self._now[knob.name]), knob.shown(given)
        now = self._now[knob.name]
        if isinstance(now, float) and isinstance(given, float):
            size = numeric_size(now, given, knob.low, knob.high)
        else:
            size = discrete_size(before, after, knob.kind)
        return ValueChange(knob.name, knob.kind, before, after, given, size)

    def _values(self, knob: Knob) -> list[Value]:
        """List what else a knob may be, the nearest first; what is unknown is tried away from the range's ends."""
        now = self._now[knob.name]
        unknown: list[Value] = [None] if knob.optional and now is not None else []
        match knob.kind:
            case Boolean():
                return [*(value for value in (True, False) if value is not now), *unknown]
            case Word(words=words):
                at = words.index(str(now)) if now is not None else 0
                others = sorted(range(len(words)), key=lambda index: abs(index - at))
                return [*(words[index] for index in others if words[index] != now), *unknown]
            case Numeric():
                present = float(now) if isinstance(now, float) else None
                atoms, scores = self._reading(self._atoms, knob), self._reading(self._scores, knob)
                numbers = thresholds(self._view, atoms, scores, knob, present)
                near = [number for number in numbers if number != present]
                if present is None:
                    near.sort(key=lambda number: number in (knob.low, knob.high))
                else:
                    # Far from zero, tiny numbers are all as far away: then their order decides.
                    at = place(present)
                    near.sort(key=lambda number: (abs(number - present), abs(place(number) - at)))
                return [*near, *unknown]

    def _reading(self, expressions: Iterable[p.Expr], knob: Knob) -> list[p.Expr]:
        return [expr for expr in expressions if knob.name in self._read_by(expr)]

    def _read_by(self, expr: p.Expr) -> set[str]:
        nodes = opened(self._moment.program, (expr,))
        return {node.name for node in nodes if isinstance(node, (p.SignalRef, p.InputRef))}

    def _singles(self, knob: Knob, values: list[Value]) -> Iterator[ValueChange]:
        """Yield the nearest winning value each way, and of what has no ways the nearest."""
        now = self._now[knob.name]
        if not isinstance(now, float):
            changes = (self._change(knob, value) for value in values)
            winner = next((change for change in changes if self._try((change,))), None)
            if winner is not None:
                yield winner
            return
        for sign in (-1, 1):
            lost = now
            for value in values:
                if not isinstance(value, float) or (value - now) * sign <= 0:
                    continue
                if self._try((self._change(knob, value),)):
                    yield self._change(knob, self._brought_back(knob, lost, value, ()))
                    break
                lost = value
        if None in values and self._try((self._change(knob, None),)):
            yield self._change(knob, None)

    def _brought_back(self, knob: Knob, lost: float, won: float, others: Changes) -> float:
        """Return the winning double next to one that loses, between one that loses and one that wins."""
        first, last = place(lost), place(won)
        for _ in range(_HALVINGS):
            if abs(last - first) <= 1:
                break
            middle = (first + last) // 2
            if self._try((self._change(knob, at_place(middle)), *others)):
                last = middle
            else:
                first = middle
        return at_place(last)

    def _several(self, values: dict[str, list[Value]]) -> list[Changes]:
        singles = [self._change(knob, value) for knob in self._knobs for value in values[knob.name]]
        singles.sort(key=lambda change: change.size)
        two = itertools.chain(self._value_and_wait(singles), self._two_values(singles))
        return self._first_of(two) or self._first_of(self._two_values_and_wait(singles))

    def _first_of(self, several: Iterable[Named]) -> list[Changes]:
        """Return those that win, one for each set of names, each number brought back."""
        found: dict[tuple[str, ...], Changes] = {}
        for names, changes in several:
            if len(found) >= _MOST_SETS:
                break
            if names not in found and self._try(changes):
                found[names] = self._shrunk(changes)
        return list(found.values())

    def _value_and_wait(self, singles: list[ValueChange]) -> Iterator[Named]:
        for single in singles:
            if self._steps.is_over:
                self.is_complete = False
                return
            for wait in self._waits(self._steps.decide((single,), explain=True)):
                yield (single.name,), (single, wait)

    def _two_values(self, singles: list[ValueChange]) -> Iterator[Named]:
        pairs = [pair for pair in itertools.combinations(singles, 2) if pair[0].name != pair[1].name]
        pairs.sort(key=lambda pair: pair[0].size + pair[1].size)
        for one, two in pairs:
            if self._steps.is_over:
                self.is_complete = False
                return
            yield tuple(sorted((one.name, two.name))), (one, two)

    def _two_values_and_wait(self, singles: list[ValueChange]) -> Iterator[Named]:
        for names, pair in self._two_values(singles):
            for wait in self._waits(self._steps.decide(pair, explain=True)):
                yield names, (*pair, wait)

    def _shrunk(self, changes: Changes) -> Changes:
        """Bring each number back as far as it still wins, the others kept."""
        kept = list(changes)
        for index, change in enumerate(changes):
            others = tuple(other for place_, other in enumerate(kept) if place_ != index)
            if not isinstance(change, ValueChange) or not isinstance(change.given, float):
                continue
            now = self._now[change.name]
            if isinstance(now, float):
                knob = next(knob for knob in self._knobs if knob.name == change.name)
                kept[index] = self._change(knob, self._brought_back(knob, now, change.given, others))
        return tuple(kept)
