"""What stood between a rule or a variant and a step's decision, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.program.decision import Decision, Explanation
from edgeadapt.program.program import Choice, NamedChoice
from edgeadapt.replay.sentences import state_of
from edgeadapt.replay.trial_steps import Moment
from edgeadapt.runtime.session import OTHERWISE


def obstacles(moment: Moment, decision: Decision, rule: str | None, variant: str | None) -> tuple[str, ...]:
    """List what kept a rule or a variant from winning an explained step."""
    assert decision.explanation is not None
    if variant is not None:
        return tuple(_of_variant(moment, decision, decision.explanation, variant))
    return tuple(_of_rule(decision, decision.explanation, str(rule)))


def _of_rule(decision: Decision, explanation: Explanation, name: str) -> Iterator[str]:
    own = next((rule for rule in explanation.rules if rule.name == name), None)
    if own is not None and own.phase not in ("active", "ending"):
        yield f"rule `{name}` {state_of(own)}"
    asked = [choice for choice in explanation.choices if choice.rule == name]
    for choice in asked:
        refused = "; ".join(f"{it.variant}: {it.reason}" for it in choice.candidates if not it.qualifies)
        yield f"its `use {choice.text}` yields nothing" + (f" ({refused})" if refused else "")
    names = [*(rule.name for rule in explanation.rules), OTHERWISE]
    if not asked and names.index(decision.rule) < names.index(name):
        yield f"{_owner(decision.rule)}, above it, wins"


def _of_variant(moment: Moment, decision: Decision, explanation: Explanation, variant: str) -> Iterator[str]:
    status = moment.variants.get(variant)
    if status is not None and not status.available:
        yield f"`{variant}` is not available: {status.reason or 'no reason is given'}"
    owners = [
        name
        for name, choices in (
            *((rule.name, rule.choices) for rule in moment.program.rules),
            (OTHERWISE, moment.program.otherwise),
        )
        if any(_speaks_of(choice, variant) for choice in choices)
    ]
    if not owners:
        yield f"no `use` of the policy speaks of `{variant}`"
    yield from _in_choices(explanation, variant)
    last = explanation.choices[-1]
    if decision.rule in owners and all(candidate.variant != variant for candidate in last.candidates):
        yield f"{_owner(decision.rule)} asks for it elsewhere, but its `use {last.text}` comes first"
    yield from _in_rules(decision, explanation, owners)


def _in_choices(explanation: Explanation, variant: str) -> Iterator[str]:
    for choice in explanation.choices:
        for candidate in choice.candidates:
            if candidate.variant != variant or not candidate.available:
                continue
            if candidate.qualifies:
                yield f"in `use {choice.text}` it ranks behind {choice.picked}"
            else:
                yield f"in `use {choice.text}` it does not qualify: {candidate.reason}"


def _in_rules(decision: Decision, explanation: Explanation, owners: list[str]) -> Iterator[str]:
    asked = [choice.rule for choice in explanation.choices]
    for rule in explanation.rules:
        if rule.name not in owners or rule.name in asked:
            continue
        if rule.phase in ("active", "ending"):
            yield f"rule `{rule.name}` could use it, but {_owner(decision.rule)}, above it, wins"
        else:
            yield f"rule `{rule.name}` could use it, but {state_of(rule)}"
    if OTHERWISE in owners and decision.rule != OTHERWISE:
        yield f"`{OTHERWISE}` could use it, but rule `{decision.rule}` wins"


def _speaks_of(choice: Choice, variant: str) -> bool:
    return not isinstance(choice, NamedChoice) or choice.variant == variant


def _owner(rule: str) -> str:
    return f"`{OTHERWISE}`" if rule == OTHERWISE else f"rule `{rule}`"
