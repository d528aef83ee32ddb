"""All that a policy remembers, and the same as plain data: ages before its own last step, never an absolute time.

Data from outside is checked in full before any of it is used.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from edgeadapt.errors import SnapshotError
from edgeadapt.program.constant import seconds_to_ns
from edgeadapt.runtime.rule_machine import Phase, RuleState
from edgeadapt.wording import shown

SNAPSHOT_VERSION = 1
_TIMES = ("since", "ended", "entry", "exit")
# Thirty years: beyond a device's life, and small enough for differences of times to fit 64 bits.
_OLDEST_NS = 10**18
_KEYS = ("version", "digest", "active", "bands", "rules", "commits")


@attrs.define
class Memory:
    """A session's state between two steps; times are nanoseconds on the session's clock.

    `last` is None before the first step; `commits` are the committed swaps that can still matter.
    """

    bands: list[bool]
    rules: list[RuleState]
    active: str | None = None
    commits: list[int] = attrs.field(factory=list)
    last: int | None = None

    @classmethod
    def fresh(cls, bands: int, rules: int) -> Memory:
        """Return the memory of a policy that has seen nothing."""
        return cls([False] * bands, [RuleState()] * rules)

    def shifted(self, by_ns: int) -> Memory:
        """Return the memory with every time moved."""
        rules = [
            attrs.evolve(
                rule, **{name: value + by_ns for name in _TIMES if (value := getattr(rule, name)) is not None}
            )
            for rule in self.rules
        ]
        last = None if self.last is None else self.last + by_ns
        return attrs.evolve(self, rules=rules, commits=[commit + by_ns for commit in self.commits], last=last)


def to_plain(memory: Memory, digest: str) -> dict[str, Any]:
    """Return the memory as JSON-able data."""
    # Before any step there is nothing to count ages from but the latest commit.
    base = memory.last if memory.last is not None else max(memory.commits, default=0)
    rules = []
    for rule in memory.rules:
        ages = {name: None if (at := getattr(rule, name)) is None else base - at for name in _TIMES}
        rules.append({"phase": rule.phase.value, **ages})
    return {
        "version": SNAPSHOT_VERSION,
        "digest": digest,
        "active": memory.active,
        "bands": list(memory.bands),
        "rules": rules,
        "commits": [base - commit for commit in memory.commits],
    }


def from_plain(data: object, digest: str, variants: Sequence[str], bands: int, rules: int) -> Memory:
    """Return the memory that `to_plain` gave, with the last step at time 0.

    Raises SnapshotError for another version or digest, a variant that is none of `variants`, and malformed data.
    """
    if not isinstance(data, Mapping) or any(key not in data for key in _KEYS):
        raise SnapshotError("the saved memory is not one: a part is missing")
    if data["version"] != SNAPSHOT_VERSION:
        raise SnapshotError(f"the saved memory has version {shown(data['version'])}, not {SNAPSHOT_VERSION}")
    if data["digest"] != digest:
        raise SnapshotError("the saved memory belongs to another policy, or to other parameter values")
    active = data["active"]
    if active is not None and active not in variants:
        raise SnapshotError(f"the saved memory has {shown(active)} active, which the family lacks")
    saved_bands = _list(data["bands"], bands)
    if any(type(band) is not bool for band in saved_bands):
        raise SnapshotError("the saved memory is malformed: a band is neither true nor false")
    commits = [-_age(age, may_be_negative=True) for age in _list(data["commits"])]
    return Memory(
        list(saved_bands), [_rule(rule) for rule in _list(data["rules"], rules)], active, commits, last=0
    )


def _rule(data: object) -> RuleState:
    if not isinstance(data, Mapping):
        raise SnapshotError("the saved memory is malformed: a rule is not one")
    times = {name: None if data.get(name) is None else -_age(data[name]) for name in _TIMES}
    try:
        state = RuleState(Phase(data.get("phase")), **times)
    except ValueError:
        raise SnapshotError(
            f"the saved memory is malformed: {shown(data.get('phase'))} is no phase"
        ) from None
    # What runs in each phase: an active rule knows since when, and each waiting phase has its own timer alone.
    runs = (state.since is not None, state.entry is not None, state.exit is not None)
    wanted = {
        Phase.IDLE: (False, False, False),
        Phase.PENDING: (False, True, False),
        Phase.ACTIVE: (True, False, False),
        Phase.ENDING: (True, False, True),
    }
    if runs != wanted[state.phase]:
        raise SnapshotError(
            f"the saved memory is malformed: these timers do not go with phase `{state.phase.value}`"
        )
    return state


def _list(data: object, length: int | None = None) -> list[Any]:
    if not isinstance(data, (list, tuple)) or (length is not None and len(data) != length):
        raise SnapshotError("the saved memory is malformed: a list has another length than the policy needs")
    return list(data)


def _age(value: object, *, may_be_negative: bool = False) -> int:
    if type(value) is not int or not -_OLDEST_NS < value < _OLDEST_NS or (value < 0 and not may_be_negative):
        raise SnapshotError(f"the saved memory is malformed: {shown(value)} is no age")
    return value


def elapsed_ns(elapsed_s: float) -> int:
    """Check how long a restart took, in seconds, and return it in nanoseconds; raises ValueError."""
    if not (math.isfinite(elapsed_s) and 0 <= elapsed_s <= 1e9):
        raise ValueError(f"`elapsed_s` is a time in seconds, not negative, not {shown(elapsed_s)}")
    return seconds_to_ns(elapsed_s)
