"""Says, once while it lasts, that a swap somebody wants is not asked for: held back, pinned, or to an unavailable variant."""

from __future__ import annotations

from collections.abc import Mapping

from edgeadapt.engine.availability import Refusal
from edgeadapt.engine.journal import Journal
from edgeadapt.observability import SwapRefused
from edgeadapt.observability.outcomes import counters_of
from edgeadapt.program import Decision
from edgeadapt.swap_codes import NO_CANDIDATE, SWAP_PINNED, swap_reason

_Wanted = dict[str, tuple[str, str]]


class RefusalNotes:
    """Remembers what was said last; used by the control thread."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._said: _Wanted = {}

    def note(
        self,
        decision: Decision,
        refusals: Mapping[str, Refusal],
        pinned: str | None,
        serving: str | None,
        at_s: float,
    ) -> str:
        """Record what is new, and return it as a swap reason; empty where nothing is."""
        wanted = _of_policy(decision, refusals) if pinned is None else _under_pin(decision, pinned)
        if pinned is not None and pinned != serving and pinned in refusals:
            wanted[pinned] = (refusals[pinned].code, refusals[pinned].reason)
        if wanted == self._said:
            return ""
        self._said = wanted
        said = ""
        for variant, (code, reason) in wanted.items():
            said = swap_reason(code, variant, reason)
            for counter in counters_of(code, SwapRefused.kind):
                self._journal.count(counter)
            self._journal.record(SwapRefused(at_s, code, variant, reason), said)
        return said


def _of_policy(decision: Decision, refusals: Mapping[str, Refusal]) -> _Wanted:
    target = decision.target
    if decision.reason.startswith("SWAP_SUPPRESSED") and target is not None:
        return {target: (decision.reason, decision.rule)}
    if decision.reason == NO_CANDIDATE:
        return {name: (refusal.code, refusal.reason) for name, refusal in refusals.items()}
    if decision.swap and target is not None and target in refusals:
        return {target: (refusals[target].code, refusals[target].reason)}
    return {}


def _under_pin(decision: Decision, pinned: str) -> _Wanted:
    if decision.swap and decision.target is not None and decision.target != pinned:
        return {decision.target: (SWAP_PINNED, decision.rule)}
    return {}
