"""A decision log's stretches stepped through again, each decision beside the one that was recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from edgeadapt.errors import TraceError
from edgeadapt.observability import PolicyCommitted, PolicyMemory, PolicyStep
from edgeadapt.policy import BasePolicy, PolicySession, RulePolicy, StabilityGuard
from edgeadapt.program.decision import Decision
from edgeadapt.program.program import Program
from edgeadapt.registry.family import ModelFamily
from edgeadapt.replay.decision_log import DecisionRecord, Stretch
from edgeadapt.wording import shown

_DIGEST_SHOWN = 12


@attrs.frozen
class ReplayedStep:
    """A step as it was recorded, and the decision of the replay; `memory` was the session's before it, if asked for."""

    recorded: PolicyStep
    decision: Decision
    before: str | None
    phases: Mapping[str, str]
    memory: Mapping[str, Any] | None
    elapsed_s: float

    @property
    def is_same(self) -> bool:
        """Whether the replay decided what was recorded."""
        return attrs.evolve(self.decision, explanation=None) == self.recorded.decision


def fitting_stretches(record: DecisionRecord, program: Program, family: ModelFamily) -> tuple[Stretch, ...]:
    """Return the stretches that were decided by this program over this family.

    Raises TraceError where there are none, with what differs.
    """
    fitting = tuple(
        it
        for it in record.stretches
        if it.begin.program == program.digest and it.begin.family == family.digest
    )
    if fitting:
        return fitting
    if not record.stretches:
        problem = "it has no step that follows a policy's memory"
        raise TraceError(record.path, None, problem, "give a log that a whole run of an engine wrote")
    raise misfit(record.path, record.stretches[-1].begin, program, family)


def replay(
    stretch: Stretch, program: Program, family: ModelFamily, *, explain: int | None = None, path: str = ""
) -> Iterator[ReplayedStep]:
    """Step through a stretch; the step with the index `explain`, or each with -1, is explained.

    Raises TraceError where the log does not fit the program after all.
    """
    try:
        yield from _replay(stretch, program, family, explain)
    except ValueError as error:
        raise TraceError(
            path, None, f"it can't be replayed: {error}", "give the log as it was written"
        ) from None


def _replay(
    stretch: Stretch, program: Program, family: ModelFamily, explain: int | None
) -> Iterator[ReplayedStep]:
    session = _session(stretch.begin, program, family)
    index = 0
    latest: float | None = None
    for event in stretch.events:
        if isinstance(event, PolicyCommitted):
            session.committed(event.variant, event.at_s)
            continue
        explained = explain in (index, -1)
        before = session.active
        memory = session.snapshot() if explained else None
        now = event.state.timestamp
        elapsed_s = stretch.begin.elapsed_s if latest is None else max(0.0, now - latest)
        decision = session.step(event.state, event.inputs, event.variants, explained)
        latest = now if latest is None else max(now, latest)
        yield ReplayedStep(event, decision, before, dict(session.phases), memory, elapsed_s)
        index += 1


def _session(begin: PolicyMemory, program: Program, family: ModelFamily) -> PolicySession:
    policy: BasePolicy = RulePolicy(program)
    if begin.guard is not None:
        policy = StabilityGuard.like(policy, begin.guard)
    session = policy.session(family, auto_commit=False, snapshot=begin.memory, elapsed_s=begin.elapsed_s)
    if session.refused:
        raise ValueError(session.refused)
    return session


def misfit(path: str, begin: PolicyMemory, program: Program, family: ModelFamily) -> TraceError:
    """Say what differs between who decided a stretch and what is given, the nearer thing first."""
    if not begin.program:
        problem = f"it was decided by policy {shown(begin.policy)}, which is written in Python"
        return TraceError(path, None, problem, "only a log of an .eap policy can be replayed")
    if begin.policy != program.name:
        problem = f"it was decided by policy {shown(begin.policy)}, and this one is {shown(program.name)}"
        return TraceError(path, None, problem, "give the policy that the engine ran")
    if begin.program != program.digest:
        problem = (
            f"it was decided by another version of policy {shown(begin.policy)}: digest "
            f"{begin.program[:_DIGEST_SHOWN]}, and this one has {program.digest[:_DIGEST_SHOWN]}"
        )
        return TraceError(path, None, problem, _parameters(begin, program))
    problem = (
        f"it was decided over another version of family {shown(begin.family_name)}: digest "
        f"{begin.family[:_DIGEST_SHOWN]}, and {shown(family.name)} has {family.digest[:_DIGEST_SHOWN]}"
    )
    return TraceError(path, None, problem, "give the family file that the engine served, with --family")


def _parameters(begin: PolicyMemory, program: Program) -> str:
    """Name the parameters that differ, in the language's canonical units; without any it is the text."""
    here = {param.name: param.value for param in program.params}
    differing = [
        f"{name} was {value!r}"
        for name, value in begin.params.items()
        if name in here and here[name] != value
    ]
    if not differing:
        return "give the policy as the engine ran it"
    return f"give the engine's parameters with --param, in canonical units: {shown(', '.join(differing))}"
