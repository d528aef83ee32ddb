from __future__ import annotations

import json
from typing import Any

import pytest

from edgeadapt.state import SIGNALS
from edgeadapt.tooling import environment
from edgeadapt.tooling.environment import environment_report


def test_it_is_plain_data_with_a_value_or_a_reason_for_every_signal() -> None:
    report = environment_report()
    assert json.loads(json.dumps(report)) == report
    profiler = report["profiler"]
    assert list(profiler["signals"]) == list(SIGNALS)
    unknown = {name for name, value in profiler["signals"].items() if value is None}
    assert unknown == set(profiler["reasons"])
    assert report["memory"]["available_mb"] == profiler["signals"]["memory_available"]
    assert report["problems"] == []


def test_it_says_how_models_run_and_why() -> None:
    runtime = environment_report()["onnxruntime"]
    assert (runtime["activation"], runtime["reason"]) == ("native", "")
    assert runtime["library"]
    assert runtime["library_version"]


def test_it_says_why_models_do_not_run_natively(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGEADAPT_ONNX", "python")
    report = environment_report()
    assert report["onnxruntime"]["activation"] == "python"
    assert report["onnxruntime"]["reason"] in report["notes"][0]
    assert report["problems"] == []


def test_an_onnxruntime_that_is_broken_is_a_problem_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = {
        "version": None,
        "module": None,
        "providers": [],
        "error": "its import ends the process by SIGILL",
    }
    monkeypatch.setattr(environment, "probe_onnxruntime", lambda: broken)
    report = environment_report()
    # Where the library itself opens, models run all the same.
    assert (report["onnxruntime"]["activation"], report["problems"]) == ("native", [])
    assert "can't be imported" in report["notes"][-1]
    monkeypatch.setenv("EDGEADAPT_ONNX", "python")
    report = environment_report()
    assert report["onnxruntime"]["activation"] == "none"
    assert report["problems"] == [
        {
            "problem": "onnxruntime cannot be imported: its import ends the process by SIGILL",
            "remedy": "pip install --force-reinstall onnxruntime",
        }
    ]


def test_a_native_core_that_does_not_load_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(name: str) -> Any:
        raise ImportError("wrong ELF class")

    monkeypatch.setattr(environment, "import_module", fails)
    problems = environment_report()["problems"]
    assert problems[0]["problem"] == "the native core does not load: wrong ELF class"


def test_a_missing_package_is_a_problem_and_another_build_of_onnxruntime_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    packages = {"required": {"attrs": None, "onnxruntime": None}, "optional": {"torch": None}}
    monkeypatch.setattr(environment, "package_versions", lambda: packages)
    assert environment_report()["problems"] == [
        {"problem": "the package `attrs` is not installed", "remedy": "pip install attrs"}
    ]
