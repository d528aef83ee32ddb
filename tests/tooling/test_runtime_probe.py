from __future__ import annotations

import os
from pathlib import Path

import onnxruntime
import pytest

from edgeadapt.tooling import runtime_probe
from edgeadapt.tooling.runtime_probe import probe_onnxruntime


def test_it_tells_of_the_onnxruntime_that_is_installed() -> None:
    assert probe_onnxruntime() == {
        "version": onnxruntime.__version__,
        "module": onnxruntime.__file__,
        "providers": onnxruntime.get_available_providers(),
        "error": "",
    }


@pytest.mark.parametrize(
    ("question", "error"),
    [
        ("import no_such_runtime", "ModuleNotFoundError: No module named 'no_such_runtime'"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGILL)", "its import ends the process by SIGILL"),
        ("raise SystemExit(3)", "its import ends the process"),
        ("print('hello')", "its import prints more than it should"),
        ("", "its import ends the process"),
        ("print('{}')", "the module of that name does not say which version it is"),
        ("print('[]')", "the module of that name does not say which version it is"),
        ("print('{\"version\": null}')", "the module of that name does not say which version it is"),
    ],
)
def test_whatever_its_import_does_is_one_line(question: str, error: str) -> None:
    probed = probe_onnxruntime(question=question)
    assert (probed["version"], probed["providers"], probed["error"]) == (None, [], error)


def test_what_it_prints_before_the_answer_does_no_harm() -> None:
    assert probe_onnxruntime(question="print('a warning'); print('{\"version\": \"1\"}')")["version"] == "1"


def test_a_python_that_cannot_be_started_is_one_line() -> None:
    assert probe_onnxruntime("/nowhere/python")["error"] == (
        "no other Python could be started: no such file or directory"
    )


def test_an_import_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime_probe, "_TIMEOUT_S", 0.2)
    probed = probe_onnxruntime(question="import threading; threading.Event().wait()")
    assert probed["error"] == "its import did not end within 0.2 s"


def test_nothing_in_the_current_folder_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("json", "onnxruntime"):
        (tmp_path / f"{name}.py").write_text("open('ran', 'w').close()\ndumps = lambda *_: '{}'")
    monkeypatch.chdir(tmp_path)
    assert probe_onnxruntime()["version"] == onnxruntime.__version__
    assert not (tmp_path / "ran").exists()


def test_the_runtime_is_kept_from_reporting_unless_the_host_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    question = "import json, os; print(json.dumps({'version': os.environ['ORT_DISABLE_TELEMETRY']}))"
    monkeypatch.delenv("ORT_DISABLE_TELEMETRY", raising=False)
    assert probe_onnxruntime(question=question)["version"] == "1"
    assert "ORT_DISABLE_TELEMETRY" not in os.environ
    monkeypatch.setenv("ORT_DISABLE_TELEMETRY", "0")
    assert probe_onnxruntime(question=question)["version"] == "0"
