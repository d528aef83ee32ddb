"""What a step returns: the decision, and the explanation when it was asked for."""

from __future__ import annotations

from edgeadapt.values import frozen

Value = float | bool | str | None


@frozen
class ConditionPart:
    """One part of a condition: its text, its value (None is unknown), the operands' values, and its own parts.

    `values` pairs the name of each signal, input, let, param or attribute under a leaf with its formatted value.
    """

    text: str
    value: bool | None
    values: tuple[tuple[str, str], ...] = ()
    parts: tuple[ConditionPart, ...] = ()


@frozen
class TimerState:
    """A running timer of a rule or the guard: which one, how long it has run and how long it still has to (ns)."""

    name: str
    elapsed_ns: int
    remaining_ns: int


@frozen
class RuleExplanation:
    """A rule in a step: its phase (idle, pending, active, ending), its conditions and its running timers."""

    name: str
    phase: str
    when: ConditionPart
    until: ConditionPart | None
    timers: tuple[TimerState, ...]


@frozen
class Candidate:
    """A variant as the winning choice saw it.

    `scores` are the rankings' values; `reason` says why it does not qualify (empty if it does).
    """

    variant: str
    available: bool
    qualifies: bool
    scores: tuple[float | None, ...]
    reason: str


@frozen
class ChoiceExplanation:
    """A choice that was asked: whose it is, its text, what it saw of each candidate, and what it yielded."""

    rule: str
    text: str
    candidates: tuple[Candidate, ...]
    picked: str | None


@frozen
class Explanation:
    """Everything a step knew: rules in order, the candidates of the deciding choice, the guard's verdict.

    `choices` are all that were asked, in order; the last one decided, and its candidates are `candidates`.
    """

    rules: tuple[RuleExplanation, ...]
    candidates: tuple[Candidate, ...]
    guard: str
    guard_timers: tuple[TimerState, ...]
    choices: tuple[ChoiceExplanation, ...] = ()


@frozen
class Decision:
    """What the policy wants now.

    `target`: the variant it wants (None only when nothing is available and nothing active); `active`: the one that
    serves, after this step's own commit where the session commits itself; `swap`: whether a swap is due; `rule`: the
    winning rule, `otherwise` included; `reason`: a stable code (ADOPTED, UNCHANGED, SWAP_POLICY_RECOMMEND,
    SWAP_SUPPRESSED_COOLDOWN, SWAP_SUPPRESSED_RATE, NO_CANDIDATE).
    """

    target: str | None
    active: str | None
    swap: bool
    rule: str
    reason: str
    explanation: Explanation | None = None
