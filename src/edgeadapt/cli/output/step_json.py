"""One step as JSON data: what it saw, what it decided and, where it was explained, why. Keys are stable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from edgeadapt.program.decision import ConditionPart, Decision, Explanation, TimerState
from edgeadapt.state import DeviceState


def step_data(
    decision: Decision,
    state: DeviceState,
    signals: tuple[str, ...],
    inputs: Mapping[str, float | bool | str | None],
) -> dict[str, Any]:
    """Return a step's data; signal and input values are canonical, null is unknown."""
    return {
        "timestamp": state.timestamp,
        "signals": {name: state.value(name) for name in signals},
        "inputs": dict(inputs),
        "target": decision.target,
        "active": decision.active,
        "swap": decision.swap,
        "rule": decision.rule,
        "reason": decision.reason,
        "explanation": None if decision.explanation is None else _explanation(decision.explanation),
    }


def _explanation(explanation: Explanation) -> dict[str, Any]:
    return {
        "rules": [
            {
                "name": rule.name,
                "phase": rule.phase,
                "when": _condition(rule.when),
                "until": None if rule.until is None else _condition(rule.until),
                "timers": [_timer(state) for state in rule.timers],
            }
            for rule in explanation.rules
        ],
        "choices": [
            {
                "rule": choice.rule,
                "use": choice.text,
                "picked": choice.picked,
                "candidates": [
                    {
                        "variant": candidate.variant,
                        "available": candidate.available,
                        "qualifies": candidate.qualifies,
                        "scores": list(candidate.scores),
                        "reason": candidate.reason,
                    }
                    for candidate in choice.candidates
                ],
            }
            for choice in explanation.choices
        ],
        "guard": {
            "verdict": explanation.guard,
            "timers": [_timer(state) for state in explanation.guard_timers],
        },
    }


def _condition(part: ConditionPart) -> dict[str, Any]:
    return {
        "text": part.text,
        "value": part.value,
        "values": dict(part.values),
        "parts": [_condition(inner) for inner in part.parts],
    }


def _timer(state: TimerState) -> dict[str, Any]:
    return {"name": state.name, "elapsed_ns": state.elapsed_ns, "remaining_ns": state.remaining_ns}
