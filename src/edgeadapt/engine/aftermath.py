"""What a swap's end means for the policy, the quarantine and the host: each outcome in one place.

Used on the control thread, and by the start before there is one.
"""

from __future__ import annotations

from collections.abc import Mapping

from edgeadapt.engine.callbacks import Callbacks
from edgeadapt.engine.journal import Journal, described
from edgeadapt.engine.memory_holds import MemoryHolds
from edgeadapt.engine.native_watch import NativeWatch
from edgeadapt.engine.quarantine import Quarantine
from edgeadapt.engine.sensor import Sensor
from edgeadapt.errors import MemoryRefused
from edgeadapt.observability import Fallback
from edgeadapt.policy import PolicySession
from edgeadapt.registry import ModelFamily
from edgeadapt.swap_codes import (
    SWAP_COMMITTED,
    SWAP_LOAD_FAILED,
    SWAP_PENDING,
    SWAP_PRELOADED,
    SWAP_ROLLED_BACK,
    SWAP_SKIPPED_MEMORY,
    SWAP_TIMED_OUT,
)
from edgeadapt.swapper import HotSwapper, SwapEvent


class Aftermath:
    """Tells everybody whom an outcome concerns."""

    def __init__(
        self,
        session: PolicySession,
        family: ModelFamily,
        *,
        sensor: Sensor,
        quarantine: Quarantine,
        holds: MemoryHolds,
        native: NativeWatch,
        callbacks: Callbacks,
        journal: Journal,
    ) -> None:
        self._session = session
        self._family = family
        # What serves, as far as anybody was told, and since when.
        self._latest: tuple[str, float] | None = None
        self._sensor = sensor
        self._quarantine = quarantine
        self._holds = holds
        self._native = native
        self._callbacks = callbacks
        self._journal = journal

    def of(self, event: SwapEvent, swapper: HotSwapper) -> None:
        """Draw the consequences of an event that is not the first variant's."""
        code = event.code
        if code == SWAP_PENDING and event.kind in ("swap", "rollback"):
            self._callbacks.swap_started(self._journal, event.previous or "", event.variant)
        elif code == SWAP_COMMITTED:
            self.committed(event.variant, swapper)
            self._callbacks.swap_completed(self._journal, event.previous or "", event.variant)
        elif code == SWAP_PRELOADED:
            self._quarantine.cleared(event.variant)
            self._holds.cleared(event.variant)
        elif code == SWAP_ROLLED_BACK:
            self._rolled_back(event, swapper)
        elif code in (SWAP_LOAD_FAILED, SWAP_SKIPPED_MEMORY, SWAP_TIMED_OUT):
            self._failed(event)

    def committed(self, variant: str, swapper: HotSwapper) -> None:
        """Take notice that a variant serves from now on."""
        self._sensor.restart_window(swapper.call_times)
        self._quarantine.cleared(variant)
        self._holds.cleared(variant)
        self._native.look_at(variant, swapper)
        self._latest = (variant, self._journal.now())
        self._tell(*self._latest)

    def follow(self, session: PolicySession, family: ModelFamily) -> None:
        """Tell another session from now on, and at once what serves if it does not know."""
        self._session, self._family = session, family
        if self._latest is not None and session.active != self._latest[0]:
            self._tell(*self._latest)

    def _tell(self, variant: str, at_s: float) -> None:
        # One that a reload took from the family, or brought in a moment ago, is none to a session of another state of it.
        if variant not in self._family:
            return
        try:
            self._session.committed(variant, at_s)
        except Exception as error:  # noqa: BLE001 - a host's session may fail in any way; the variant serves all the same
            self._journal.failure("policy", error, "policy_errors")

    def keep_out(self, variant: str, error: BaseException) -> None:
        """Make a variant that failed unavailable: one that found no memory for a short time, any other as broken."""
        if isinstance(error, MemoryRefused):
            self._holds.refused(variant, error.reason, self._journal.now())
        else:
            self._quarantine.failed(variant, described(error), self._journal.now())

    def tell_failed(self, failed: Mapping[str, BaseException], serving: str) -> None:
        """Tell the host of the variants that failed while the engine started."""
        for variant, error in failed.items():
            self._fell_back(variant, serving, error)

    def _failed(self, event: SwapEvent) -> None:
        error = event.error or RuntimeError("its load failed and did not say why")
        # Who only waited behind another load has shown nothing of itself.
        if not (event.code == SWAP_TIMED_OUT and event.stage == "idle"):
            self.keep_out(event.variant, error)
        if event.kind != "preload":
            self._fell_back(event.variant, event.previous or "", error)

    def _rolled_back(self, event: SwapEvent, swapper: HotSwapper) -> None:
        failed = event.previous or ""
        self.committed(event.variant, swapper)
        if event.kind == "recovery":
            # What failed in the gap had an end of its own before.
            return
        if event.error is None:
            self._quarantine.failed(failed, "the operator rolled it back", self._journal.now())
            self._callbacks.swap_completed(self._journal, failed, event.variant)
        else:
            self._quarantine.failed(failed, described(event.error), self._journal.now())
            self._fell_back(failed, event.variant, event.error)

    def _fell_back(self, variant: str, serving: str, error: BaseException) -> None:
        self._journal.record(Fallback(self._journal.now(), variant, serving, described(error)))
        self._callbacks.fell_back(self._journal, variant, error)
