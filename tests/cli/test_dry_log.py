"""`dry-run --trace decisions.jsonl` replays an engine's decision log and holds each decision against the recorded one."""

import json
from pathlib import Path
from typing import Any

import pytest

from edgeadapt.engine import Engine
from edgeadapt.observability import ObservabilityCollector
from edgeadapt.observability.sinks.decision_log import DecisionLog
from edgeadapt.policy import RulePolicy
from edgeadapt.profiler.recorded import RecordedProfiler
from edgeadapt.registry import ModelFamily
from edgeadapt.state import DeviceState


@pytest.fixture
def log(saver: Any, digits: Any, tmp_path: Path) -> str:
    """The log of an engine that saw the battery run low."""
    percents = (50.0, 15.0, 15.0, 15.0, 15.0)
    states = [DeviceState(p, False, 40.0, 1000.0, 10.0, None, None, 10.0 * i) for i, p in enumerate(percents)]
    family = ModelFamily.from_yaml(digits)
    collector = ObservabilityCollector(sinks=[DecisionLog(tmp_path / "decisions.jsonl")])
    engine = Engine(
        family,
        RulePolicy.from_file(saver),
        poll_interval_sec=3600.0,
        profiler=RecordedProfiler(states),
        observability=collector,
    )
    with engine:
        for _ in percents[1:]:
            engine.poll()
    assert collector.close()
    return "decisions.jsonl"


def test_a_log_is_replayed_as_a_timeline_and_the_last_step_explained(run, saver, digits, log) -> None:
    result = run("dry-run", saver, "--family", digits, "--trace", log)
    assert result.exit_code == 0, result.stderr
    assert f"Decision log: {log}, 5 steps over 40 s" in result.stdout
    assert "low is pending" in result.stdout
    assert "The last step, at 40 s:" in result.stdout
    assert result.stdout.endswith("\nAll 5 decisions are as recorded.\n")


def test_another_step_is_explained_and_asked_why_not(run, saver, digits, log) -> None:
    result = run(
        "dry-run", saver, "--family", digits, "--trace", log, "--explain-at", "10s", "--why-not", "low"
    )
    assert result.exit_code == 0, result.stderr
    assert "The step, at 10 s:" in result.stdout
    assert "10 s later" in result.stdout


def test_a_decision_that_differs_is_told_and_is_a_problem(run, saver, digits, log) -> None:
    text = Path(log).read_text().replace('"rule":"low"', '"rule":"dark"', 1)
    Path(log).write_text(text)
    result = run("dry-run", saver, "--family", digits, "--trace", log)
    assert result.exit_code == 1
    assert (
        "error: at 20 s the log has `tiny` by `dark` with `medium` active (SWAP_POLICY_RECOMMEND), "
        "the replay `tiny` by `low` with `medium` active (SWAP_POLICY_RECOMMEND)" in result.stderr
    )
    assert "error: 1 of 5 decisions are not as recorded" in result.stderr


def test_as_json_each_step_says_whether_it_is_as_recorded(run, saver, digits, log) -> None:
    result = run("dry-run", saver, "--family", digits, "--trace", log, "--json")
    assert result.exit_code == 0, result.stderr
    steps = [json.loads(line) for line in result.stdout.splitlines()]
    assert [step["timestamp"] for step in steps] == [0, 10, 20, 30, 40]
    assert all(step["as_recorded"] and step["unavailable"] == {} for step in steps)


def test_a_log_of_other_parameters_is_refused_and_names_them(run, saver, digits, log) -> None:
    result = run("dry-run", saver, "--family", digits, "--trace", log, "--param", "floor=25%")
    assert result.exit_code == 2
    assert "it was decided by another version of policy `saver`" in result.stderr
    assert "with --param, in canonical units: `floor was 20.0`" in result.stderr


def test_a_log_brings_its_own_inputs_and_variants(run, saver, digits, log) -> None:
    for option in (("--input", "light=5"), ("--active", "tiny")):
        result = run("dry-run", saver, "--family", digits, "--trace", log, *option)
        assert result.exit_code == 2
        assert "a decision log brings its own inputs and variants" in result.stderr


def test_other_commands_tell_that_a_log_is_no_trace(run, saver, digits, log) -> None:
    result = run("run", saver, "--family", digits, "--trace", log)
    assert result.exit_code == 2
    assert "this is a decision log, not a device's trace" in result.stderr


def test_a_log_that_is_damaged_is_told_with_its_line(run, saver, digits, log) -> None:
    Path(log).write_text(Path(log).read_text().replace('"swap":', '"swop":', 1))
    result = run("dry-run", saver, "--family", digits, "--trace", log)
    assert result.exit_code == 2
    assert "decisions.jsonl:3: the event is malformed" in result.stderr


def test_before_the_first_step_there_is_nothing_to_explain(run, saver, digits, log) -> None:
    result = run("dry-run", saver, "--family", digits, "--trace", log, "--explain-at", "-1s")
    assert result.exit_code == 2


def test_the_log_variable_is_checked_before_anything_else(run, monkeypatch) -> None:
    monkeypatch.setenv("EDGEADAPT_LOG", "loud")
    result = run("doctor")
    assert result.exit_code == 2
    assert "EDGEADAPT_LOG is one of DEBUG, INFO, WARNING, ERROR, CRITICAL, not `loud`" in result.stderr


def test_what_run_logs_is_replayed(run, saver, digits, tmp_path) -> None:
    rows = ["t,battery,charging", *(f"{second},{50 - second * 4},false" for second in range(12))]
    (tmp_path / "day.csv").write_text("\n".join(rows))
    result = run(
        *("run", saver, "--family", digits, "--trace", "day.csv", "--speed", "60"),
        *("--decision-log", "run.jsonl"),
    )
    assert result.exit_code == 0, result.stderr
    result = run("dry-run", saver, "--family", digits, "--trace", "run.jsonl")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.endswith("decisions are as recorded.\n")


def test_a_log_that_run_cannot_write_is_told_before_anything_runs(run, saver, digits) -> None:
    result = run("run", saver, "--family", digits, "--decision-log", "nowhere/run.jsonl")
    assert result.exit_code == 2
    assert result.stderr.endswith(": no such file or directory\n")
    result = run("run", saver, "--family", digits, "--decision-log", "run.txt")
    assert result.exit_code == 2
    assert "a decision log is named .jsonl or .ndjson, not `run.txt`" in result.stderr
