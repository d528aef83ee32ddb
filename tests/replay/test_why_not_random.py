"""Over random policies, whatever is reported does make the rule or variant win, and a number cannot be nearer."""

from __future__ import annotations

import importlib.util
import math
import random
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from edgeadapt.diagnostics import PolicyError
from edgeadapt.language import compile_text
from edgeadapt.program.decision import Decision
from edgeadapt.replay.changes import Change, ValueChange, Wait
from edgeadapt.replay.trial_steps import Moment, later_by
from edgeadapt.replay.why_not import why_not
from edgeadapt.runtime import open_session
from edgeadapt.state import SIGNALS

POLICIES = 15


def _load(name: str) -> ModuleType:
    # Tests are no package: the generator is loaded by its path.
    path = Path(__file__).parents[1] / "differential" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"why_not_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


generator = _load("random_policies")


def replayed(program: Any, family: Any, trace: list[Any], changes: tuple[Change, ...]) -> Decision:
    """Play a trace from its start, with the changes made at its last step and after it."""
    session = open_session(program, family)
    for state, inputs, variants in trace[:-1]:
        session.step(state, inputs, variants)
    state, inputs, variants = trace[-1]
    values = {change.name: change.given for change in changes if isinstance(change, ValueChange)}
    device = {SIGNALS[name].attribute: value for name, value in values.items() if name in program.signals}
    fed = {name: value for name, value in values.items() if name not in program.signals}
    state, inputs = state.replaced(**device), {**(inputs or {}), **fed}
    decision = session.step(state, inputs, variants)
    for change in changes:
        if isinstance(change, Wait):
            # A clock that stepped back counts as standing at the latest time it had.
            latest = max(step[0].timestamp for step in trace)
            later = later_by(latest, change.nanoseconds)
            assert later is not None
            decision = session.step(state.at(later), inputs, variants)
    return decision


def check_policy(seed: int, reached: Counter[str]) -> None:
    rng = random.Random(seed)
    text = generator.PolicyWriter(rng).policy()
    family = generator.random_family(rng)
    try:
        program = compile_text(text)
    except PolicyError:
        reached["refused by the checker"] += 1
        return
    writer = generator.TraceWriter(rng)
    trace = [writer.step() for _ in range(rng.randint(1, 12))]
    session = open_session(program, family)
    for step in trace[:-1]:
        session.step(*step)
    state, inputs, variants = trace[-1]
    before = [step[0].timestamp for step in trace[:-1]]
    moment = Moment(
        program,
        family,
        state,
        inputs or {},
        variants or {},
        snapshot=session.snapshot() if before else None,
        elapsed_s=state.timestamp - max(before) if before else 0.0,
    )
    goals = [{"rule": rule.name} for rule in program.rules] + [{"variant": name} for name in family.names]
    for goal in rng.sample(goals, 2):
        answer = why_not(moment, **goal)
        assert answer.decision.target == replayed(program, family, trace, ()).target
        reached["wins already"] += answer.wins
        reached["found nothing"] += not answer.wins and not answer.alternatives
        reached["bounded"] += not answer.is_complete
        assert answer.wins or answer.alternatives or answer.obstacles, text
        for alternative in answer.alternatives:
            place = f"seed {seed}, {goal}, {alternative.text}:\n{text}"
            reached["pairs" if len(alternative.changes) > 1 else "singles"] += 1
            reached["suppressed"] += bool(alternative.suppressed)
            found = replayed(program, family, trace, alternative.changes)
            assert wins(found, goal), place
            assert found.target == alternative.decision.target, place
            check_nearest(program, family, trace, alternative.changes, goal, place)
            for change in alternative.changes:
                reached[type(change).__name__] += 1
                assert change.text, place


def check_nearest(
    program: Any, family: Any, trace: list[Any], changes: tuple[Change, ...], goal: Any, place: str
) -> None:
    change = changes[0]
    if len(changes) > 1:
        return
    if isinstance(change, Wait):
        shorter = Wait(change.nanoseconds - 1)
        # Where doubles are further apart than a nanosecond, the same time stands for both.
        timestamp = max(step[0].timestamp for step in trace)
        if later_by(timestamp, shorter.nanoseconds) != later_by(timestamp, change.nanoseconds):
            assert not wins(replayed(program, family, trace, (shorter,)), goal), place
    elif isinstance(change.given, float) and change.before is not None:
        now = _present(change, trace)
        if now is not None and math.nextafter(change.given, now) != now:
            nearer = math.nextafter(change.given, now)
            closer = ValueChange(change.name, change.kind, change.before, nearer, nearer, 0.0)
            assert not wins(replayed(program, family, trace, (closer,)), goal), place


def _present(change: ValueChange, trace: list[Any]) -> float | None:
    state, inputs, _ = trace[-1]
    if change.name in SIGNALS:
        value = getattr(state, SIGNALS[change.name].attribute)
    else:
        value = (inputs or {}).get(change.name)
    return value if isinstance(value, float) else None


def wins(decision: Decision, goal: dict[str, str]) -> bool:
    if "variant" in goal:
        return decision.target == goal["variant"]
    return decision.rule == goal["rule"] and decision.reason != "NO_CANDIDATE"


@pytest.mark.parametrize("part", range(4))
def test_what_is_reported_makes_it_win_and_no_nearer_number_or_shorter_wait_does(part: int) -> None:
    reached: Counter[str] = Counter()
    for seed in range(part * POLICIES, (part + 1) * POLICIES):
        check_policy(seed, reached)
    assert all(reached[name] for name in ("singles", "pairs", "Wait", "ValueChange", "wins already")), reached
