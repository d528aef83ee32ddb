"""An explained decision in plain sentences: why the winner won, what each other rule waits for, what the guard did."""

from __future__ import annotations

from edgeadapt.program.decision import ConditionPart, Decision, Explanation, RuleExplanation
from edgeadapt.runtime.session import OTHERWISE
from edgeadapt.swap_codes import NO_CANDIDATE
from edgeadapt.units import Dimension, format_quantity

_TRUTH = {True: "true", False: "false", None: "unknown"}


def sentences(decision: Decision) -> tuple[str, ...]:
    """Tell a decision that was explained; raises ValueError for one that was not."""
    explanation = decision.explanation
    if explanation is None:
        raise ValueError("the step was not explained: step with `explain=True`")
    told = [_winner(decision, explanation)]
    told += [_other(rule, explanation) for rule in explanation.rules if rule.name != decision.rule]
    return (*told, f"the guard: {explanation.guard}")


def state_of(rule: RuleExplanation) -> str:
    """Say what holds a rule back, or keeps it active: `waits for its `for`: 6 s left`."""
    running = [timer for timer in rule.timers if timer.remaining_ns > 0]
    left = " and ".join(f"its `{timer.name}`: {_duration(timer.remaining_ns)} left" for timer in running)
    match rule.phase:
        case "pending":
            return f"waits for {left}" if left else "is about to start"
        case "ending":
            return f"ends after {left}" if left else "is about to end"
        case "active":
            return (
                f"is active: {because(rule.when)}" if rule.when.value else "is active: it has not ended yet"
            )
    if rule.when.value is True:
        stops = rule.until is not None and rule.until.value is True
        return (
            f"cannot start: its `until` holds: {because(rule.until)}" if stops and rule.until else "is idle"
        )
    return f"is idle: {because(rule.when)}" + (f"; it also waits for {left}" if left else "")


def because(part: ConditionPart) -> str:
    """Name the parts of a condition that make it what it is, with their values."""
    return ", ".join(dict.fromkeys(_leaf(leaf) for leaf in _deciding(part)))


def _deciding(part: ConditionPart) -> list[ConditionPart]:
    # Below a `not` no part has the whole's value, unless it is unknown: the `not` is said itself.
    inner = [child for child in part.parts if child.value is part.value]
    if not inner:
        return [part]
    return [leaf for child in inner for leaf in _deciding(child)]


def _leaf(part: ConditionPart) -> str:
    values = list(part.values)
    waiting = list(part.parts)
    while waiting:
        child = waiting.pop(0)
        values += child.values
        waiting += child.parts
    facts = ", ".join(dict.fromkeys(f"{name} is {text}" for name, text in values if name != part.text))
    return f"`{part.text}` is {_TRUTH[part.value]}" + (f" ({facts})" if facts else "")


def _winner(decision: Decision, explanation: Explanation) -> str:
    if decision.reason == NO_CANDIDATE:
        return "no choice yields a variant"
    if decision.rule == OTHERWISE:
        why = "no rule that is active yields a variant" if explanation.rules else "there are no rules"
        return f"`{OTHERWISE}` wins with {decision.target}: {why}"
    rule = next(rule for rule in explanation.rules if rule.name == decision.rule)
    return f"rule `{rule.name}` wins with {decision.target}: it {state_of(rule)}"


def _other(rule: RuleExplanation, explanation: Explanation) -> str:
    text = f"rule `{rule.name}` {state_of(rule)}"
    if rule.phase not in ("active", "ending"):
        return text
    asked = [choice for choice in explanation.choices if choice.rule == rule.name]
    return f"{text}; " + ("its `use` yields nothing" if asked else "a rule above it wins")


def _duration(nanoseconds: int) -> str:
    return format_quantity(nanoseconds / 1e6, Dimension.TIME)
