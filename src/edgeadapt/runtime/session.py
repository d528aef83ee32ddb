"""One device under one policy: the reference evaluator, which is the language's sections 2 to 6 made readable.

A step's whole input is data; a session reads no clock and decides nothing about loading.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import attrs

from edgeadapt.errors import SnapshotError
from edgeadapt.program.constant import constant_value, param_values, seconds_to_ns
from edgeadapt.program.decision import Decision, Explanation
from edgeadapt.program.kind import Boolean
from edgeadapt.program.program import Choice, NamedChoice, Program, RankedChoice
from edgeadapt.program.status import VariantStatus
from edgeadapt.registry.family import ModelFamily
from edgeadapt.runtime.choose import Judged, contenders, judge, pick
from edgeadapt.runtime.evaluate import Scope, Value, advance_band, evaluate, truth
from edgeadapt.runtime.guard import GuardLimits, Suppression
from edgeadapt.runtime.inputs import Given, HostInput, Taken, host_inputs, take
from edgeadapt.runtime.memory import Memory, elapsed_ns, from_plain, to_plain
from edgeadapt.runtime.rule_machine import RuleTimers, advance
from edgeadapt.state import SIGNALS, DeviceState
from edgeadapt.swap_codes import ADOPTED, NO_CANDIDATE, SWAP_POLICY_RECOMMEND, UNCHANGED
from edgeadapt.wording import did_you_mean, shown

OTHERWISE = "otherwise"


@attrs.frozen
class Asked:
    """A choice that a step has asked, and what came of it."""

    rule: str
    choice: Choice
    judged: tuple[Judged, ...]
    picked: str | None


class Session:
    """One device's memory of a policy: timers, bands, the active variant and the guard's history.

    With `auto_commit` (a dry run) a step commits its own swap; without, the host reports each with `committed`.
    A `snapshot` that can't be used is refused: the session starts fresh, and `refused` says why. `elapsed_s` is how
    long ago the snapshot's last step was, to be counted into its timers.
    Raises ValueError where the program names a variant that the family lacks.
    """

    def __init__(
        self,
        program: Program,
        family: ModelFamily,
        *,
        auto_commit: bool = True,
        snapshot: Mapping[str, Any] | None = None,
        elapsed_s: float = 0.0,
    ) -> None:
        _check_variants(program, family)
        self.program = program
        self.family = family
        self.inputs: tuple[HostInput, ...] = host_inputs(program)
        self.refused = ""
        self.clock_steps_back = 0
        self.clamped: dict[str, int] = {}
        self._auto_commit = auto_commit
        self._digest = program.digest
        self._params = param_values(program)
        self._signals = [SIGNALS[name] for name in program.signals]
        self._declared = {declared.name: declared for declared in self.inputs}
        self._timers = [RuleTimers.of(rule, self._params) for rule in program.rules]
        self._limits = GuardLimits.of(program.guard, self._params)
        self._field = contenders(family)
        self.memory = Memory.fresh(len(program.bands), len(program.rules))
        # A restored memory has its last step at time 0 until the first step says when that was.
        self._restored_ns: int | None = None
        # Swaps reported between restoring and the first step have no place among its ages yet.
        self._early_commits: list[int] = []
        if snapshot is not None:
            self._restore(snapshot, elapsed_ns(elapsed_s))

    @property
    def is_restored(self) -> bool:
        """Whether a snapshot's memory waits for its first step, which gives it a place on the clock."""
        return self._restored_ns is not None

    @property
    def active(self) -> str | None:
        """The variant that serves, as far as the session was told."""
        return self.memory.active

    @property
    def phases(self) -> dict[str, str]:
        """Each rule's phase after the last step: idle, pending, active or ending."""
        states = zip(self.program.rules, self.memory.rules, strict=True)
        return {rule.name: state.phase.value for rule, state in states}

    def copy(self) -> Session:
        """Return a session that goes on from here by itself, at a fraction of what restoring a snapshot costs."""
        other = copy.copy(self)
        memory = self.memory
        other.memory = attrs.evolve(
            memory, bands=[*memory.bands], rules=[*memory.rules], commits=[*memory.commits]
        )
        other.clamped = dict(self.clamped)
        other._early_commits = [*self._early_commits]
        return other

    def snapshot(self) -> dict[str, Any]:
        """Return the whole memory as JSON-able data, with the digest of program and parameter values."""
        memory = self.memory
        if self._restored_ns is not None:
            early = [self._restored_ns] * len(self._early_commits)
            memory = attrs.evolve(memory, commits=memory.commits + early)
        return to_plain(memory, self._digest)

    def committed(self, variant: str, timestamp: float) -> None:
        """Take notice that `variant` serves since `timestamp` (seconds, the states' clock): a commit, rollback or pin.

        The first one is the adoption, and one of the active variant nothing; every other counts as a swap.
        Raises ValueError for a variant that the family lacks.
        """
        if variant not in self.family:
            raise ValueError(
                f"family `{self.family.name}` has no variant {shown(variant)}; "
                + did_you_mean(variant, self.family.names, "it has")
            )
        self._commit(variant, seconds_to_ns(timestamp))

    def step(
        self,
        state: DeviceState,
        inputs: Mapping[str, Given] | None = None,
        variants: Mapping[str, VariantStatus] | None = None,
        explain: bool = False,
    ) -> Decision:
        """Decide for one state.

        `inputs` are the host's, already aged (numbers canonical); what is left out is unknown. A variant that is not
        in `variants` is available. Raises ValueError for a name that is no input or a value of another kind.
        """
        given = self.take_inputs(inputs or {})
        statuses = variants or {}
        t = self._clock(state.timestamp)
        memory = self.memory
        scope = Scope(self._read(state), given, self._params, memory.bands)
        self._advance_bands(scope)
        self._advance_rules(scope, t)
        asked = self._ask(scope, statuses)
        target, rule = asked[-1].picked, asked[-1].rule
        explanation = None
        suppression = None if target in (None, memory.active) else self._suppression(rule, t)
        if explain:
            explanation = self._explained(scope, asked, statuses, suppression, t)
        reason = self._reason(target, suppression)
        swaps = reason == SWAP_POLICY_RECOMMEND
        if self._auto_commit and target is not None and (swaps or reason == ADOPTED):
            self._commit(target, t)
        memory.last = t
        memory.commits = self._limits.kept(memory.commits, t)
        wanted = memory.active if target is None else target
        return Decision(wanted, memory.active, swaps, rule, reason, explanation)

    def _reason(self, target: str | None, suppression: Suppression | None) -> str:
        if target is None:
            return NO_CANDIDATE
        if self.memory.active is None:
            return ADOPTED
        if target == self.memory.active:
            return UNCHANGED
        return SWAP_POLICY_RECOMMEND if suppression is None else suppression.code

    def _suppression(self, rule: str, t: int) -> Suppression | None:
        if self.memory.active is None or any(r.name == rule and r.urgent for r in self.program.rules):
            return None
        return self._limits.suppression(self.memory.commits, t)

    def _commit(self, variant: str, at: int) -> None:
        memory = self.memory
        if memory.active is not None and variant != memory.active:
            commits = memory.commits if self._restored_ns is None else self._early_commits
            commits.append(at)
        memory.active = variant

    def _clock(self, timestamp: float) -> int:
        t = seconds_to_ns(timestamp)
        if self._restored_ns is not None:
            # The first step stands for the snapshot's last one plus the time that passed.
            self.memory = self.memory.shifted(t - self._restored_ns)
            self.memory.commits += self._early_commits
            self._restored_ns = None
        last = self.memory.last
        if last is not None and t < last:
            self.clock_steps_back += 1
            return last
        return t

    def _read(self, state: DeviceState) -> dict[str, Value]:
        self.count_clamped(state)
        values: dict[str, Value] = {}
        for signal in self._signals:
            value = state.value(signal.name)
            values[signal.name] = float(signal.words.index(value)) if isinstance(value, str) else value
        return values

    def count_clamped(self, state: DeviceState) -> None:
        """Count the signals whose value was out of its range."""
        for name in state.clamped:
            self.clamped[name] = self.clamped.get(name, 0) + 1

    def take_inputs(self, inputs: Mapping[str, Given]) -> dict[str, Value]:
        """Check a step's inputs and count those that were out of range; raises ValueError as `step` does."""
        taken: dict[str, Taken] = {}
        for name, given in inputs.items():
            declared = self._declared.get(name)
            if declared is None:
                remedy = did_you_mean(name, self._declared, "it has")
                raise ValueError(f"policy `{self.program.name}` has no input {shown(name)}; {remedy}")
            taken[name] = take(declared, given)
        # Counted only once all are right: a refused step changes nothing.
        for name, entry in taken.items():
            if entry.clamped:
                self.clamped[name] = self.clamped.get(name, 0) + 1
        return {name: entry.value for name, entry in taken.items()}

    def _advance_bands(self, scope: Scope) -> None:
        # Operands of bands are numbers or words, and no such `let` holds a band: those come first.
        for let in self.program.lets:
            if not isinstance(let.value.kind, Boolean):
                scope.lets[let.name] = evaluate(let.value.expr, scope)
        for band in self.program.bands:
            self.memory.bands[band.index] = advance_band(band, self.memory.bands[band.index], scope)
        for let in self.program.lets:
            if isinstance(let.value.kind, Boolean):
                scope.lets[let.name] = truth(let.value.expr, scope)

    def _advance_rules(self, scope: Scope, t: int) -> None:
        states = self.memory.rules
        for index, rule in enumerate(self.program.rules):
            when = truth(rule.when, scope)
            until = (when is not True) if rule.until is None else truth(rule.until, scope)
            states[index] = advance(states[index], self._timers[index], when, until, t)

    def _ask(self, scope: Scope, statuses: Mapping[str, VariantStatus]) -> list[Asked]:
        """Ask each active rule's choices from the top, then `otherwise`; the last one asked has decided."""
        asked: list[Asked] = []
        for rule, state in zip(self.program.rules, self.memory.rules, strict=True):
            if state.is_active and self._ask_choices(rule.name, rule.choices, scope, statuses, asked):
                return asked
        self._ask_choices(OTHERWISE, self.program.otherwise, scope, statuses, asked)
        return asked

    def _ask_choices(
        self,
        rule: str,
        choices: tuple[Choice, ...],
        scope: Scope,
        statuses: Mapping[str, VariantStatus],
        asked: list[Asked],
    ) -> bool:
        for choice in choices:
            total = rule == OTHERWISE and choice is choices[-1]
            judged = judge(choice, self._field, statuses, scope, total=total)
            picked = pick(choice, judged, self.memory.active, self._tolerance(choice))
            asked.append(Asked(rule, choice, tuple(judged), picked))
            if picked is not None:
                return True
        return False

    def _tolerance(self, choice: Choice) -> float | None:
        if not isinstance(choice, RankedChoice) or choice.tolerance is None:
            return None
        return constant_value(choice.tolerance, self._params)

    def _explained(
        self,
        scope: Scope,
        asked: list[Asked],
        statuses: Mapping[str, VariantStatus],
        suppression: Suppression | None,
        t: int,
    ) -> Explanation:
        # Imported here: a step that is not explained pays nothing for it.
        from edgeadapt.runtime.explain import explain_step

        return explain_step(
            self.program, self.memory, self._timers, self._limits, scope, asked, statuses, suppression, t
        )

    def _restore(self, snapshot: Mapping[str, Any], elapsed: int) -> None:
        program = self.program
        try:
            names = self.family.names
            self.memory = from_plain(snapshot, self._digest, names, len(program.bands), len(program.rules))
        except SnapshotError as error:
            self.refused = str(error)
            return
        self._restored_ns = elapsed


def _check_variants(program: Program, family: ModelFamily) -> None:
    for choice in (*program.otherwise, *(choice for rule in program.rules for choice in rule.choices)):
        if isinstance(choice, NamedChoice) and choice.variant not in family:
            raise ValueError(
                f"policy `{program.name}` uses {shown(choice.variant)}, which family `{family.name}` lacks; "
                + did_you_mean(choice.variant, family.names, "it has")
            )
