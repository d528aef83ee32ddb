"""What `dry-run` does with a decision log: every step made again as it was, and held against what was decided then."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from edgeadapt.cli.arguments.policy import Given
from edgeadapt.cli.dry_steps import Telling, step_at
from edgeadapt.cli.failure import GOOD, PROBLEMS
from edgeadapt.cli.output.columns import wrapped
from edgeadapt.cli.output.step_json import step_data
from edgeadapt.cli.output.terminal import say, tell
from edgeadapt.cli.output.timeline import Timeline
from edgeadapt.cli.output.why_not import show_why_not, why_not_data
from edgeadapt.cli.output.words import moment, span
from edgeadapt.program.decision import Decision
from edgeadapt.replay.decision_log import DecisionRecord, Stretch, read_decision_log
from edgeadapt.replay.replayed import ReplayedStep, fitting_stretches, misfit, replay
from edgeadapt.replay.trial_steps import Moment
from edgeadapt.replay.why_not import WhyNot, why_not

_MOST_DIFFERENCES = 10


def play_log(given: Given, path: str, telling: Telling, *, every: bool, explain_at: str | None) -> int:
    """Replay a decision log; return 1 where a decision is not the recorded one."""
    record = read_decision_log(path)
    program, family = given.program, given.family
    stretches = fitting_stretches(record, program, family)
    _tell_of_others(record, stretches, given)
    if record.left_out:
        tell("note", f"{record.left_out} steps are not replayed: the log lacks what was before them")
    times = [step.state.timestamp for step in stretches[-1].steps]
    chosen = len(times) - 1 if explain_at is None else step_at(times, explain_at, "log")
    if not telling.as_data:
        _show_header(given)
    differing: list[ReplayedStep] = []
    replayed = 0
    for stretch in stretches:
        is_last = stretch is stretches[-1]
        timeline = Timeline(every)
        explained: ReplayedStep | None = None
        explain = -1 if telling.as_data else chosen if is_last else None
        for index, step in enumerate(replay(stretch, program, family, explain=explain, path=path)):
            replayed += 1
            if not step.is_same:
                differing.append(step)
            if is_last and index == chosen:
                explained = step
            if telling.as_data:
                answer = _answer(given, step, telling) if step is explained else None
                say(json.dumps(_data(given, step, answer)))
            timeline.add(step.recorded.state.timestamp, step.decision, step.phases)
        if not telling.as_data:
            _show(given, path, stretch, timeline)
            if explained is not None:
                _explain(given, explained, telling, is_end=chosen == len(stretch.steps) - 1)
    return _verdict(differing, replayed, telling)


def _tell_of_others(record: DecisionRecord, stretches: Sequence[Stretch], given: Given) -> None:
    """Say which steps another policy or family made, as one before or after a reload, and what would replay them."""
    others: dict[str, list[Stretch]] = {}
    played = {stretch.line for stretch in stretches}
    for stretch in record.stretches:
        if stretch.line not in played:
            error = misfit(record.path, stretch.begin, given.program, given.family)
            others.setdefault(f"{error.problem}; {error.remedy}", []).append(stretch)
    for why, found in list(others.items())[:_MOST_DIFFERENCES]:
        count = sum(len(stretch.steps) for stretch in found)
        steps = "1 step is" if count == 1 else f"{count} steps are"
        lines = ", ".join(str(stretch.line) for stretch in found[:_MOST_DIFFERENCES])
        tell("note", f"{steps} not replayed, from line {lines} on: {why}")


def _show_header(given: Given) -> None:
    program, family = given.program, given.family
    for name, text in (("Policy", program.name), ("Family", f"{family.name} ({given.family_path})")):
        for line in wrapped(f"{name}: ", text):
            say(line)


def _show(given: Given, path: str, stretch: Stretch, timeline: Timeline) -> None:
    times = [step.state.timestamp for step in stretch.steps]
    steps = f"{len(times)} {'step' if len(times) == 1 else 'steps'}"
    say(f"Decision log: {path}, {steps} over {span(max(times) - times[0])}")
    if given.program.guard is None and stretch.begin.guard is not None:
        tell("note", "the policy has no `guard`; the one that the engine added is replayed, too")
    say()
    for line in timeline.lines():
        say(line)


def _explain(given: Given, step: ReplayedStep, telling: Telling, *, is_end: bool) -> None:
    which = "The last step" if is_end else "The step"
    say(f"\n{which}, at {moment(step.recorded.state.timestamp)}:\n")
    telling.show(step.decision, step.before)
    answer = _answer(given, step, telling)
    if answer is not None:
        say()
        show_why_not(answer)
    say()


def _answer(given: Given, step: ReplayedStep, telling: Telling) -> WhyNot | None:
    if telling.asked is None:
        return None
    event = step.recorded
    at = Moment(
        given.program,
        given.family,
        event.state,
        event.inputs,
        event.variants,
        snapshot=step.memory,
        elapsed_s=step.elapsed_s,
    )
    return why_not(at, rule=telling.asked.rule, variant=telling.asked.variant)


def _data(given: Given, step: ReplayedStep, answer: WhyNot | None) -> dict[str, Any]:
    event = step.recorded
    return {
        **step_data(step.decision, event.state, given.program.signals, event.inputs),
        "unavailable": {name: status.reason for name, status in event.variants.items()},
        "session": event.session,
        "as_recorded": step.is_same,
        **({} if answer is None else {"why_not": why_not_data(answer)}),
    }


def _verdict(differing: list[ReplayedStep], replayed: int, telling: Telling) -> int:
    for step in differing[:_MOST_DIFFERENCES]:
        at = moment(step.recorded.state.timestamp)
        tell(
            "error",
            f"at {at} the log has {_words(step.recorded.decision)}, the replay {_words(step.decision)}",
        )
    if differing:
        tell("error", f"{len(differing)} of {replayed} decisions are not as recorded")
        return PROBLEMS
    if not telling.as_data:
        say("The decision is as recorded." if replayed == 1 else f"All {replayed} decisions are as recorded.")
    return GOOD


def _words(decision: Decision) -> str:
    return f"`{decision.target}` by `{decision.rule}` with `{decision.active}` active ({decision.reason})"
