"""Why a step decided as it did: conditions with their values, timers, candidates and the guard's verdict, as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from edgeadapt.program import expr as p
from edgeadapt.program.decision import (
    Candidate,
    ChoiceExplanation,
    ConditionPart,
    Explanation,
    RuleExplanation,
    TimerState,
)
from edgeadapt.program.kind import Boolean, Kind, Numeric, Word
from edgeadapt.program.program import Program, RankedChoice
from edgeadapt.program.status import VariantStatus
from edgeadapt.registry.variant import VARIANT_ATTRIBUTES
from edgeadapt.runtime.evaluate import Scope, Value, evaluate, truth
from edgeadapt.runtime.expr_text import choice_text, expr_text
from edgeadapt.runtime.guard import GuardLimits, Suppression
from edgeadapt.runtime.rule_machine import RuleState, RuleTimers
from edgeadapt.state import SIGNALS, SignalKind
from edgeadapt.units import Dimension, format_quantity

if TYPE_CHECKING:
    from edgeadapt.runtime.choose import Judged
    from edgeadapt.runtime.memory import Memory
    from edgeadapt.runtime.session import Asked

_DEEPEST_LET = 16
_NAMED = (p.SignalRef, p.InputRef, p.ParamRef, p.LetRef, p.AttributeRef)


def explain_step(
    program: Program,
    memory: Memory,
    timers: Sequence[RuleTimers],
    limits: GuardLimits,
    scope: Scope,
    asked: Sequence[Asked],
    statuses: Mapping[str, VariantStatus],
    suppression: Suppression | None,
    t: int,
) -> Explanation:
    """Explain a step at `t`, from its scope and the memory after its rules advanced, before it commits."""
    writer = _Writer(program, scope)
    rules = tuple(
        RuleExplanation(
            rule.name,
            state.phase.value,
            writer.condition(rule.when),
            None if rule.until is None else writer.condition(rule.until),
            _running(state, durations, t),
        )
        for rule, state, durations in zip(program.rules, memory.rules, timers, strict=True)
    )
    choices = tuple(writer.choice(entry, statuses) for entry in asked)
    verdict, guard_timers = _guard(program, memory, limits, asked[-1], suppression, t)
    return Explanation(rules, choices[-1].candidates, verdict, guard_timers, choices)


def _running(state: RuleState, timers: RuleTimers, t: int) -> tuple[TimerState, ...]:
    """List the timers that run or hold something back; one that has run its course shows 0 left."""
    running = []
    if state.entry is not None:
        running.append(_timer("for", t - state.entry, timers.for_ns))
    if state.exit is not None:
        running.append(_timer("linger", t - state.exit, timers.linger_ns))
    if state.since is not None and t - state.since < timers.hold_ns:
        running.append(_timer("hold", t - state.since, timers.hold_ns))
    if not state.is_active and state.ended is not None and t - state.ended < timers.cooldown_ns:
        running.append(_timer("cooldown", t - state.ended, timers.cooldown_ns))
    return tuple(running)


def _timer(name: str, elapsed_ns: int, whole_ns: int) -> TimerState:
    return TimerState(name, elapsed_ns, max(0, whole_ns - elapsed_ns))


def _guard(
    program: Program,
    memory: Memory,
    limits: GuardLimits,
    last: Asked,
    suppression: Suppression | None,
    t: int,
) -> tuple[str, tuple[TimerState, ...]]:
    """Return the verdict in words, and the guard's running timers."""
    ages = sorted(max(0, t - commit) for commit in memory.commits)
    timers = []
    if ages and ages[0] < limits.cooldown_ns:
        timers.append(_timer("cooldown", ages[0], limits.cooldown_ns))
    for count, window in limits.windows:
        inside = [age for age in ages if age < window]
        if count and len(inside) >= count:
            timers.append(_timer(f"at most {count}", inside[count - 1], window))
    urgent = any(rule.name == last.rule and rule.urgent for rule in program.rules)
    if last.picked is None:
        verdict = "nothing to guard: no choice yields a variant"
    elif memory.active is None:
        verdict = "the first variant is adopted, which is no swap"
    elif last.picked == memory.active:
        verdict = "no swap is wanted"
    elif suppression is not None:
        verdict = suppression.verdict
    elif urgent and timers:
        verdict = f"lets the swap pass: rule `{last.rule}` is urgent"
    else:
        verdict = "lets the swap pass" if program.guard is not None else "there is none: the swap passes"
    return verdict, tuple(timers)


def split(expr: p.Expr, lets: Mapping[str, p.Typed], depth: int, shown: set[str]) -> tuple[p.Expr, ...]:
    """Return the parts that a condition at a depth is explained by; none where it is explained by its values.

    Each let is opened once, as `shown` then says, and not endlessly deep: lets of lets of lets would grow without bound.
    """
    match expr:
        case p.And(parts=parts) | p.Or(parts=parts):
            return parts
        case p.Not(operand=operand):
            return (operand,)
        case p.LetRef(name=name) if name not in shown and depth < _DEEPEST_LET:
            if isinstance(lets[name].kind, Boolean):
                shown.add(name)
                return (lets[name].expr,)
    return ()


class _Writer:
    """Turns conditions and choices of one step into parts with their values."""

    def __init__(self, program: Program, scope: Scope) -> None:
        self._scope = scope
        self._lets = {let.name: let.value for let in program.lets}
        self._kinds: dict[str, Kind] = {declared.name: declared.kind for declared in program.inputs}
        self._kinds |= {param.name: param.kind for param in program.params}
        self._kinds |= {name: typed.kind for name, typed in self._lets.items()}

    def condition(self, expr: p.Expr) -> ConditionPart:
        """Split a condition at its `and`, `or`, `not` and boolean lets."""
        return self._part(expr, 0, set())

    def _part(self, expr: p.Expr, depth: int, shown: set[str]) -> ConditionPart:
        parts = split(expr, self._lets, depth, shown)
        value = truth(expr, self._scope)
        if parts:
            inner = tuple(self._part(part, depth + 1, shown) for part in parts)
            return ConditionPart(expr_text(expr), value, (), inner)
        return ConditionPart(expr_text(expr), value, self._values(expr))

    def choice(self, asked: Asked, statuses: Mapping[str, VariantStatus]) -> ChoiceExplanation:
        """Say what a choice saw of each candidate."""
        candidates = []
        for judged in asked.judged:
            self._scope.attributes = judged.contender.attributes
            reason = "" if judged.qualifies else self._why_not(asked, judged, statuses)
            candidates.append(
                Candidate(judged.contender.name, judged.available, judged.qualifies, judged.scores, reason)
            )
        return ChoiceExplanation(asked.rule, choice_text(asked.choice), tuple(candidates), asked.picked)

    def _why_not(self, asked: Asked, judged: Judged, statuses: Mapping[str, VariantStatus]) -> str:
        if not judged.available:
            status = statuses.get(judged.contender.name)
            return (status.reason if status is not None else "") or "not available"
        where = asked.choice.where
        if judged.where is not True and where is not None:
            part = self._failing(where)
            values = ", ".join(f"{name} is {text}" for name, text in part.values)
            verdict = "unknown" if part.value is None else "false"
            return f"`{part.text}` is {verdict}" + (f": {values}" if values else "")
        assert isinstance(asked.choice, RankedChoice)
        unknown = judged.scores.index(None)
        return f"`{expr_text(asked.choice.rankings[unknown].score)}` is unknown"

    def _failing(self, expr: p.Expr) -> ConditionPart:
        """Find the smallest part that keeps a condition from being true; the whole where no single part does."""
        part = self.condition(expr)
        while part.parts and isinstance(expr, p.And):
            index = next(i for i, inner in enumerate(part.parts) if inner.value is not True)
            expr, part = expr.parts[index], part.parts[index]
        return part if not part.parts else ConditionPart(part.text, part.value, self._values(expr))

    def _values(self, expr: p.Expr) -> tuple[tuple[str, str], ...]:
        named = dict.fromkeys(node for node in p.walk(expr) if isinstance(node, _NAMED))
        return tuple((node.name, self._formatted(node)) for node in named)

    def _formatted(self, node: p.SignalRef | p.InputRef | p.ParamRef | p.LetRef | p.AttributeRef) -> str:
        value = evaluate(node, self._scope)
        if isinstance(node, p.SignalRef):
            signal = SIGNALS[node.name]
            if signal.kind is SignalKind.WORD:
                return _format(value, Word(signal.words, signal.ordered))
            return _format(value, Numeric(signal.dimension or Dimension.NUMBER))
        if isinstance(node, p.AttributeRef):
            row = VARIANT_ATTRIBUTES.get(node.name)
            if row is not None and row.words:
                return _format(value, Word(row.words, ordered=True))
            return _format(value, Numeric((row and row.dimension) or Dimension.NUMBER))
        return _format(value, self._kinds[node.name])


def _format(value: Value, kind: Kind) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(kind, Word):
        return kind.words[int(value)]
    return format_quantity(value, kind.dimension if isinstance(kind, Numeric) else Dimension.NUMBER)
