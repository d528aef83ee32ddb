"""A decision log tells of reloads, and each of its parts is replayed with the policy and the family that decided it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from edgeadapt.cli.main import main
from edgeadapt.observability import ObservabilityCollector
from edgeadapt.observability.sinks.decision_log import DecisionLog
from edgeadapt.policy import RulePolicy
from edgeadapt.registry import ModelFamily
from edgeadapt.replay.decision_log import read_decision_log
from edgeadapt.replay.replayed import fitting_stretches, replay
from tests.engine.files import Files, family_text, policy_text, save

PERCENTS = (50.0, 50.0, 10.0, 10.0, 10.0, 10.0, 50.0, 50.0, 90.0)
# Timers that a reload falls into.
LASTING = policy_text().replace("rule low {", "rule low { for 25 s linger 15 s")


def logged(bench: Any, files: Files, tmp_path: Path, change: Any) -> Path:
    """Return the log of an engine whose files were changed half-way."""
    path = tmp_path / "decisions.jsonl"
    collector = ObservabilityCollector(sinks=[DecisionLog(path)])
    engine = files.running(bench, *PERCENTS, observability=collector)
    for index in range(len(PERCENTS) - 1):
        if index == 3:
            change()
            engine.reload(who="me")
        if bench.poll(engine).swap:
            bench.swapped()
    engine.stop()
    collector.close()
    return path


def test_what_was_decided_on_either_side_of_a_reload_is_replayed(
    bench: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    files = Files(tmp_path)
    save(files.policy, LASTING)
    old = RulePolicy.from_file(files.policy).program
    path = logged(bench, files, tmp_path, lambda: save(files.policy, policy_text(low=60)))
    new = RulePolicy.from_file(files.policy).program
    family = ModelFamily.from_yaml(files.family)
    record = read_decision_log(path)
    assert [stretch.begin.program for stretch in record.stretches] == [old.digest, new.digest]
    assert [len(stretch.steps) for stretch in record.stretches] == [4, 5]
    for program in (old, new):
        (stretch,) = fitting_stretches(record, program, family)
        assert all(step.is_same for step in replay(stretch, program, family))
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    reloads = [line for line in lines if line.get("kind") == "reload.v1"]
    assert [(it["what"], it["outcome"], it["who"]) for it in reloads] == [
        ("policy", "reloaded", "me"),
        ("family", "unchanged", "me"),
    ]
    assert (reloads[0]["before"], reloads[0]["digest"]) == (old.digest, new.digest)

    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(main, ["dry-run", "p.eap", "--family", "f.yaml", "--trace", str(path)])
    assert told.exit_code == 0
    line = record.stretches[0].line
    assert (
        f"note: 4 steps are not replayed, from line {line} on: it was decided by another version"
        in told.stderr
    )
    assert "All 5 decisions are as recorded." in told.stdout


def test_memory_that_went_on_goes_on_in_the_replay(bench: Any, tmp_path: Path) -> None:
    files = Files(tmp_path)
    save(files.policy, LASTING)
    old = ModelFamily.from_yaml(files.family)
    path = logged(
        bench, files, tmp_path, lambda: save(files.family, family_text("full", "medium", "tiny", "micro"))
    )
    new = ModelFamily.from_yaml(files.family)
    program = RulePolicy.from_file(files.policy).program
    record = read_decision_log(path)
    for family, steps in ((old, 4), (new, 5)):
        (stretch,) = fitting_stretches(record, program, family)
        replayed = list(replay(stretch, program, family))
        assert len(replayed) == steps
        assert all(step.is_same for step in replayed)
    # The timer that began before the reload ended after it.
    assert [step.decision.rule for step in replayed[:2]] == ["otherwise", "low"]


def test_properties_go_on_over_a_changed_family(bench: Any, tmp_path: Path) -> None:
    files = Files(tmp_path)
    promised = (
        policy_text().rstrip().removesuffix("}")
        + "  property p { never use tiny when battery < 15% for 15 s }\n}\n"
    )
    save(files.policy, promised)
    engine = files.running(bench, 50, *[10] * 6)
    for index in range(5):
        if index == 2:
            save(files.family, family_text("full", "medium", "tiny", "micro"))
            assert engine.reload()[1].memory_kept
        bench.poll(engine)
    # Once: what lasts is not told again.
    assert engine.status().counters["property_violations"] == 1
