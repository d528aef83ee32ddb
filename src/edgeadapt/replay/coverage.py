"""What the tests of a policy reach of each of its rules: both outcomes of its conditions, and every turn it can take.

Only what a rule can do is counted: one without `hold` is never kept by it, nor is one whose `linger` is as long; a
policy without rules whose `otherwise` reads nothing that changes never wants a swap.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from edgeadapt.program import expr as p
from edgeadapt.program.constant import param_values
from edgeadapt.program.decision import ConditionPart, Decision, RuleExplanation
from edgeadapt.program.program import Choice, Program, RankedChoice, Rule
from edgeadapt.replay.trial import TrialRun
from edgeadapt.runtime.explain import split
from edgeadapt.runtime.expr_text import expr_text
from edgeadapt.runtime.guard import GuardLimits
from edgeadapt.runtime.rule_machine import RuleTimers
from edgeadapt.state import SIGNALS
from edgeadapt.swap_codes import SWAP_SUPPRESSED_COOLDOWN, SWAP_SUPPRESSED_RATE

OTHERWISE = "otherwise"
_SUPPRESSED = "suppressed by the guard"
_CODES = (SWAP_SUPPRESSED_COOLDOWN, SWAP_SUPPRESSED_RATE)
_ACTIVE = ("active", "ending")


@attrs.define
class Point:
    """One thing that a test can reach: which, in words if it is missing, and how many steps reached it."""

    what: str
    missing: str
    is_condition: bool
    steps: int = 0


@attrs.frozen
class RuleCoverage:
    """The points of a rule, or of `otherwise`."""

    rule: str
    points: tuple[Point, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """What no test reaches, in words."""
        return tuple(point.missing for point in self.points if not point.steps)

    def count(self, *, conditions: bool) -> tuple[int, int]:
        """How many of the conditions' outcomes, or of the rule's own turns, are reached, and how many there are."""
        points = [point for point in self.points if point.is_condition is conditions]
        return sum(point.steps > 0 for point in points), len(points)


class Coverage:
    """Counts over the runs of a policy's tests."""

    def __init__(self, program: Program) -> None:
        self._lets = {let.name: let.value for let in program.lets}
        self._varying: dict[str, bool] = {}
        # In their order, as each names only those above it: a chain of them may be longer than a call may nest.
        for let in program.lets:
            self._varying[let.name] = self._varies(let.value.expr)
        params = param_values(program)
        limits = GuardLimits.of(program.guard, params)
        self._guarded = bool(limits.cooldown_ns or limits.windows)
        self._points: dict[tuple[str, str], Point] = {}
        rules: list[RuleCoverage] = []
        for rule in program.rules:
            points = [*self._conditions(rule), *self._turns(rule, RuleTimers.of(rule, params))]
            rules.append(RuleCoverage(rule.name, tuple(points)))
        last = [self._turn(OTHERWISE, "decides", "never decides")]
        if self._guarded and (program.rules or any(map(self._may_change, program.otherwise))):
            last.append(self._turn(OTHERWISE, _SUPPRESSED))
        self.rules: tuple[RuleCoverage, ...] = (*rules, RuleCoverage(OTHERWISE, tuple(last)))

    @property
    def covered(self) -> int:
        """How many points are reached."""
        return sum(point.steps > 0 for point in self._points.values())

    @property
    def total(self) -> int:
        """How many points there are."""
        return len(self._points)

    @property
    def percent(self) -> float:
        """How much is reached."""
        return 100.0 * self.covered / self.total

    def add(self, run: TrialRun) -> None:
        """Count what a test reaches."""
        before: dict[str, str] = {}
        for it in run.steps:
            explanation = it.decision.explanation
            assert explanation is not None  # a test explains every step
            for rule in explanation.rules:
                self._seen(rule, before.get(rule.name, "idle"))
            before = {rule.name: rule.phase for rule in explanation.rules}
            self._decided(it.decision)

    def _decided(self, decision: Decision) -> None:
        self._reach(decision.rule, "decides")
        if decision.reason in _CODES:
            self._reach(decision.rule, _SUPPRESSED)

    def _seen(self, rule: RuleExplanation, before: str) -> None:
        for word, part in (("when", rule.when), ("until", rule.until)):
            for index, leaf in enumerate(_leaves_of_part(part) if part is not None else ()):
                if leaf.value is not None:
                    self._reach(rule.name, f"{word} {index} {leaf.value}")
        was_active, is_active = before in _ACTIVE, rule.phase in _ACTIVE
        # The time that each timer has left; one that does not run holds nothing back.
        left = {timer.name: timer.remaining_ns for timer in rule.timers}
        turns = {
            "entered": is_active and not was_active,
            "left": was_active and not is_active,
            "cancelled": before == "pending" and rule.phase == "idle",
            "hold": rule.phase == "ending" and left.get("hold", 0) > 0 and left.get("linger", 0) == 0,
            "linger": rule.phase == "ending" and left.get("linger", 0) > 0 and left.get("hold", 0) == 0,
            "cooldown": rule.phase == "pending" and left.get("cooldown", 0) > 0 and left.get("for", 0) == 0,
        }
        for turn, is_taken in turns.items():
            if is_taken:
                self._reach(rule.name, turn)

    def _reach(self, rule: str, what: str) -> None:
        point = self._points.get((rule, what))
        if point is not None:
            point.steps += 1

    def _conditions(self, rule: Rule) -> Iterator[Point]:
        for word, condition in (("when", rule.when), ("until", rule.until)):
            for index, leaf in enumerate(self._leaves(condition) if condition is not None else ()):
                if not self._varies(leaf):
                    continue
                text = f"`{expr_text(leaf)}`" + (" in `until`" if word == "until" else "")
                for outcome in (True, False):
                    what = f"{word} {index} {outcome}"
                    missing = f"{text} is never {str(outcome).lower()}"
                    yield self._add(rule.name, Point(what, missing, is_condition=True))

    def _turns(self, rule: Rule, timers: RuleTimers) -> Iterator[Point]:
        yield self._turn(rule.name, "entered", "never entered")
        by = "" if rule.until is None else " by `until`"
        yield self._turn(rule.name, "left", f"never left{by}")
        if timers.for_ns:
            yield self._turn(rule.name, "cancelled", "never pending and then cancelled")
        # A rule's exit timer can't start before the rule does, nor its entry timer before it has ended: the longer
        # one of two such durations hides the shorter.
        if timers.hold_ns > timers.linger_ns:
            yield self._turn(rule.name, "hold", "never kept by `hold` alone")
        if timers.linger_ns:
            yield self._turn(rule.name, "linger", "never kept by `linger` alone")
        if timers.cooldown_ns > timers.for_ns:
            yield self._turn(rule.name, "cooldown", "never blocked by `cooldown`")
        if self._guarded and not rule.urgent:
            yield self._turn(rule.name, _SUPPRESSED)

    def _turn(self, rule: str, what: str, missing: str = "") -> Point:
        return self._add(rule, Point(what, missing or f"never {what}", is_condition=False))

    def _add(self, rule: str, point: Point) -> Point:
        self._points[rule, point.what] = point
        return point

    def _leaves(self, condition: p.Expr) -> Iterator[p.Expr]:
        """Split a condition just as its explanation does."""
        shown: set[str] = set()
        stack = [(condition, 0)]
        while stack:
            expr, depth = stack.pop()
            parts = split(expr, self._lets, depth, shown)
            if not parts:
                yield expr
            stack += [(part, depth + 1) for part in reversed(parts)]

    def _may_change(self, choice: Choice) -> bool:
        """Whether a choice can find another variant in a later step."""
        read = [choice.where] if choice.where is not None else []
        if isinstance(choice, RankedChoice):
            read += [ranking.score for ranking in choice.rankings]
        return any(map(self._varies, read))

    def _varies(self, expr: p.Expr) -> bool:
        """Whether a condition or a score can change at all while a policy runs."""
        if isinstance(expr, p.IsKnown) and isinstance(expr.operand, p.SignalRef):
            return SIGNALS[expr.operand.name].optional
        return any(
            isinstance(node, (p.SignalRef, p.InputRef))
            or (isinstance(node, p.LetRef) and self._varying[node.name])
            for node in p.walk(expr)
        )


def _leaves_of_part(part: ConditionPart) -> Iterator[ConditionPart]:
    if not part.parts:
        yield part
    for inner in part.parts:
        yield from _leaves_of_part(inner)
