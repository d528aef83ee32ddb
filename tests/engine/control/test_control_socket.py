"""A socket belongs to its engine: it outlives a stop, ends with the engine and the process, and is no forked child's."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import weakref
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edgeadapt.engine import Engine
from edgeadapt.engine.control import ControlSocket
from edgeadapt.engine.control.client import ask
from edgeadapt.engine.control.default_path import default_path
from edgeadapt.engine.control.protocol import NOT_UNDERSTOOD, Request, parse_answer
from edgeadapt.errors import ControlSocketError

PATIENCE_S = 20.0


def control_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "edgeadapt-control"]


def serving(path: str) -> str:
    return str(ask(path, Request("status")).result["status"]["active_variant"])


def test_it_answers_while_it_is_open_and_leaves_nothing(bench: Any, socket_path: str) -> None:
    with ControlSocket(bench.running(50), socket_path) as control:
        assert control.path == socket_path
        assert serving(socket_path) == "medium"
        assert os.lstat(socket_path).st_mode & 0o777 == 0o600
    assert not os.path.lexists(socket_path)
    assert control_threads() == []


def test_it_can_be_closed_twice_and_opened_again(bench: Any, socket_path: str) -> None:
    control = ControlSocket(bench.running(50), socket_path)
    control.close()
    for _ in range(2):
        control.start()
        with pytest.raises(RuntimeError, match="open already"):
            control.start()
        assert serving(socket_path) == "medium"
        control.close()
        control.close()


def test_without_a_path_it_is_where_the_operator_looks(
    bench: Any, socket_path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4242)
    monkeypatch.setenv("XDG_RUNTIME_DIR", os.path.dirname(socket_path))
    path = ControlSocket(bench.engine(50)).path
    assert path == default_path() == f"{os.path.dirname(socket_path)}/edgeadapt/control.sock"
    monkeypatch.undo()
    monkeypatch.setattr("edgeadapt.engine.control.control_socket.default_path", lambda: path)
    with ControlSocket(bench.running(50)):
        assert os.stat(os.path.dirname(path)).st_mode & 0o777 == 0o700
        assert serving(path) == "medium"


def test_what_is_no_engine_is_refused() -> None:
    with pytest.raises(TypeError, match="`engine` is an Engine, not `str`"):
        ControlSocket("engine", "c.sock")  # type: ignore[arg-type] # what a host may try


def test_a_path_that_is_taken_leaves_no_thread(bench: Any, socket_path: str) -> None:
    engine = bench.running(50)
    with ControlSocket(engine, socket_path):
        other = ControlSocket(engine, socket_path)
        with pytest.raises(ControlSocketError, match="this process listens there already"):
            other.start()
        other.close()
        assert serving(socket_path) == "medium"
        assert control_threads() == ["edgeadapt-control"]


def test_it_stays_while_the_engine_is_stopped_and_started_again(bench: Any, socket_path: str) -> None:
    engine = bench.engine(50)
    with ControlSocket(engine, socket_path):
        assert serving(socket_path) == "None"
        engine.start()
        assert serving(socket_path) == "medium"
        engine.stop()
        assert serving(socket_path) == "None"
        engine.start()
        assert serving(socket_path) == "medium"


def test_it_keeps_no_engine_alive_and_ends_with_it(bench: Any, socket_path: str) -> None:
    engine = Engine(
        bench.family,
        bench.policy(),
        poll_interval_sec=3600.0,
        profiler=bench.recording(50),
        loader=bench.loader,
    )
    engine.start()
    control = ControlSocket(engine, socket_path)
    control.start()
    assert serving(socket_path) == "medium"
    gone = weakref.ref(engine)
    del engine
    gc.collect()
    assert gone() is None
    assert not os.path.lexists(socket_path)
    assert control_threads() == []
    control.close()
    with pytest.raises(RuntimeError, match="is gone"):
        control.start()


_line = st.binary(max_size=200) | st.sampled_from(
    [b'{"version": 1, "order": "status"}', b'{"version": 1, "order": "pin", "variant": 7}', b"{", b'"' * 99]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.lists(_line, max_size=3), st.booleans()), max_size=3))
def test_whatever_is_said_the_engine_serves_on_and_answers_the_next(
    bench: Any, socket_path: str, clients: Any, said: list[tuple[list[bytes], bool]]
) -> None:
    if not os.path.lexists(socket_path):
        one = ControlSocket(bench.running(50), socket_path)
        one.start()
    engine = bench.engines[0]
    for parts, ends in said:
        line = b"".join(parts) + (b"\n" if ends else b"")
        # What is said after the first line may find nobody listening any more.
        with suppress(BrokenPipeError):
            answer = clients.ask(line) if ends else b""
            if answer:
                assert parse_answer(answer).problem in ("", NOT_UNDERSTOOD)
            if not ends:
                clients.connect(line).close()
    assert serving(socket_path) == "medium"
    assert engine.infer(0) == "medium"
    assert engine.status().counters["operator_actions"] == 0


PROGRAM = """
import os, sys
from edgeadapt.backends.fake import FakeLoader
from edgeadapt.engine import Engine
from edgeadapt.engine.control import ControlSocket
from edgeadapt.profiler.recorded import RecordedProfiler
from edgeadapt.registry import ModelFamily
from edgeadapt.state import DeviceState

family = ModelFamily("digits")
family.add_variant("tiny", "tiny.onnx")
state = DeviceState(50.0, None, None, None, None, None, None, 0.0)
engine = Engine(
    family,
    lambda state, family: "tiny",
    poll_interval_sec=3600.0,
    profiler=RecordedProfiler([state]),
    loader=FakeLoader("tiny"),
)
engine.start()
control = ControlSocket(engine, sys.argv[1])
control.start()
"""
FORK = """
child = os.fork()
if child == 0:
    control.close()
    print("child", flush=True)
    input()
    sys.exit(0)
"""


def run_program(path: str, rest: str, **settings: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", PROGRAM + rest, path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(("end", "code"), [("", 0), ("sys.exit(3)", 3), ("raise SystemExit(4)", 4)])
def test_the_interpreters_exit_removes_it(socket_path: str, end: str, code: int) -> None:
    with run_program(socket_path, f"print('open', flush=True); input(); {end}") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        assert serving(socket_path) == "tiny"
        _, complained = process.communicate("\n", timeout=PATIENCE_S)
    assert (process.returncode, complained) == (code, "")
    assert not os.path.lexists(socket_path)


def test_a_killed_process_leaves_a_file_that_the_next_one_replaces(bench: Any, socket_path: str) -> None:
    with run_program(socket_path, "print('open', flush=True); input()") as process:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(ControlSocketError, match=f"process {process.pid} listens|another process"):
            ControlSocket(bench.running(50), socket_path).start()
        process.kill()
        process.communicate(timeout=PATIENCE_S)
    assert os.path.lexists(socket_path)
    with ControlSocket(bench.engines[0], socket_path):
        assert serving(socket_path) == "medium"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_child_neither_closes_it_nor_keeps_it_open(socket_path: str) -> None:
    end = "os.read(0, 1)\nos.kill(os.getpid(), 9)"
    with run_program(socket_path, FORK + end) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "child\n"
        # The child's `close` has changed nothing.
        assert serving(socket_path) == "tiny"
        process.kill()
        process.wait(PATIENCE_S)
        # The child lives, and holds none of it.
        with pytest.raises(ControlSocketError, match="that engine has ended"):
            ask(socket_path, Request("status"))
        process.stdin.write("\n")
        process.stdin.close()
        process.stdout.read()


def test_a_client_loads_no_engine(tmp_path: Path) -> None:
    program = (
        "import sys; from edgeadapt.engine.control.client import ask; "
        "print(*{'numpy', 'onnxruntime', 'asyncio', 'edgeadapt._core'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout == "\n"


def test_a_system_without_threads_leaves_nothing(
    bench: Any, socket_path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    control = ControlSocket(bench.running(50), socket_path)

    def start(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", start)
        with pytest.raises(RuntimeError, match="can't start"):
            control.start()
    assert not os.path.lexists(socket_path)
    with control:
        assert serving(socket_path) == "medium"


def test_a_closed_one_leaves_nothing_behind_at_its_engine(bench: Any, socket_path: str) -> None:
    control = ControlSocket(bench.running(50), socket_path)
    control.start()
    gone = weakref.ref(control._service)
    control.close()
    gc.collect()
    assert gone() is None
