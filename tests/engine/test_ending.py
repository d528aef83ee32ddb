from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import time
import weakref
from pathlib import Path
from typing import Any

import pytest

from edgeadapt.engine import Engine
from edgeadapt.errors import NotServing
from edgeadapt.observability import EngineStopped, ObservabilityCollector

PATIENCE_S = 20.0


def control_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("edgeadapt-")]


def test_after_a_stop_no_thread_is_left(bench: Any) -> None:
    engine = bench.running(50)
    assert control_threads() == ["edgeadapt-digits"]
    engine.stop()
    assert control_threads() == []


def test_a_stop_cancels_the_load_under_way_and_counts_it(bench: Any) -> None:
    gate = threading.Event()
    bench.loader.script("tiny", gate=gate)
    engine = bench.running(50, 10)
    bench.poll(engine)
    tiny = bench.loading("tiny")
    engine.stop(0.5)
    counters = engine.status().counters
    assert (counters["swaps_attempted"], counters["swaps_cancelled"]) == (1, 1)
    gate.set()
    assert tiny.unloaded.wait(PATIENCE_S)
    assert engine.status().counters["swaps_succeeded"] == 0


def test_a_stop_is_bounded_while_a_load_hangs(bench: Any) -> None:
    gate = threading.Event()
    bench.loader.script("tiny", gate=gate)
    engine = bench.running(50, 10)
    bench.poll(engine)
    bench.loading("tiny")
    before = time.monotonic()
    engine.stop(0.3)
    assert time.monotonic() - before < 3.0
    with pytest.raises(NotServing):
        engine.infer(0)
    gate.set()


def test_a_stop_is_bounded_while_a_callback_hangs(bench: Any) -> None:
    hold, held = threading.Event(), threading.Event()

    def complete(before: str, after: str) -> None:
        held.set()
        hold.wait(PATIENCE_S)

    engine = bench.running(50, 10, on_swap_complete=complete)
    bench.poll(engine)
    assert held.wait(PATIENCE_S)
    before = time.monotonic()
    engine.stop(0.3)
    assert time.monotonic() - before < 3.0
    ends = engine.observability.events("engine_stopped.v1")
    assert [event.clean for event in ends if isinstance(event, EngineStopped)] == [False]
    hold.set()


def test_a_stop_while_the_start_loads_ends_the_start(bench: Any) -> None:
    gate = threading.Event()
    bench.loader.script("medium", gate=gate)
    engine = bench.engine(50)
    errors: list[BaseException] = []

    def start() -> None:
        try:
            engine.start()
        except NotServing as error:
            errors.append(error)

    starter = threading.Thread(target=start)
    starter.start()
    bench.loading("medium")
    engine.stop(0.01)
    gate.set()
    starter.join(PATIENCE_S)
    assert "stopped while it started" in str(errors[0])
    assert control_threads() == []


def test_an_engine_that_nobody_holds_any_more_ends_by_itself(bench: Any) -> None:
    observability = ObservabilityCollector()
    engine = Engine(
        bench.family,
        bench.policy(),
        poll_interval_sec=3600.0,
        profiler=bench.recording(50),
        loader=bench.loader,
        observability=observability,
    )
    engine.start()
    gone = weakref.ref(engine)
    del engine
    gc.collect()
    assert gone() is None
    assert control_threads() == []
    assert [event.kind for event in observability.events()][-1] == "engine_stopped.v1"
    assert bench.loader.last("medium").unloaded.wait(PATIENCE_S)


def test_engines_live_side_by_side_and_end_alone(bench: Any) -> None:
    shared = ObservabilityCollector()
    first = bench.running(50, 10, observability=shared)
    second = bench.running(90, 90, observability=shared)
    assert (first.infer(0), second.infer(0)) == ("medium", "full")
    bench.poll(first)
    bench.swapped()
    assert (first.infer(0), second.infer(0)) == ("tiny", "full")
    first.stop()
    assert second.infer(0) == "full"
    assert bench.poll(second).target == "full"
    assert shared.counters()["policy_evals"] == 4


PROGRAM = """
import sys, threading
from edgeadapt.backends.fake import FakeLoader
from edgeadapt.engine import Engine
from edgeadapt.profiler.recorded import RecordedProfiler
from edgeadapt.registry import ModelFamily
from edgeadapt.state import DeviceState

family = ModelFamily("digits")
for name in ("tiny", "full"):
    family.add_variant(name, name + ".onnx")
loader = FakeLoader("tiny", "full")
if "hanging" in sys.argv:
    loader.script("full", gate=threading.Event())
state = DeviceState(50.0, None, None, None, None, None, None, 0.0)
engine = Engine(
    family,
    lambda state, family: "full",
    poll_interval_sec=0.001,
    initial_variant="tiny",
    profiler=RecordedProfiler([state]),
    loader=loader,
)
engine.start()
engine.poll()
engine.infer(0)
print("served")
if "fork" in sys.argv:
    import os
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        print("alone" if engine.infer(0) == "tiny" else "disturbed")
        sys.exit(0)
if "exit" in sys.argv:
    sys.exit(3)
if "raise" in sys.argv:
    raise RuntimeError("the host's own")
"""


@pytest.mark.parametrize(
    ("arguments", "code"),
    [([], 0), (["exit"], 3), (["raise"], 1), (["hanging"], 0), (["hanging", "exit"], 3)],
)
def test_a_process_ends_cleanly_without_a_stop(arguments: list[str], code: int) -> None:
    ran = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", PROGRAM, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (code, "served\n"), ran.stderr
    assert "Fatal" not in ran.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_child_that_ends_leaves_the_parents_engine_and_state_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "edgeadapt.state"
    program = PROGRAM.replace("engine.poll()\n", "").replace("0.001", "3600.0")
    program = program.replace("loader=loader,", f"loader=loader, state_file={str(path)!r},")
    watch = "        os.waitpid(child, 0)\n"
    looked = watch + f"        print(os.stat({str(path)!r}).st_ino == before)\n"
    program = program.replace(watch, looked)
    program = program.replace(
        "    child = os.fork()",
        f"    path = {str(path)!r}\n"
        "    while '\"activating\": []' not in open(path).read(): pass\n"
        "    before = os.stat(path).st_ino\n    child = os.fork()",
    )
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, "fork"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    # Both processes write out what was printed before the fork, once each has ended.
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split()[-2:] == ["True", "alone"], ran.stderr


IN_THE_CHILD = """
    import asyncio
    from edgeadapt.errors import NotServing

    if not child:
        calls = {
            "infer": lambda: engine.infer(0),
            "infer_detailed": lambda: engine.infer_detailed(0),
            "ainfer": lambda: asyncio.run(engine.ainfer(0)),
            "lease": engine.lease,
            "poll": engine.poll,
            "freeze": engine.freeze,
            "pin": lambda: engine.pin("full"),
            "start": engine.start,
        }
        for name, call in calls.items():
            try:
                call()
            except NotServing as error:
                print(name, "before the fork" in str(error), flush=True)
        print("status", engine.status().running, flush=True)
        engine.stop()
        print("stopped", flush=True)
        os._exit(0)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_child_is_told_that_nothing_serves_there() -> None:
    program = PROGRAM.replace("    child = os.fork()\n", f"    child = os.fork()\n{IN_THE_CHILD}")
    program = program.replace('print("served")', 'print("served", flush=True)')
    program = program.replace("engine.poll()\n", "", 1).replace("0.001", "3600.0")
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, "fork"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    told = ran.stdout.splitlines()
    names = ("infer", "infer_detailed", "ainfer", "lease", "poll", "freeze", "pin", "start")
    assert told[1 : 1 + len(names)] == [f"{name} True" for name in names], ran.stderr
    assert told[-3:] == ["status False", "stopped", "alone"], (told, ran.stderr)
