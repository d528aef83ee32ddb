"""What `dry-run` does with a compiled policy: one step on a state, or a step for every row of a trace."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from edgeadapt.cli.arguments.policy import Given
from edgeadapt.cli.arguments.values import UNKNOWN, assignments, seconds_of, signal_values
from edgeadapt.cli.arguments.why_not import Asked
from edgeadapt.cli.failure import Misuse
from edgeadapt.cli.output.columns import UNBROKEN, wrapped
from edgeadapt.cli.output.explanation import show_explanation, show_sentences
from edgeadapt.cli.output.step_json import step_data
from edgeadapt.cli.output.terminal import say, tell
from edgeadapt.cli.output.timeline import Timeline
from edgeadapt.cli.output.why_not import show_why_not, why_not_data
from edgeadapt.cli.output.words import ENGINES_GUARD, moment, span, value_words
from edgeadapt.profiler.trace import Trace
from edgeadapt.program.decision import Decision
from edgeadapt.program.kind import Numeric
from edgeadapt.replay.trial_steps import Moment
from edgeadapt.replay.why_not import WhyNot, why_not
from edgeadapt.runtime import InputLatch, Session
from edgeadapt.state import SIGNALS, DeviceState
from edgeadapt.units import format_quantity
from edgeadapt.wording import did_you_mean, shown

# What a test in the language starts with: everything optional unknown.
_DEFAULTS: dict[str, Any] = {
    **dict.fromkeys(signal.attribute for signal in SIGNALS.values()),
    "cpu_utilization_pct": 0.0,
    "available_ram_mb": 4000.0,
}
# Processors count busy time in ticks; this is long enough to count some.
_CPU_SAMPLE_S = 0.2
_LONGEST_NOTE = 500


@attrs.frozen
class Telling:
    """How the steps are told: as JSON, in sentences or in full, and what `--why-not` asks for."""

    as_data: bool
    sentences: bool
    asked: Asked | None

    def show(self, decision: Decision, before: str | None) -> None:
        """Print an explained decision; `before` is the variant that was active."""
        (show_sentences if self.sentences else show_explanation)(decision, before)


class DrySteps:
    """A policy's session, with the values that the command line gives for every step."""

    def __init__(
        self, given: Given, states: Sequence[str], inputs: Sequence[str], active: str | None
    ) -> None:
        self.given = given
        self.reads = given.program.signals
        self.session = Session(given.program, given.family)
        self.latch = InputLatch(self.session.inputs)
        self.input_names = tuple(declared.name for declared in self.session.inputs)
        values = assignments([*states, *inputs], "--state", "battery=15%")
        fed = {name: text for name, text in values.items() if name in self.input_names}
        self.fed = {name: None if text == UNKNOWN else text for name, text in fed.items()}
        self.named = tuple(name for name in values if name not in fed)
        self.attributes = signal_values({name: values[name] for name in self.named}, self.input_names)
        # What the last explained step decided on, for asking what would have changed it.
        self.moment: Moment | None = None
        self._latest: float | None = None
        if active is not None:
            try:
                self.session.committed(active, 0.0)
            except ValueError as error:
                raise Misuse(f"--active: {error}") from None

    def step(
        self, state: DeviceState, row: Mapping[str, Any] | None = None, *, explain: bool
    ) -> tuple[Decision, dict[str, Any]]:
        """Step on a state and a row's inputs; return the decision and the inputs that it saw."""
        try:
            self.latch.feed(state.timestamp, {**self.fed, **(row or {})})
        except ValueError as error:
            raise Misuse(str(error)) from None
        seen = self.latch.values(state.timestamp)
        latest = state.timestamp if self._latest is None else self._latest
        if explain:
            program, family = self.given.program, self.given.family
            memory, elapsed_s = self.session.snapshot(), max(0.0, state.timestamp - latest)
            self.moment = Moment(program, family, state, seen, snapshot=memory, elapsed_s=elapsed_s)
        self._latest = max(latest, state.timestamp)
        return self.session.step(state, seen, explain=explain), seen

    def input_words(self, name: str, value: Any) -> str:
        """Write an input's value as it was given, or as it is taken where its range forbids that."""
        kind = next(declared.kind for declared in self.session.inputs if declared.name == name)
        if name in self.latch.clamped and isinstance(kind, Numeric):
            return format_quantity(value, kind.dimension)
        return str(self.fed.get(name, value))

    def why_not(self, asked: Asked) -> WhyNot:
        """Say why the last explained step did not decide for a rule or a variant."""
        assert self.moment is not None
        return why_not(self.moment, rule=asked.rule, variant=asked.variant)

    def show_header(self, *more: tuple[str, str]) -> None:
        """Print what this is about: the policy, the family, and `more`."""
        program, family = self.given.program, self.given.family
        for name, text in (
            ("Policy", program.name),
            ("Family", f"{family.name} ({self.given.family_path})"),
            *more,
        ):
            for line in wrapped(f"{name}: ", text):
                say(line)


def explain_state(steps: DrySteps, telling: Telling, *, live: bool, after: str | None) -> None:
    """Explain the step on the given state or on this device's, or the one `after` some time, nothing having changed."""
    state, reasons = _state(steps, live=live)
    before = steps.session.active
    if after is not None:
        before = steps.step(state, explain=False)[0].active
        state = attrs.evolve(state, timestamp=state.timestamp + seconds_of(after, "--after"))
    decision, inputs = steps.step(state, explain=True)
    for name in steps.latch.clamped:
        tell("warning", f"`{name}` is out of its range and taken as {steps.input_words(name, inputs[name])}")
    answer = None if telling.asked is None else steps.why_not(telling.asked)
    if telling.as_data:
        about = {"policy": steps.given.program.name, "family": steps.given.family.name}
        data = {**about, **step_data(decision, state, steps.reads, inputs), **_why_not_data(answer)}
        say(json.dumps(data, indent=2))
        return
    known, unknown = _described(steps, state, inputs, live=live)
    what = "this device now" if live else "as given"
    steps.show_header((f"State, {what}", known), *([("Unknown", unknown)] if unknown else []))
    for name in steps.reads:
        if name in reasons and name not in steps.named:
            tell("note", f"`{name}` is unknown here: {reasons[name]}")
    say()
    telling.show(decision, before)
    _show_answer(answer)
    _tell_of_guard(steps)
    if not live and not steps.named and not steps.fed:
        tell("hint", "set the state with --state battery=15% and the like, or use --trace FILE or --live")
    elif after is None:
        _hint_after(decision)


def play_trace(steps: DrySteps, path: str, telling: Telling, *, every: bool, explain_at: str | None) -> None:
    """Step through a trace; show a timeline and explain one step, or print each step's data."""
    # A trace's reader is needed only here.
    from edgeadapt.profiler.trace_reader import read_trace

    trace = read_trace(path)
    rows = trace.rows
    _tell_of_columns(steps, trace)
    _tell_of_times([row.state.timestamp for row in rows])
    chosen = (
        len(rows) - 1
        if explain_at is None
        else step_at([row.state.timestamp for row in rows], explain_at, "trace")
    )
    timeline = Timeline(every)
    explained: tuple[Decision, str | None] | None = None
    answer: WhyNot | None = None
    for index, row in enumerate(rows):
        before = steps.session.active
        fed = {name: value for name, value in row.inputs.items() if name in steps.input_names}
        try:
            decision, inputs = steps.step(row.state, fed, explain=telling.as_data or index == chosen)
        except Misuse as error:
            raise Misuse(f"{trace.name}, at {moment(row.state.timestamp)}: {error}") from None
        if index == chosen and telling.asked is not None:
            answer = steps.why_not(telling.asked)
        if telling.as_data:
            more = _why_not_data(answer if index == chosen else None)
            say(json.dumps({**step_data(decision, row.state, steps.reads, inputs), **more}))
            continue
        timeline.add(row.state.timestamp, decision, steps.session.phases)
        if index == chosen:
            explained = decision, before
    if explained is None:
        return
    steps.show_header(
        ("Trace", f"{path}, {len(rows)} {'row' if len(rows) == 1 else 'rows'} over {span(trace.duration_s)}")
    )
    say()
    for line in timeline.lines():
        say(line)
    state = rows[chosen].state
    which = "The last step" if chosen == len(rows) - 1 else "The step"
    say(f"\n{which}, at {moment(state.timestamp)}:\n")
    telling.show(*explained)
    _show_answer(answer)
    _tell_of_guard(steps)


def step_at(times: Sequence[float], text: str, what: str) -> int:
    """Return the last step at a time that the user gives; raises Misuse where a trace or log has none there."""
    wanted = seconds_of(text, "--explain-at")
    at = max((index for index, seconds in enumerate(times) if seconds <= wanted), default=None)
    if at is None:
        raise Misuse(f"the {what} has no step at {moment(wanted)}", f"it begins at {moment(times[0])}")
    if wanted > max(times):
        raise Misuse(f"the {what} has no step at {moment(wanted)}", f"it ends at {moment(max(times))}")
    return at


def _why_not_data(answer: WhyNot | None) -> dict[str, Any]:
    return {} if answer is None else {"why_not": why_not_data(answer)}


def _show_answer(answer: WhyNot | None) -> None:
    if answer is not None:
        say()
        show_why_not(answer)


def _tell_of_columns(steps: DrySteps, trace: Trace) -> None:
    """Say which columns are probably misspelt, which are of no use here, and what is missing."""
    unused = []
    for name in trace.input_names:
        if name in steps.input_names:
            continue
        # A name that is near no other is another application's input, not a slip.
        hint = did_you_mean(name, (*SIGNALS, *steps.input_names))
        if hint.startswith("did"):
            tell("warning", f"column {shown(name)} is neither a signal nor an input of the policy; {hint}")
        else:
            unused.append(name)
    if unused:
        tell(
            "note",
            f"the policy has no such inputs, so these columns are not read: {', '.join(unused)}"[
                :_LONGEST_NOTE
            ],
        )
    for name in steps.reads:
        if all(row.state.value(name) is None for row in trace.rows):
            tell("note", f"the trace has no `{name}`, which the policy reads: it is unknown throughout")
    for name in steps.input_names:
        if name not in trace.input_names and name not in steps.fed:
            tell("note", f"the trace has no `{name}`, an input of the policy: it is unknown throughout")


def _tell_of_times(times: Sequence[float]) -> None:
    """Say how often the clock goes back: such a step takes no time, which is seldom what was meant."""
    latest, back = times[0], 0
    for seconds in times:
        back += seconds < latest
        latest = max(latest, seconds)
    if back:
        rows = "1 row is" if back == 1 else f"{back} rows are"
        tell(
            "warning", f"{rows} earlier than one before, and taken at that one's time; sort the trace by time"
        )


def _state(steps: DrySteps, *, live: bool) -> tuple[DeviceState, Mapping[str, str]]:
    """Return the state to step on, and why a measured one lacks what it lacks."""
    reasons: Mapping[str, str] = {}
    if live:
        # Profilers read files that only this option needs.
        from edgeadapt.profiler.base import get_profiler

        try:
            with get_profiler() as profiler:
                time.sleep(_CPU_SAMPLE_S)
                measured = profiler.snapshot()
                reasons = profiler.reasons()
        except ImportError as error:
            raise Misuse(str(error)) from None
        state = attrs.evolve(measured, **steps.attributes)
    else:
        state = DeviceState(timestamp=0.0, **{**_DEFAULTS, **steps.attributes})
    for name in state.clamped:
        tell("warning", f"`{name}` is out of its range and taken as {value_words(state, name)}")
    return state, reasons


def _described(
    steps: DrySteps, state: DeviceState, inputs: Mapping[str, Any], *, live: bool
) -> tuple[str, str]:
    """List what the policy reads and its values, and what of it is unknown."""
    known, unknown = [], []
    for name in steps.reads:
        if state.value(name) is None:
            unknown.append(name)
        else:
            assumed = "" if live or name in steps.named else " (assumed)"
            known.append(f"{name} {value_words(state, name)}{assumed}")
    for name, value in inputs.items():
        if value is None:
            unknown.append(name)
        else:
            known.append(f"{name} {steps.input_words(name, value)}")
    ignored = [name for name in steps.named if name not in steps.reads]
    known += [f"{name} (the policy does not read it)" for name in ignored]
    known = [text.replace(" ", UNBROKEN) for text in known]
    return ", ".join(known) or "nothing that the policy reads", ", ".join(unknown)


def _tell_of_guard(steps: DrySteps) -> None:
    if steps.given.program.guard is None:
        tell("note", f"the policy has no `guard`; an engine would add one: {ENGINES_GUARD}")


def _hint_after(decision: Decision) -> None:
    """Say how to look ahead where a rule only waits for its `for`."""
    assert decision.explanation is not None
    for rule in decision.explanation.rules:
        for timer in rule.timers:
            if rule.phase == "pending" and timer.name == "for" and timer.remaining_ns > 0:
                left = f"{timer.remaining_ns / 1_000_000_000:.9g}s"
                tell("hint", f"`{rule.name}` starts if its `when` stays true; look ahead with --after {left}")
                return
