"""A state file has one engine at a time; another one serves without it, says so, and takes it once it is free."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from edgeadapt.engine.state_lock import StateLock
from edgeadapt.errors import ActivationError
from edgeadapt.observability import Failure

pytest.importorskip("fcntl", reason="this system has no such locks")
PATIENCE_S = 20.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "edgeadapt.state"


def failures(engine: Any) -> list[str]:
    events = engine.observability.events("failure.v1")
    return [event.error for event in events if isinstance(event, Failure)]


def test_a_second_engine_serves_without_the_file_and_says_so_once(bench: Any, path: Path) -> None:
    first = bench.running(10, state_file=path)
    bench.noted(path)
    before = path.read_bytes()
    second = bench.running(90, 90, 50, state_file=path)
    for _ in range(2):
        bench.poll(second)
    assert second.infer(0) in bench.family.names
    assert failures(second) == [
        f"`{path}` is in use by another engine of this process; this engine's memory is not kept until it is free"
    ]
    assert path.read_bytes() == before
    second.stop()
    first.stop()
    assert json.loads(path.read_text())["session"]["active"] == "tiny"


def test_a_note_of_the_other_engine_quarantines_nothing_here(bench: Any, path: Path) -> None:
    gate = threading.Event()
    bench.loader.script("tiny", gate=gate)
    first = bench.running(50, 10, state_file=path)
    bench.poll(first)
    bench.loading("tiny")
    bench.loader.script("tiny")
    second = bench.running(10, state_file=path)
    gate.set()
    assert second.infer(0) == "tiny"


def test_a_file_that_becomes_free_is_taken_at_the_next_write(bench: Any, path: Path) -> None:
    first = bench.running(10, state_file=path)
    second = bench.running(90, 90, state_file=path)
    first.stop()
    second.freeze()
    assert json.loads(path.read_text())["pinned"] == "full"


def test_a_stop_and_a_failed_start_give_the_file_back(bench: Any, path: Path) -> None:
    engine = bench.running(50, state_file=path)
    engine.stop()
    for name in bench.family.names:
        bench.loader.script(name, load_error=OSError("cut off"))
    with pytest.raises(ActivationError):
        bench.engine(50, state_file=path).start()
    for name in bench.family.names:
        bench.loader.script(name)
    assert failures(bench.running(50, state_file=path)) == []


def test_an_engine_may_start_again_on_its_own_file(bench: Any, path: Path) -> None:
    engine = bench.running(50, state_file=path)
    for _ in range(2):
        engine.stop()
        engine.start()
    assert failures(engine) == []


HOLDER = """
import sys
from edgeadapt.engine.state_lock import StateLock
lock = StateLock(sys.argv[1])
print(repr(lock.take()), flush=True)
sys.stdin.read()
"""


def test_another_process_is_named_and_its_end_frees_the_file(path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "''\n"
    lock = StateLock(str(path))
    assert lock.take() == f"process {holder.pid}"
    holder.kill()
    holder.communicate()
    assert lock.take() == ""
    lock.release()


def test_where_the_lock_cannot_be_made_nothing_is_claimed(tmp_path: Path) -> None:
    lock = StateLock(str(tmp_path / "missing" / "edgeadapt.state"))
    assert lock.take() == ""
    lock.release()


def test_a_link_in_the_locks_place_is_left_alone(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("precious")
    os.symlink(target, f"{path}.lock")
    assert StateLock(str(path)).take() == ""
    assert target.read_text() == "precious"
