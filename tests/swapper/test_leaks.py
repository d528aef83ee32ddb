"""Nothing of the native module outlives the interpreter: its own report at the end stays empty."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

EVERYTHING = """
import threading
from edgeadapt.backends.admission import Transition
from edgeadapt.backends.default import default_loader
from edgeadapt.backends.fake import FakeLoader
from edgeadapt.backends.preparation import Preparation
from edgeadapt.errors import InferenceTimeout
from edgeadapt.registry.activation import Probation
from edgeadapt.registry.family import ModelFamily
from edgeadapt.shipped import shipped
from edgeadapt.swapper.swapper import HotSwapper

class Tight:
    def admit(self, variant, active): return Transition.GAP if variant == "big" else Transition.BESIDE
    def warm(self, variant, backend): pass
    def validate(self, variant, backend): return lambda inputs: backend.infer(inputs)
    def release(self, variant): pass

loader = FakeLoader("a", "b", "big", "bad")
loader.script("bad", infer_error=ZeroDivisionError("scripted"))
rules = Probation(inferences=100, seconds=60.0, errors=0)
with HotSwapper(loader, "a", preparation=Tight(), probation=rules, on_event=print) as swapper:
    swapper.preload("b").wait()
    swapper.swap_to("b").wait()
    swapper.rollback().wait()
    swapper.swap_to("bad").wait()
    for timeout_s in (None, 10.0):
        try:
            swapper.infer(0, timeout_s=timeout_s)
        except ZeroDivisionError:
            pass
    loader.script("big", gate=threading.Event(), can_cancel=True)
    request = swapper.swap_to("big")
    while not swapper.status()["in_gap"]: pass
    swapper.cancel()
    swapper.infer(0)
    request.wait()

family = ModelFamily.from_yaml(shipped("families/digits.yaml"))
import numpy as np
with HotSwapper(default_loader(family), "tiny", preparation=Preparation(family)) as swapper:
    swapper.infer(np.zeros((1, 1, 4, 4), np.float32))
    swapper.infer(np.zeros((1, 1, 4, 4), np.float32), timeout_s=10.0)
    with swapper.lease() as lease:
        print(lease.inputs, lease.outputs, lease.backend.capabilities)
"""

LEAKY = """
import ctypes
from edgeadapt.backends.fake import FakeLoader
from edgeadapt.swapper.swapper import HotSwapper
with HotSwapper(FakeLoader("a"), "a") as swapper:
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(swapper.lease()))
"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "EDGEADAPT_LEAK_WARNINGS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_script_that_uses_everything_leaves_nothing_behind() -> None:
    ended = run("-c", EVERYTHING)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_what_is_left_behind_is_reported() -> None:
    assert "nanobind: leaked" in run("-c", LEAKY).stderr


@pytest.mark.long
@pytest.mark.timeout(600)
def test_the_tests_of_backends_and_swapper_leave_nothing_behind() -> None:
    ended = run("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/backends", "tests/swapper")
    assert ended.returncode == 0, ended.stdout[-2000:]
    assert "nanobind: leaked" not in ended.stderr
