"""One session in the place of another, which has seen some of the same device: its memory goes over where it can."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from edgeadapt.policy import BasePolicy, PolicySession
from edgeadapt.program.constant import seconds_to_ns
from edgeadapt.registry import ModelFamily

_NO_MEMORY = "its session has no snapshot to take over"
# A session takes no longer time than this, in seconds, for one.
_LONGEST_S = 1e9


@attrs.frozen
class Successor:
    """A new session; `memory` is what it was restored from, `elapsed_s` ago, and `lost` why it begins afresh."""

    session: PolicySession
    memory: Mapping[str, Any] | None
    elapsed_s: float
    lost: str


def succeed(
    before: PolicySession,
    policy: BasePolicy,
    family: ModelFamily,
    *,
    last_step_s: float | None = None,
    next_step_s: float | None = None,
    auto_commit: bool = False,
) -> Successor:
    """Return a session of a policy that goes on from another one's memory, if that is its own.

    Between the last step and the next one is the time that it is told to have passed, so that it decides what the other
    one would have. Raises what `policy.session` raises: ValueError where the policy does not fit the family.
    """
    memory = snapshot_of(before)
    elapsed_s = 0.0
    if last_step_s is not None and next_step_s is not None:
        # In whole nanoseconds, which is how a session counts; a difference of seconds may round otherwise.
        elapsed_ns = seconds_to_ns(next_step_s) - seconds_to_ns(last_step_s)
        elapsed_s = min(max(0.0, elapsed_ns / 1e9), _LONGEST_S)
    made = policy.session(family, auto_commit=auto_commit, snapshot=memory, elapsed_s=elapsed_s)
    lost = made.refused or ("" if memory is not None else _NO_MEMORY)
    return Successor(made, None if lost else memory, elapsed_s, lost)


def snapshot_of(session: PolicySession) -> Mapping[str, Any] | None:
    """Return a session's memory; None for a host's own session that has none, or fails to give it."""
    take = getattr(session, "snapshot", None)
    if take is None:
        return None
    try:
        snapshot: Mapping[str, Any] | None = take()
    except Exception:  # noqa: BLE001 - a host's session may fail in any way; then its memory is lost
        return None
    return snapshot
