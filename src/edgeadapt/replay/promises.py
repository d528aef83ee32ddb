"""A policy's properties, judged on the traces of its tests: section 7 of the language."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from edgeadapt.program.constant import duration_ns, param_values
from edgeadapt.program.program import Program, RateProperty, UseProperty
from edgeadapt.replay.trial import StepRun, TrialRun
from edgeadapt.runtime.evaluate import truth
from edgeadapt.runtime.property_scope import PropertyScope


@attrs.frozen
class Breach:
    """A step at which a property does not hold, and what is wrong in words."""

    run: TrialRun
    step: StepRun
    words: str


@attrs.frozen
class Verdict:
    """A property over all tests: in how many steps it was judged, and its first breach in each test."""

    name: str
    judged: int
    breaches: tuple[Breach, ...]


def judge(program: Program, runs: Sequence[TrialRun]) -> tuple[Verdict, ...]:
    """Judge each property of a policy at each step of its tests."""
    return tuple(
        _judge_use(program, it, runs) if isinstance(it, UseProperty) else _judge_rate(program, it, runs)
        for it in program.properties
    )


def _judge_use(program: Program, promise: UseProperty, runs: Sequence[TrialRun]) -> Verdict:
    """Judge what the policy wants wherever the condition has been true for long enough; unknown is not true."""
    held_ns = duration_ns(promise.for_, param_values(program))
    scopes = PropertyScope(program)
    judged = 0
    breaches: list[Breach] = []
    for run in runs:
        since: int | None = None
        broken: Breach | None = None
        for it in run.steps:
            t = it.step.at_ns
            if truth(promise.when, scopes.of(it.state, it.inputs, it.bands)) is not True:
                since = None
                continue
            since = t if since is None else since
            if t - since < held_ns:
                continue
            judged += 1
            target = it.decision.target
            if (target in promise.variants) is not promise.always and broken is None:
                wanted = "no variant" if target is None else f"`{target}`"
                broken = Breach(run, it, f"the policy wants {wanted}")
        breaches += [broken] if broken is not None else []
    return Verdict(promise.name, judged, tuple(breaches))


def _judge_rate(program: Program, promise: RateProperty, runs: Sequence[TrialRun]) -> Verdict:
    """Judge that no window holds more commits than allowed; the adoption is none."""
    window = duration_ns(promise.limit.per, param_values(program))
    breaches: list[Breach] = []
    for run in runs:
        commits: list[int] = []
        for it in run.steps:
            if not it.decision.swap:
                continue
            commits = [at for at in commits if it.step.at_ns - at < window] + [it.step.at_ns]
            if len(commits) > promise.limit.count:
                count = f"{len(commits)} swap" + ("" if len(commits) == 1 else "s")
                breaches.append(Breach(run, it, f"this is the last of {count} within the window"))
                break
    return Verdict(promise.name, sum(len(run.steps) for run in runs), tuple(breaches))
