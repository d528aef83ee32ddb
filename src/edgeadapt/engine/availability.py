"""Which variants may be chosen now, and why the others may not: quarantine, the host's gate, memory, in this order."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import attrs

from edgeadapt.engine.journal import Journal, described
from edgeadapt.engine.memory_holds import MemoryHolds
from edgeadapt.engine.quarantine import Quarantine, Quarantined
from edgeadapt.observability import AvailabilityChanged
from edgeadapt.program.status import AVAILABLE, VariantStatus
from edgeadapt.registry import ModelFamily, ModelVariant
from edgeadapt.swap_codes import SWAP_SKIPPED_CAPABILITY, SWAP_SKIPPED_MEMORY, SWAP_SKIPPED_QUARANTINE

# True admits the variant; False, or a text that says why, does not.
Gate = Callable[[ModelVariant], "bool | str"]


@attrs.frozen
class Refusal:
    """Why a variant is no candidate: a SWAP_SKIPPED_* code and one line. `final`: not even the start may try it."""

    code: str
    reason: str
    final: bool


class Availability:
    """The standing of each variant of a family; the control thread asks, any thread may read `refusals`.

    A reload replaces `family`.
    """

    def __init__(
        self,
        family: ModelFamily,
        gate: Gate | None,
        quarantine: Quarantine,
        holds: MemoryHolds,
        journal: Journal,
    ) -> None:
        self.family = family
        self._gate = gate
        self._quarantine = quarantine
        self._holds = holds
        self._journal = journal
        self.refusals: Mapping[str, Refusal] = {}

    def judge(self, now_s: float) -> dict[str, VariantStatus]:
        """Return the standing of every variant now, and record what changed."""
        refusals: dict[str, Refusal] = {}
        for variant in self.family:
            refusal = self.refusal(variant.name, now_s)
            if refusal is not None:
                refusals[variant.name] = refusal
            self._record(variant.name, self.refusals.get(variant.name), refusal, now_s)
        self.refusals = refusals
        return {
            name: AVAILABLE if name not in refusals else VariantStatus(False, refusals[name].reason)
            for name in self.family.names
        }

    def refusal(self, name: str, now_s: float) -> Refusal | None:
        """Return why a variant may not be chosen now; None where it may."""
        entry = self._quarantine.entry(name, now_s)
        if entry is not None:
            return Refusal(SWAP_SKIPPED_QUARANTINE, _quarantine_words(entry), entry.crashed)
        refusal = self._ask_gate(self.family.variant(name))
        if refusal is not None:
            return refusal
        reason = self._holds.reason(name, now_s)
        return Refusal(SWAP_SKIPPED_MEMORY, reason, False) if reason else None

    def _ask_gate(self, variant: ModelVariant) -> Refusal | None:
        if self._gate is None:
            return None
        try:
            answer = self._gate(variant)
        except Exception as error:  # noqa: BLE001 - the host's gate may fail in any way; then the variant is not admitted
            self._journal.failure("can_activate_variant", error, "callback_errors")
            return Refusal(SWAP_SKIPPED_CAPABILITY, f"can_activate_variant failed: {described(error)}", True)
        if isinstance(answer, str):
            return Refusal(SWAP_SKIPPED_CAPABILITY, answer or "can_activate_variant refused it", True)
        return None if answer else Refusal(SWAP_SKIPPED_CAPABILITY, "can_activate_variant refused it", True)

    def _record(self, variant: str, before: Refusal | None, now: Refusal | None, now_s: float) -> None:
        if before == now:
            return
        if now is None:
            event = AvailabilityChanged(now_s, variant, True)
            self._journal.record(event, f"variant `{variant}` is available again")
        else:
            event = AvailabilityChanged(now_s, variant, False, now.code, now.reason)
            self._journal.record(event, f"variant `{variant}` is not available: {now.reason}")


def _quarantine_words(entry: Quarantined) -> str:
    times = "once" if entry.failures == 1 else f"{entry.failures} times"
    return f"quarantined, failed {times}: {entry.reason}"
