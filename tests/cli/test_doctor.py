"""`doctor` prints data, or a table, of how EdgeAdapt stands here; a problem is code 1."""

from __future__ import annotations

import json

import pytest

from edgeadapt.tooling import environment

BROKEN = {"version": None, "module": None, "providers": [], "error": "no module named\x1b[31m it"}


def test_it_prints_the_report_as_json(run) -> None:
    result = run("doctor")
    assert (result.exit_code, result.stderr) == (0, "")
    assert list(json.loads(result.stdout))[:4] == ["edgeadapt", "python", "platform", "packages"]


def test_the_table_has_every_part_and_wraps(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    result = run("doctor", "--human")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    heads = [line.partition("  ")[0] for line in lines if line and not line.startswith(" ")]
    parts = (
        "edgeadapt",
        "native core",
        "Python",
        "onnxruntime",
        "models run",
        "memory",
        "processors",
        "profiler",
    )
    assert [part for part in parts if part not in heads] == []
    assert max(map(len, lines)) <= 80
    assert "Unknown here:" in lines
    assert lines[-1] == "no problems"


def test_backends_extras_and_the_kernel_are_told_of(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edgeadapt.tooling.extras.version_of", lambda package: None)
    text = " ".join(run("doctor", "--human").stdout.split())
    assert "Backends and extras: backend onnx onnxruntime" in text
    assert "backend openvino" in text
    assert "plot missing, for the picture that `edgeadapt demo` draws: pip install 'edgeadapt[plot]'" in text
    for part in ("pressure files", "cgroup", "control socket", "cache"):
        assert part in text
    data = json.loads(run("doctor").stdout)
    assert data["kernel"]["control_socket"]["supported"] is True
    assert set(data["cache"]["kept"]) == {"grammar", "preflight"}


def test_a_problem_is_code_1_and_stands_last_with_its_remedy(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("EDGEADAPT_ONNX", "python")
    monkeypatch.setattr(environment, "probe_onnxruntime", lambda: BROKEN)
    result = run("doctor", "--human")
    assert result.exit_code == 1
    text = " ".join(result.stdout.split())
    assert text.endswith(
        "problem: onnxruntime cannot be imported: no module named\N{REPLACEMENT CHARACTER}[31m it; "
        "pip install --force-reinstall onnxruntime"
    )
    assert "models run not at all" in text
    assert "\x1b" not in result.stdout
    assert run("doctor").exit_code == 1


def test_a_wrong_call_is_code_2(run) -> None:
    result = run("doctor", "--humane")
    assert result.exit_code == 2
    assert result.stderr.endswith("  see: edgeadapt doctor --help\n")
