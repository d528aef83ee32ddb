"""Why a rule or a variant did not win a step, for a person and as JSON data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from edgeadapt.cli.output.columns import wrapped
from edgeadapt.cli.output.terminal import say
from edgeadapt.replay.changes import Change, ValueChange
from edgeadapt.replay.why_not import WhyNot


def show_why_not(answer: WhyNot) -> None:
    """Print what stood in the way, and the changes that would have let it win, smallest first."""
    if answer.wins:
        say(f"Why not {answer.subject}: it does win this step")
        return
    say(f"Why not {answer.subject}:")
    for obstacle in answer.obstacles:
        for line in wrapped("    ", obstacle):
            say(line)
    if not answer.alternatives:
        for line in wrapped("  ", answer.verdict):
            say(line)
        return
    say("  It would have won with")
    for alternative in answer.alternatives:
        for line in wrapped("    ", f"{alternative.text}: {alternative.decision.target}"):
            say(line)


def why_not_data(answer: WhyNot) -> Mapping[str, Any]:
    """Return an answer's data; values are canonical, null is unknown."""
    return {
        "rule": answer.rule,
        "variant": answer.variant,
        "wins": answer.wins,
        "obstacles": list(answer.obstacles),
        "alternatives": [
            {
                "changes": [_change(change) for change in alternative.changes],
                "text": alternative.text,
                "target": alternative.decision.target,
                "rule": alternative.decision.rule,
                "reason": alternative.decision.reason,
            }
            for alternative in answer.alternatives
        ],
        "steps": answer.steps,
        "complete": answer.is_complete,
    }


def _change(change: Change) -> dict[str, Any]:
    if isinstance(change, ValueChange):
        return {"name": change.name, "before": change.before, "after": change.after}
    return {"wait_ns": change.nanoseconds}
