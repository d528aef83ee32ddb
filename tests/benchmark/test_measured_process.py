"""A measuring process that ends otherwise than with its figures says how, as far as that can be told."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from edgeadapt.benchmark.measured_process import run_process
from edgeadapt.benchmark.report import Failure
from edgeadapt.registry import ActivationRules, ModelFamily


def ended(code: str, family: ModelFamily | None = None, heard: list[int] | None = None) -> object:
    if family is None:
        family = ModelFamily("f", activation=ActivationRules(load_timeout_s=7.0))
    return run_process(
        family,
        sample=None,
        dims={},
        runs=1,
        warm_up=0,
        timeout_s=2.5,
        heard=(heard if heard is not None else []).append,
        command=lambda: [sys.executable, "-S", "-c", f"import os, sys; sys.stdin.buffer.read(); {code}"],
    )


@pytest.mark.parametrize(
    ("code", "stage", "reason"),
    [
        ("os.kill(os.getpid(), 11)", "starting", "its process ended by SIGSEGV: the runtime crashed"),
        ("os.kill(os.getpid(), 9)", "starting", "its process was killed; there may be too little memory"),
        ("os.kill(os.getpid(), 14)", "starting", "its load did not end within 7 s"),
        (
            """print('{"stage": "running"}', flush=True); os.kill(os.getpid(), 14)""",
            "running",
            "an inference did not end within 2.5 s",
        ),
        (
            """print('{"stage": "loading"}'); print('{"result": {'); sys.exit('out of disk')""",
            "loading",
            "its process ended with exit code 1: out of disk",
        ),
        ("pass", "starting", "its process ended with exit code 0: it said nothing"),
        ("""print('{"failure": {"stage": "warming", "reason": "no"}}')""", "warming", "no"),
    ],
)
def test_how_it_ended_is_told(code: str, stage: str, reason: str) -> None:
    assert ended(code) == Failure(stage, reason)


def test_figures_are_returned_and_progress_is_heard_however_it_is_cut() -> None:
    heard: list[int] = []
    code = """[(sys.stdout.write(part), sys.stdout.flush()) for part in ('{"do', 'ne": 3}\\\\n{"done": 4}\\\\n', '{"result": {"a": 1}}\\\\n')]"""
    assert ended(code.replace("\\\\n", "\\n"), heard=heard) == {"a": 1}
    assert heard == [3, 4]


def test_a_python_that_is_not_there_is_told(tmp_path: Path) -> None:
    family = ModelFamily("f")
    told = run_process(
        family,
        sample=None,
        dims={},
        runs=1,
        warm_up=0,
        timeout_s=1,
        heard=print,
        command=lambda: [str(tmp_path / "none")],
    )
    assert told == Failure("starting", "no other Python could be started: no such file or directory")
