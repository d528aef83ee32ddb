"""The garbage collector rests where it is of no use, and only there."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest
from click.testing import CliRunner

from edgeadapt.cli.collector import collector_paused
from edgeadapt.cli.main import main
from edgeadapt.language import lint_text
from edgeadapt.shipped import shipped


def test_the_collector_rests_meanwhile_and_works_again_even_after_an_error() -> None:
    @collector_paused()
    def fail() -> None:
        assert not gc.isenabled()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert gc.isenabled()


def test_one_that_rested_already_goes_on_resting() -> None:
    gc.disable()
    try:
        with collector_paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_lint_in_a_process_that_goes_on_leaves_the_collector_at_work() -> None:
    assert CliRunner().invoke(main, ["lint", str(shipped("policies/balanced.eap"))]).exit_code == 0
    assert gc.isenabled()


@pytest.mark.parametrize("policy", sorted(shipped("policies").glob("*.eap")), ids=lambda path: path.stem)
def test_linting_makes_no_cycles_that_a_resting_collector_would_leave(policy) -> None:
    text = policy.read_text("utf-8")
    lint_text(text)
    gc.collect()
    with collector_paused():
        for _ in range(3):
            lint_text(text)
        assert gc.collect() == 0


@pytest.mark.parametrize(("loads", "is_spared"), [("json", True), ("edgeadapt._core", False)])
def test_garbage_left_at_the_end_is_collected_only_for_native_code(loads: str, is_spared: bool) -> None:
    script = f"""
import gc
import {loads}
from edgeadapt.cli.main import main

class Cycle:
    def __init__(self):
        self.itself = self
    def __del__(self):
        print("collected")

gc.disable()
Cycle()
main(["--version"], prog_name="edgeadapt")
"""
    ended = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert ("collected" not in ended.stdout) is is_spared
    assert ended.stdout.startswith("edgeadapt ")
