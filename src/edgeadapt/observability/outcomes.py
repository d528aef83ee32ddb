"""What each SWAP_* code means, which event carries it and which counters count it: the one table.

The engine counts by it, and a test holds docs/reference/reason-codes.md against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import attrs

from edgeadapt import swap_codes as codes
from edgeadapt.observability.events import DecisionChanged, SwapRefused, SwapStage


@attrs.frozen
class Outcome:
    """A code in an event of one kind, the counters that go up by it, and its meaning in a sentence."""

    code: str
    event: str
    counters: tuple[str, ...]
    meaning: str


OUTCOMES: tuple[Outcome, ...] = (
    Outcome(codes.ADOPTED, DecisionChanged.kind, (), "The first decision: nothing served before it."),
    Outcome(codes.UNCHANGED, DecisionChanged.kind, (), "The policy wants the variant that serves."),
    Outcome(
        codes.NO_CANDIDATE,
        DecisionChanged.kind,
        (),
        "No variant that the policy could choose is available; the active one goes on.",
    ),
    Outcome(
        codes.SWAP_POLICY_RECOMMEND,
        DecisionChanged.kind,
        (),
        "The policy wants another variant than the active one.",
    ),
    Outcome(codes.SWAP_PENDING, SwapStage.kind, ("swaps_attempted",), "The swapper has taken the request."),
    Outcome(
        codes.SWAP_GAP_BEGAN,
        SwapStage.kind,
        ("gaps",),
        "The active variant is let go to make room for this one; nothing serves until the gap ends.",
    ),
    Outcome(codes.SWAP_COMMITTED, SwapStage.kind, ("swaps_succeeded",), "The variant serves."),
    Outcome(
        codes.SWAP_LOAD_FAILED,
        SwapStage.kind,
        ("swaps_failed",),
        "The load failed in the stage that the event names; the previous variant goes on, and the one that failed is "
        "quarantined.",
    ),
    Outcome(
        codes.SWAP_SKIPPED_MEMORY,
        SwapStage.kind,
        ("swaps_failed", "memory_refusals"),
        "The predicted peak of the load did not fit the available memory; the variant is kept out for a short time, "
        "and is not taken for broken.",
    ),
    Outcome(codes.SWAP_SUPERSEDED, SwapStage.kind, ("swaps_superseded",), "A newer request took its place."),
    Outcome(
        codes.SWAP_CANCELLED,
        SwapStage.kind,
        ("swaps_cancelled",),
        "Nobody wants it any more, or the engine stopped; what served goes on.",
    ),
    Outcome(
        codes.SWAP_TIMED_OUT,
        SwapStage.kind,
        ("swaps_timed_out",),
        "It took longer than `load_timeout_s`; the variant is quarantined, unless it only waited behind another load.",
    ),
    Outcome(
        codes.SWAP_PRELOADED,
        SwapStage.kind,
        ("preloads",),
        "The variant is loaded beside the active one: a swap to it takes no load.",
    ),
    Outcome(
        codes.SWAP_ROLLED_BACK,
        SwapStage.kind,
        ("rollbacks",),
        "The previous variant serves again: inferences failed on the newer one's probation, its load failed in a gap, or "
        "the operator said so. The newer one is quarantined.",
    ),
    Outcome(
        codes.SWAP_PINNED,
        SwapRefused.kind,
        ("swaps_pinned",),
        "The policy wants a swap, and the operator has pinned a variant.",
    ),
    Outcome(
        codes.SWAP_SKIPPED_CAPABILITY,
        SwapRefused.kind,
        ("swaps_skipped",),
        "`can_activate_variant` does not admit the variant.",
    ),
    Outcome(
        codes.SWAP_SKIPPED_QUARANTINE,
        SwapRefused.kind,
        ("swaps_skipped",),
        "The variant failed before, and its back-off has not ended.",
    ),
    Outcome(
        codes.SWAP_SKIPPED_MEMORY,
        SwapRefused.kind,
        ("swaps_skipped",),
        "The variant did not fit the available memory a short while ago.",
    ),
    Outcome(
        codes.SWAP_SUPPRESSED_COOLDOWN,
        SwapRefused.kind,
        ("swaps_suppressed",),
        "The guard's `cooldown` since the last swap has not passed.",
    ),
    Outcome(
        codes.SWAP_SUPPRESSED_RATE,
        SwapRefused.kind,
        ("swaps_suppressed",),
        "The guard's `at most` swaps in a time are used up.",
    ),
    Outcome(
        codes.SWAP_SUPPRESSED_SMALL_CHANGE,
        SwapRefused.kind,
        ("swaps_suppressed",),
        "A StabilityGuard finds that the swap would change too little.",
    ),
)

_COUNTERS: Mapping[tuple[str, str], tuple[str, ...]] = MappingProxyType(
    {(outcome.code, outcome.event): outcome.counters for outcome in OUTCOMES}
)


def counters_of(code: str, event: str) -> tuple[str, ...]:
    """Return the counters that go up by a code in an event of a kind; none for what the table lacks."""
    return _COUNTERS.get((code, event), ())
