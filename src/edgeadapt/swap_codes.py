"""The stable reason codes of swaps, as they stand in events, logs and `last_swap_reason` (`CODE:variant[:detail]`)."""

from __future__ import annotations

SWAP_PENDING = "SWAP_PENDING"
SWAP_POLICY_RECOMMEND = "SWAP_POLICY_RECOMMEND"
# The old variant is let go to make room: nothing serves until one of the codes below says that something does.
SWAP_GAP_BEGAN = "SWAP_GAP_BEGAN"
SWAP_COMMITTED = "SWAP_COMMITTED"
SWAP_LOAD_FAILED = "SWAP_LOAD_FAILED"
SWAP_SUPERSEDED = "SWAP_SUPERSEDED"
SWAP_TIMED_OUT = "SWAP_TIMED_OUT"
SWAP_CANCELLED = "SWAP_CANCELLED"
SWAP_SKIPPED_CAPABILITY = "SWAP_SKIPPED_CAPABILITY"
SWAP_SKIPPED_QUARANTINE = "SWAP_SKIPPED_QUARANTINE"
SWAP_SKIPPED_MEMORY = "SWAP_SKIPPED_MEMORY"
SWAP_SUPPRESSED_COOLDOWN = "SWAP_SUPPRESSED_COOLDOWN"
SWAP_SUPPRESSED_RATE = "SWAP_SUPPRESSED_RATE"
SWAP_SUPPRESSED_SMALL_CHANGE = "SWAP_SUPPRESSED_SMALL_CHANGE"
SWAP_ROLLED_BACK = "SWAP_ROLLED_BACK"
SWAP_PINNED = "SWAP_PINNED"
# A variant was loaded ahead of its swap; it does not serve yet.
SWAP_PRELOADED = "SWAP_PRELOADED"

# What a decision's `reason` may be besides SWAP_POLICY_RECOMMEND and the SWAP_SUPPRESSED_* codes.
ADOPTED = "ADOPTED"
UNCHANGED = "UNCHANGED"
NO_CANDIDATE = "NO_CANDIDATE"


def swap_reason(code: str, variant: str, detail: str = "") -> str:
    """Join a code with its variant and detail: `SWAP_LOAD_FAILED:full:no such file`."""
    return f"{code}:{variant}:{detail}" if detail else f"{code}:{variant}"
