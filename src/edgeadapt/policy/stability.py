"""A guard around any policy: no swap for a small change, none too soon after the last, none too many in a window."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from typing import Any

import attrs

from edgeadapt.policy.base import BasePolicy, PolicySession, SelectFunction, as_policy
from edgeadapt.policy.history import SwapHistory
from edgeadapt.policy.selection import Selection
from edgeadapt.program.constant import seconds_to_ns
from edgeadapt.program.decision import Decision
from edgeadapt.program.status import VariantStatus
from edgeadapt.registry.family import ModelFamily
from edgeadapt.runtime.guard import GuardLimits, Suppression
from edgeadapt.runtime.inputs import Given, HostInput
from edgeadapt.runtime.memory import elapsed_ns
from edgeadapt.state import DeviceState
from edgeadapt.swap_codes import ADOPTED, SWAP_SUPPRESSED_SMALL_CHANGE

_FIGURES = ("accuracy", "latency", "memory")


class StabilityGuard(BasePolicy):
    """Suppresses swaps of the policy inside it; the first variant is adopted unguarded, and urgent rules pass.

    `hysteresis` is a share of the active variant's figures: a swap is too small where neither accuracy, latency nor
    memory would change by more. `cooldown_sec` must pass between two swaps, and at most `max_swaps_per_window` are
    committed in any `swap_window_sec`. Raises ValueError for a negative or unbounded setting.
    """

    def __init__(
        self,
        inner: BasePolicy | SelectFunction,
        *,
        hysteresis: float = 0.0,
        cooldown_sec: float = 5.0,
        max_swaps_per_window: int = 6,
        swap_window_sec: float = 60.0,
    ) -> None:
        settings = {
            "hysteresis": hysteresis,
            "cooldown_sec": cooldown_sec,
            "swap_window_sec": swap_window_sec,
        }
        for name, value in settings.items():
            if not (math.isfinite(value) and value >= 0):
                raise ValueError(f"`{name}` is a number, not negative, not `{value}`")
        if not isinstance(max_swaps_per_window, int) or max_swaps_per_window < 0:
            raise ValueError(
                f"`max_swaps_per_window` is a whole number, not negative, not `{max_swaps_per_window}`"
            )
        self.inner = as_policy(inner)
        self.hysteresis = hysteresis
        window = (int(max_swaps_per_window), seconds_to_ns(swap_window_sec))
        self.limits = GuardLimits(seconds_to_ns(cooldown_sec), (window,))

    @property
    def settings(self) -> dict[str, float | int]:
        """Everything that the guard goes by, as data that `like` takes."""
        ((count, window_ns),) = self.limits.windows
        return {
            "hysteresis": self.hysteresis,
            "cooldown_ns": self.limits.cooldown_ns,
            "max_swaps_per_window": count,
            "swap_window_ns": window_ns,
        }

    @classmethod
    def like(cls, inner: BasePolicy, settings: Mapping[str, Any]) -> StabilityGuard:
        """Return a guard around a policy that goes by another one's `settings`; raises ValueError for data that is none."""
        try:
            hysteresis = float(settings["hysteresis"])
            times = [
                int(settings[name]) for name in ("cooldown_ns", "max_swaps_per_window", "swap_window_ns")
            ]
        except (KeyError, TypeError, ValueError, OverflowError):
            raise ValueError("these are no settings of a StabilityGuard") from None
        guard = cls(inner, hysteresis=hysteresis)
        # To the nanosecond, which seconds might not be.
        guard.limits = GuardLimits(times[0], ((times[1], times[2]),))
        return guard

    @property
    def name(self) -> str:
        """The name of the policy inside."""
        return self.inner.name

    @property
    def has_guard(self) -> bool:
        """Whether the policy limits its own swaps: this one does."""
        return True

    @property
    def policy_file(self) -> str | None:
        """The file of the policy inside."""
        return self.inner.policy_file

    def reread(self) -> StabilityGuard:
        """Read the policy inside again, and put the same guard around it; raises what that raises."""
        return self.around(self.inner.reread())

    def around(self, policy: BasePolicy) -> StabilityGuard:
        """Return a guard with these settings around another policy."""
        guard = copy.copy(self)
        guard.inner = policy
        return guard

    def is_urgent(self, rule: str) -> bool:
        """Whether the rule of the policy inside is urgent."""
        return self.inner.is_urgent(rule)

    def select(self, state: DeviceState, family: ModelFamily, history: SwapHistory) -> str:
        """Ask the policy inside, unguarded."""
        return self.inner.select(state, family, history)

    def select_with_explanation(
        self, state: DeviceState, family: ModelFamily, history: SwapHistory | None = None
    ) -> tuple[str, Selection]:
        """Ask the policy inside, unguarded."""
        return self.inner.select_with_explanation(state, family, history)

    def session(
        self,
        family: ModelFamily,
        *,
        auto_commit: bool = True,
        snapshot: Mapping[str, Any] | None = None,
        elapsed_s: float = 0.0,
    ) -> GuardedSession:
        """Return one device's guarded session."""
        inner = self.inner.session(family, auto_commit=False, snapshot=snapshot, elapsed_s=elapsed_s)
        return GuardedSession(
            self, inner, family, auto_commit=auto_commit, snapshot=snapshot, elapsed_s=elapsed_s
        )

    def is_small_change(self, family: ModelFamily, active: str, target: str) -> bool:
        """Whether no figure would change by more than the hysteresis; an unknown figure may have changed."""
        if self.hysteresis == 0 or active not in family or target not in family:
            return False
        for figure in _FIGURES:
            before, after = family.variant(active).attribute(figure), family.variant(target).attribute(figure)
            if not isinstance(before, float) or not isinstance(after, float):
                return False
            if abs(after - before) > self.hysteresis * abs(before):
                return False
        return True


class GuardedSession:
    """The session inside, with its swaps held against the guard; its memory adds the ages of committed swaps."""

    def __init__(
        self,
        guard: StabilityGuard,
        inner: PolicySession,
        family: ModelFamily,
        *,
        auto_commit: bool,
        snapshot: Mapping[str, Any] | None,
        elapsed_s: float,
    ) -> None:
        self._guard = guard
        self._inner = inner
        self._family = family
        self._auto_commit = auto_commit
        self._commits: list[int] = []
        self._last: int | None = None
        self._last_s = 0.0
        # Ages of swaps before a restart, which the first step turns into times.
        self._saved: list[int] = []
        self._elapsed_ns = 0
        if snapshot is not None and not inner.refused:
            self._saved = _ages(snapshot.get("guarded_commits"))
            self._elapsed_ns = elapsed_ns(elapsed_s)

    @property
    def active(self) -> str | None:
        """The variant that serves, as far as the session was told."""
        return self._inner.active

    @property
    def inputs(self) -> tuple[HostInput, ...]:
        """The inputs that the policy inside takes from the host."""
        return self._inner.inputs

    @property
    def phases(self) -> dict[str, str]:
        """Each rule's phase after the last step."""
        return self._inner.phases

    @property
    def refused(self) -> str:
        """Why a snapshot was refused; empty where none was."""
        return self._inner.refused

    @property
    def clamped(self) -> dict[str, int]:
        """How often a value of each signal or input was out of its range."""
        return self._inner.clamped

    def step(
        self,
        state: DeviceState,
        inputs: Mapping[str, Given] | None = None,
        variants: Mapping[str, VariantStatus] | None = None,
        explain: bool = False,
    ) -> Decision:
        """Decide for one state; a swap that the guard suppresses keeps its target and has the guard's reason."""
        decision = self._inner.step(state, inputs, variants, explain)
        t = self._time(state.timestamp)
        self._commits = self._guard.limits.kept(self._commits, t)
        if not decision.swap and decision.reason != ADOPTED:
            return decision
        suppressed = self._suppressed(decision, t)
        if decision.explanation is not None and decision.swap:
            verdict = "lets the swap pass" if suppressed is None else suppressed.verdict
            decision = attrs.evolve(decision, explanation=attrs.evolve(decision.explanation, guard=verdict))
        if suppressed is not None:
            return attrs.evolve(decision, swap=False, reason=suppressed.code)
        if self._auto_commit and decision.target is not None:
            self.committed(decision.target, self._last_s)
            return attrs.evolve(decision, active=decision.target)
        return decision

    def committed(self, variant: str, timestamp: float) -> None:
        """Take notice that `variant` serves since `timestamp` (seconds, the states' clock)."""
        before = self._inner.active
        self._inner.committed(variant, timestamp)
        if before is not None and before != variant:
            self._commits.append(seconds_to_ns(timestamp))

    def snapshot(self) -> dict[str, Any]:
        """Return the memory of the session inside, with the ages of committed swaps."""
        now = self._last
        if now is None:
            # Before any step there is nothing to count ages from but the latest swap.
            now = max(self._commits, default=0) - self._elapsed_ns
        ages = self._saved + [now - commit for commit in self._commits]
        return {**self._inner.snapshot(), "guarded_commits": ages}

    def _time(self, timestamp: float) -> int:
        """Return the step's time in ns; one that is earlier than the last step's is taken as that."""
        t = seconds_to_ns(timestamp)
        if self._last is None:
            self._commits = [t - self._elapsed_ns - age for age in self._saved] + self._commits
            self._saved = []
        if self._last is None or t >= self._last:
            self._last, self._last_s = t, timestamp
        return self._last

    def _suppressed(self, decision: Decision, t: int) -> Suppression | None:
        if self._guard.is_urgent(decision.rule) or decision.active is None or decision.target is None:
            return None
        if self._guard.is_small_change(self._family, decision.active, decision.target):
            return Suppression(SWAP_SUPPRESSED_SMALL_CHANGE, "the change is small", 0, None)
        return self._guard.limits.suppression(self._commits, t)


def _ages(data: object) -> list[int]:
    """Return saved ages; what is malformed is no age, and suppresses nothing."""
    return [age for age in data if type(age) is int] if isinstance(data, list) else []
