"""A log of a real engine's run decides the same when it is replayed, whatever happened to its swaps."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from edgeadapt.engine import decision_notes
from edgeadapt.errors import TraceError
from edgeadapt.observability import ObservabilityCollector, PolicyMemory
from edgeadapt.observability.sinks.decision_log import DecisionLog
from edgeadapt.policy import RulePolicy, StabilityGuard
from edgeadapt.program.params import with_params
from edgeadapt.registry import ModelFamily
from edgeadapt.replay.decision_log import read_decision_log
from edgeadapt.replay.replayed import ReplayedStep, fitting_stretches, replay
from tests.engine.conftest import PATIENCE_S, Bench

TIMED = """
edition 1
policy timed {
  input busy: bool stale after 25 s
  param floor = 20%
  let weak = battery < floor band 15%
  rule low { when weak for 20 s linger 10 s hold 30 s use tiny else lowest memory }
  rule high { when battery >= 80% and not busy until battery < 70% use full cooldown 15 s }
  otherwise use highest memory tolerance 1 MB where memory < 200 MB else medium
  GUARD
}
"""
GUARDED = TIMED.replace("GUARD", "guard { cooldown 12 s at most 3 swaps per 2 min }")
UNGUARDED = TIMED.replace("GUARD", "")


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    for engine in made.engines:
        engine.stop()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "decisions.jsonl"


def policy(text: str) -> RulePolicy:
    return RulePolicy.from_text(text)


def an_eventful_run(bench: Bench, log: Path, polls: int = 60, **settings: Any) -> None:
    """Poll through noise: loads that hang, fail and are made up for, orders of the operator's, inputs that age."""
    noise = random.Random(6)
    percents = [noise.choice((5.0, 15.0, 19.9, 33.3, 50.0, 75.0, 85.1, 100 / 3)) for _ in range(polls + 1)]
    gate = threading.Event()
    bench.loader.script("tiny", load_error=OSError("the file is cut off"))
    bench.loader.script("full", gate=gate)
    collector = ObservabilityCollector(sinks=[DecisionLog(log)])
    engine = bench.running(*percents, observability=collector, **settings)
    for number in range(polls):
        if number % 3 == 0:
            engine.report(busy=noise.random() < 0.5)
        if number == 10:
            gate.set()
        if number == 20:
            bench.loader.script("tiny", load_error=None)
        if number == 30:
            engine.pin("medium", who="test")
        if number == 34:
            engine.unpin()
        if number == 40 and engine.status().previous_variant is not None:
            engine.rollback().wait(PATIENCE_S)
        bench.poll(engine)
        hangs = number < 10 and engine.status().pending_variant == "full"
        # Sometimes its end is told to the policy before the next poll, sometimes during a later one.
        if not hangs and noise.random() < 0.7:
            settle(engine)
    engine.stop()
    assert collector.close()


def settle(engine: Any) -> None:
    until = time.monotonic() + PATIENCE_S
    while engine.status().pending_variant is not None:
        assert time.monotonic() < until


def replayed(log: Path, program: Any, family: ModelFamily, **settings: Any) -> list[ReplayedStep]:
    stretches = fitting_stretches(read_decision_log(log), program, family)
    return [step for stretch in stretches for step in replay(stretch, program, family, **settings)]


def lines(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines()]


@pytest.mark.parametrize("evaluator", ["native", "reference"])
@pytest.mark.parametrize("text", [GUARDED, UNGUARDED], ids=["guarded", "unguarded"])
def test_an_eventful_run_replays_to_the_same_decisions(
    text: str, evaluator: str, bench: Bench, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_eventful_run(bench, log, policy=policy(text))
    written = lines(log)
    codes = {line["code"] for line in written if line.get("kind") == "swap_stage.v1"}
    assert {"SWAP_COMMITTED", "SWAP_LOAD_FAILED"} <= codes
    assert any(line.get("unavailable") for line in written)
    assert any(line.get("kind") == "operator.v1" for line in written)
    monkeypatch.setenv("EDGEADAPT_EVALUATOR", evaluator)
    steps = replayed(log, policy(text).program, bench.family)
    assert len(steps) == 61
    assert len({(step.decision.rule, step.decision.reason) for step in steps}) >= 4
    assert [step for step in steps if not step.is_same] == []


def test_each_memory_in_the_log_is_a_beginning_that_leads_to_the_same_decisions(
    bench: Bench, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decision_notes, "STEPS_PER_MEMORY", 7)
    an_eventful_run(bench, log, policy=policy(UNGUARDED))
    header, *rest = log.read_text().splitlines()
    begins = [index for index, line in enumerate(rest) if PolicyMemory.kind in line]
    assert len(begins) >= 8
    for begin in begins:
        log.write_text("\n".join([header, *rest[begin:]]) + "\n")
        steps = replayed(log, policy(UNGUARDED).program, bench.family)
        assert [step for step in steps if not step.is_same] == []
    assert len(steps) < 10


def test_what_follows_a_lost_line_counts_again_from_the_next_memory_on(
    bench: Bench, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decision_notes, "STEPS_PER_MEMORY", 7)
    an_eventful_run(bench, log, policy=policy(GUARDED))
    kept = log.read_text().splitlines()
    steps_at = [index for index, line in enumerate(kept) if "policy_step.v1" in line]
    kept[steps_at[9]] = kept[steps_at[9]][:40]
    log.write_text("\n".join(kept))
    record = read_decision_log(log)
    assert len(record.stretches) == 2
    assert record.left_out > 0
    steps = replayed(log, policy(GUARDED).program, bench.family)
    assert len(steps) + record.left_out == 60
    assert [step for step in steps if not step.is_same] == []


def test_a_run_that_goes_on_after_a_restart_replays_from_its_saved_memory(bench: Bench, log: Path) -> None:
    settings = {"state_file": log.with_name("state"), "policy": policy(GUARDED)}
    an_eventful_run(bench, log, 25, **settings)
    an_eventful_run(bench, log, 25, **settings)
    begins = [line for line in lines(log) if line.get("kind") == PolicyMemory.kind and line["number"] == 0]
    assert [begin["memory"] is None for begin in begins] == [True, False]
    steps = replayed(log, policy(GUARDED).program, bench.family)
    assert len({step.recorded.session for step in steps}) == 2
    assert len(steps) == 52
    assert [step for step in steps if not step.is_same] == []


def test_the_guard_that_was_lent_to_the_policy_is_replayed_with_its_own_settings(
    bench: Bench, log: Path
) -> None:
    guard = StabilityGuard(policy(UNGUARDED), cooldown_sec=33.3, max_swaps_per_window=2, hysteresis=0.1)
    an_eventful_run(bench, log, policy=guard)
    steps = replayed(log, policy(UNGUARDED).program, bench.family)
    assert any(step.decision.reason.startswith("SWAP_SUPPRESSED") for step in steps)
    assert [step for step in steps if not step.is_same] == []


def test_another_decision_is_seen(bench: Bench, log: Path) -> None:
    an_eventful_run(bench, log, 5, policy=policy(GUARDED))
    log.write_text(log.read_text().replace('"target":"medium"', '"target":"full"', 1))
    assert [step.is_same for step in replayed(log, policy(GUARDED).program, bench.family)].count(False) == 1


def test_the_explained_step_decides_the_same(bench: Bench, log: Path) -> None:
    an_eventful_run(bench, log, policy=policy(GUARDED))
    steps = replayed(log, policy(GUARDED).program, bench.family, explain=-1)
    assert all(step.decision.explanation is not None for step in steps)
    assert [step for step in steps if not step.is_same] == []


def test_what_does_not_fit_is_told_by_what_differs(bench: Bench, log: Path) -> None:
    an_eventful_run(bench, log, 3, policy=policy(GUARDED))
    record, program = read_decision_log(log), policy(GUARDED).program

    def problem(program: Any, family: ModelFamily = bench.family) -> str:
        with pytest.raises(TraceError) as raised:
            fitting_stretches(record, program, family)
        return f"{raised.value.problem}; {raised.value.remedy}"

    digest = program.digest[:12]
    other = policy(GUARDED.replace("policy timed", "policy another")).program
    assert problem(other).startswith("it was decided by policy `timed`, and this one is `another`; give the")
    other = policy(GUARDED.replace("75%", "70%").replace("80%", "81%")).program
    assert problem(other) == (
        f"it was decided by another version of policy `timed`: digest {digest}, and this one has "
        f"{other.digest[:12]}; give the policy as the engine ran it"
    )
    other = with_params(program, {"floor": "25%"})
    assert problem(other).endswith(
        "give the engine's parameters with --param, in canonical units: `floor was 20.0`"
    )
    family = bench.family.without(["full"])
    assert problem(program, family).startswith(
        "it was decided over another version of family `digits`: digest"
    )


def test_a_log_of_a_policy_in_python_is_told_to_be_one(bench: Bench, log: Path) -> None:
    collector = ObservabilityCollector(sinks=[DecisionLog(log)])
    engine = bench.running(50, policy=lambda state, family: "medium", observability=collector)
    bench.poll(engine)
    engine.stop()
    assert collector.close()
    with pytest.raises(TraceError, match=r"written in Python; only a log of an \.eap policy can be replayed"):
        fitting_stretches(read_decision_log(log), policy(GUARDED).program, bench.family)


def test_a_log_that_names_what_the_family_lacks_is_an_error_and_no_traceback(bench: Bench, log: Path) -> None:
    an_eventful_run(bench, log, 3, policy=policy(GUARDED))
    (stretch,) = fitting_stretches(read_decision_log(log), policy(GUARDED).program, bench.family)
    events = tuple(
        attrs.evolve(event, variant="huge") if hasattr(event, "variant") else event
        for event in stretch.events
    )
    with pytest.raises(TraceError, match="can't be replayed: family `digits` has no variant `huge`"):
        list(replay(attrs.evolve(stretch, events=events), policy(GUARDED).program, bench.family))
