"""A rule over time: section 5 of the language as a table, and the four timers that choose among its events.

Times are whole nanoseconds on the session's clock; `None` means that a timer does not run, or that it never happened.
"""

from __future__ import annotations

from enum import Enum

import attrs

from edgeadapt.program.constant import duration_ns
from edgeadapt.program.program import Rule


class Phase(Enum):
    """Where a rule stands; `active` and `ending` rules take part in the choice."""

    IDLE = "idle"
    PENDING = "pending"
    ACTIVE = "active"
    ENDING = "ending"


class Event(Enum):
    """What a step means to a rule: the first three to one that is not active, the others to one that is."""

    REFUSE = "when does not hold, or until does"
    WAIT = "when holds, but for or cooldown is not over"
    START = "when held long enough"
    KEEP = "until does not hold"
    LINGER = "until holds, but linger or hold is not over"
    END = "until held long enough"


TRANSITIONS: dict[Phase, dict[Event, Phase]] = {
    Phase.IDLE: {Event.REFUSE: Phase.IDLE, Event.WAIT: Phase.PENDING, Event.START: Phase.ACTIVE},
    Phase.PENDING: {Event.REFUSE: Phase.IDLE, Event.WAIT: Phase.PENDING, Event.START: Phase.ACTIVE},
    Phase.ACTIVE: {Event.KEEP: Phase.ACTIVE, Event.LINGER: Phase.ENDING, Event.END: Phase.IDLE},
    Phase.ENDING: {Event.KEEP: Phase.ACTIVE, Event.LINGER: Phase.ENDING, Event.END: Phase.IDLE},
}


@attrs.frozen
class RuleTimers:
    """A rule's durations in nanoseconds, 0 where they are not written."""

    for_ns: int
    linger_ns: int
    hold_ns: int
    cooldown_ns: int

    @classmethod
    def of(cls, rule: Rule, params: dict[str, float | bool]) -> RuleTimers:
        """Resolve a rule's constant durations."""
        return cls(
            *(duration_ns(expr, params) for expr in (rule.for_, rule.linger, rule.hold, rule.cooldown))
        )


@attrs.frozen
class RuleState:
    """A rule's memory: its phase, since when it is active, when it last ended, and when its timers started."""

    phase: Phase = Phase.IDLE
    since: int | None = None
    ended: int | None = None
    entry: int | None = None
    exit: int | None = None

    @property
    def is_active(self) -> bool:
        """Whether the rule takes part in the choice."""
        return self.phase in (Phase.ACTIVE, Phase.ENDING)


def advance(state: RuleState, timers: RuleTimers, when: bool | None, until: bool | None, t: int) -> RuleState:
    """Return a rule's state after a step at `t`; `until` is X, so for a rule without one: `when` is not true."""
    if state.is_active:
        leaves = until is True
        exit_ = None if not leaves else t if state.exit is None else state.exit
        event = Event.KEEP if exit_ is None else _leaving(state, timers, exit_, t)
        return _moved(state, event, t, entry=None, exit_=exit_)
    wanted = when is True and until is not True
    entry = None if not wanted else t if state.entry is None else state.entry
    event = Event.REFUSE if entry is None else _entering(state, timers, entry, t)
    return _moved(state, event, t, entry=entry, exit_=None)


def _entering(state: RuleState, timers: RuleTimers, entry: int, t: int) -> Event:
    rested = state.ended is None or t - state.ended >= timers.cooldown_ns
    return Event.START if t - entry >= timers.for_ns and rested else Event.WAIT


def _leaving(state: RuleState, timers: RuleTimers, exit_: int, t: int) -> Event:
    assert state.since is not None
    over = t - exit_ >= timers.linger_ns and t - state.since >= timers.hold_ns
    return Event.END if over else Event.LINGER


def _moved(state: RuleState, event: Event, t: int, entry: int | None, exit_: int | None) -> RuleState:
    phase = TRANSITIONS[state.phase][event]
    if event is Event.START:
        return RuleState(phase, since=t, ended=state.ended)
    if event is Event.END:
        return RuleState(phase, ended=t)
    return attrs.evolve(state, phase=phase, entry=entry, exit=exit_)
