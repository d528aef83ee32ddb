"""The session of a policy that is a `select` function: a history of swaps, and no other memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from edgeadapt.errors import SnapshotError
from edgeadapt.policy.history import SwapHistory
from edgeadapt.program.constant import seconds_to_ns
from edgeadapt.program.decision import Decision
from edgeadapt.program.status import VariantStatus
from edgeadapt.registry.family import ModelFamily
from edgeadapt.runtime.inputs import Given, HostInput
from edgeadapt.runtime.memory import elapsed_ns
from edgeadapt.state import DeviceState
from edgeadapt.swap_codes import ADOPTED, NO_CANDIDATE, SWAP_POLICY_RECOMMEND, UNCHANGED
from edgeadapt.wording import did_you_mean, shown

if TYPE_CHECKING:
    from edgeadapt.policy.base import BasePolicy


class SelectSession:
    """Asks `select` at each step; what it names is wanted at once, and there is no explanation beyond that."""

    def __init__(
        self,
        policy: BasePolicy,
        family: ModelFamily,
        *,
        auto_commit: bool = True,
        snapshot: Mapping[str, Any] | None = None,
        elapsed_s: float = 0.0,
    ) -> None:
        self._policy = policy
        self._family = family
        self._auto_commit = auto_commit
        self._history = SwapHistory()
        self._last: int | None = None
        self.inputs: tuple[HostInput, ...] = ()
        self.phases: dict[str, str] = {}
        self.clamped: dict[str, int] = {}
        self.refused = ""
        # Ages become times when the first step says what time it is; `_history` holds what was reported until then.
        self._restored: SwapHistory | None = None
        self._elapsed_ns = elapsed_ns(elapsed_s)
        if snapshot is not None:
            self._restore(snapshot)

    @property
    def active(self) -> str | None:
        """The variant that serves, as far as the session was told."""
        return self._history.active

    def step(
        self,
        state: DeviceState,
        inputs: Mapping[str, Given] | None = None,
        variants: Mapping[str, VariantStatus] | None = None,
        explain: bool = False,  # noqa: ARG002 - a Python policy explains nothing
    ) -> Decision:
        """Ask the policy; raises ValueError where it names no variant of the family, or for any input."""
        if inputs:
            raise ValueError(
                f"policy `{self._policy.name}` takes no inputs; remove {shown(next(iter(inputs)))}"
            )
        for name in state.clamped:
            self.clamped[name] = self.clamped.get(name, 0) + 1
        t = self._clock(state.timestamp)
        available = self._available(variants or {})
        active, rule = self._history.active, self._policy.name
        if not available:
            return Decision(active, active, False, rule, NO_CANDIDATE)
        target = self._select(state, available)
        if target not in available:
            return Decision(active, active, False, rule, NO_CANDIDATE)
        reason = ADOPTED if active is None else UNCHANGED if target == active else SWAP_POLICY_RECOMMEND
        if self._auto_commit:
            self._history.committed(target, t)
        return Decision(target, self._history.active, reason == SWAP_POLICY_RECOMMEND, rule, reason)

    def committed(self, variant: str, timestamp: float) -> None:
        """Take notice that `variant` serves since `timestamp` (seconds, the states' clock)."""
        if variant not in self._family:
            raise ValueError(f"family `{self._family.name}` has no variant {shown(variant)}")
        self._history.committed(variant, seconds_to_ns(timestamp))

    def snapshot(self) -> dict[str, Any]:
        """Return the history as JSON-able data."""
        now = self._last
        if now is None:
            # Before any step there is nothing to count ages from but the latest swap.
            now = max((swap.at_ns for swap in self._history.swaps), default=0)
        saved = self._history.to_plain(now)
        if self._restored is not None:
            early = [[age - self._elapsed_ns, *names] for age, *names in saved["swaps"]]
            saved["swaps"] = self._restored.to_plain(0)["swaps"] + early
        return {"version": 1, "policy": self._policy.name, **saved}

    def _select(self, state: DeviceState, available: ModelFamily) -> str:
        target = self._policy.select(state, available, self._history)
        if not isinstance(target, str) or target not in self._family:
            raise ValueError(
                f"policy `{self._policy.name}` names {shown(target)}, no variant of family `{self._family.name}`; "
                + did_you_mean(target, self._family.names, "it has")
            )
        return target

    def _available(self, variants: Mapping[str, VariantStatus]) -> ModelFamily:
        out = {name for name, status in variants.items() if not status.available}
        return self._family.without(out) if out else self._family

    def _restore(self, snapshot: Mapping[str, Any]) -> None:
        try:
            if not isinstance(snapshot, Mapping) or snapshot.get("version") != 1:
                raise SnapshotError("the saved memory is not one of a Python policy")
            if snapshot.get("policy") != self._policy.name:
                raise SnapshotError("the saved memory belongs to another policy")
            restored = SwapHistory.from_plain(snapshot, 0)
            if restored.active is not None and restored.active not in self._family:
                raise SnapshotError(
                    f"the saved memory has {shown(restored.active)} active, which the family lacks"
                )
        except SnapshotError as error:
            self.refused = str(error)
            return
        self._restored = restored
        self._history.active = restored.active

    def _clock(self, timestamp: float) -> int:
        """Return the step's time in ns; one that is earlier than the last step's is taken as that."""
        t = seconds_to_ns(timestamp)
        if self._restored is not None:
            # The first step stands for the snapshot's last one plus the time that passed.
            ages = self._restored.to_plain(0)
            self._history = self._history.after(SwapHistory.from_plain(ages, t - self._elapsed_ns))
            self._restored = None
        self._last = t if self._last is None else max(self._last, t)
        return self._last
