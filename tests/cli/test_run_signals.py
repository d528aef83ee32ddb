"""Real signals to real processes: the end is bounded whatever hangs, the second one is at once, SIGHUP reads files again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edgeadapt.cli.run_signals import apart, heard

if sys.platform == "win32":
    pytest.skip("signals are another matter there", allow_module_level=True)

PATIENCE_S = 30.0
POLICY = """\
edition 1
policy p {
  family hanging
  input go: bool
  rule wild { when go use endless }
  otherwise use quick
  guard { cooldown 0 s }
}
"""
FAMILY = """\
schema_version: 1
name: hanging
variants:
  - {name: quick, path: quick.onnx}
  - {name: endless, path: endless.onnx}
"""
Start = Callable[..., "subprocess.Popen[str]"]


def write_models(folder: Path) -> None:
    """Write a model that answers, and one whose first run never ends."""
    from onnx import TensorProto, helper, numpy_helper

    def value(name: str, kind: int = TensorProto.FLOAT, shape: tuple[int, ...] = (1, 4)) -> Any:
        return helper.make_tensor_value_info(name, kind, list(shape))

    def write(name: str, node: Any, constants: list[Any]) -> None:
        graph = helper.make_graph([node], "g", [value("x")], [value("y")], constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        (folder / name).write_bytes(model.SerializeToString())

    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["more"]), helper.make_node("Neg", ["v"], ["w"])],
        "body",
        [value("i", TensorProto.INT64, ()), value("go", TensorProto.BOOL, ()), value("v")],
        [value("more", TensorProto.BOOL, ()), value("w")],
    )
    constants = [
        numpy_helper.from_array(np.array(2**62, np.int64), "trips"),
        numpy_helper.from_array(np.array(True), "yes"),
    ]
    write("endless.onnx", helper.make_node("Loop", ["trips", "yes", "x"], ["y"], body=body), constants)
    write("quick.onnx", helper.make_node("Neg", ["x"], ["y"]), [])


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start `edgeadapt run` on the hanging family, and return once it has said what is waited for."""
    write_models(tmp_path)
    (tmp_path / "f.yaml").write_text(FAMILY)
    (tmp_path / "p.eap").write_text(POLICY)
    started: list[subprocess.Popen[str]] = []

    def run(*args: str, until: str, **settings: Any) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "edgeadapt", "run", "p.eap", "--family", "f.yaml", "--json", *args],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **settings,
        )
        started.append(process)
        assert process.stdout is not None
        for line in process.stdout:
            if until in line:
                return process
        raise AssertionError(f"it ended without saying `{until}`")

    yield run
    for process in started:
        process.kill()
        process.communicate()


def rest(process: subprocess.Popen[str]) -> str:
    said, _ = process.communicate(timeout=PATIENCE_S)
    return said


SERVES = '"engine_started.v1"'
LOADS = '"code": "SWAP_PENDING", "variant": "endless"'
HANGING = ("--initial", "quick", "--report", "go=true", "--poll", "20ms")


def test_a_second_signal_ends_it_at_once_while_a_load_hangs(start: Start) -> None:
    process = start(*HANGING, until=LOADS)
    process.send_signal(signal.SIGTERM)
    # Handled, and not only sent: the second one is another kind, which the system does not merge with it.
    process.send_signal(signal.SIGINT)
    said = rest(process)
    assert process.returncode in (-signal.SIGTERM, -signal.SIGINT)
    assert "summary" not in said


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_bounded_time_while_a_load_hangs(start: Start, number: int) -> None:
    process = start(*HANGING, until=LOADS)
    process.send_signal(number)
    said = rest(process)
    assert process.returncode == 0
    assert '"code": "SWAP_CANCELLED", "variant": "endless"' in said
    assert '"kind": "summary"' in said


@pytest.mark.long
def test_a_signal_ends_a_start_that_hangs(start: Start) -> None:
    process = start("--report", "go=true", "--control", "c.sock", until="orders are taken")
    process.send_signal(signal.SIGTERM)
    said = rest(process)
    assert process.returncode == 0
    assert '"active": null' in said


@pytest.mark.long
def test_a_signal_ends_it_also_where_nobody_reads_what_it_says(start: Start) -> None:
    process = start("--poll", "1ms", "--report", "go=false", until=SERVES)
    assert process.stdout is not None
    # The pipe is filled here, so that the process finds it full whatever it has to say.
    os.set_blocking(process.stdout.fileno(), False)
    with open(f"/proc/{process.pid}/fd/1", "wb", buffering=0) as pipe:
        os.set_blocking(pipe.fileno(), False)
        while pipe.write(b"\n" * 4096):
            pass
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE_S) == 1


def test_a_hangup_reads_the_files_again_and_a_broken_one_changes_nothing(
    start: Start, tmp_path: Path
) -> None:
    process = start("--report", "go=false", until=SERVES)
    assert process.stdout is not None
    for text, outcome in ((POLICY, "unchanged"), (POLICY.replace("quick", "quik"), "refused")):
        (tmp_path / "p.eap").write_text(text)
        process.send_signal(signal.SIGHUP)
        line = next(line for line in process.stdout if '"reload.v1", ' in line and '"policy"' in line)
        assert f'"outcome": "{outcome}"' in line
        assert '"who": "SIGHUP"' in line
    process.send_signal(signal.SIGTERM)
    assert '"active": "quick"' in rest(process)
    assert process.returncode == 0


def test_a_terminal_that_goes_ends_it(start: Start) -> None:
    import fcntl
    import termios

    ours, its = os.openpty()

    def take_terminal() -> None:
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    process = start("--report", "go=false", until=SERVES, stdin=its, preexec_fn=take_terminal)
    os.close(its)
    os.close(ours)
    assert '"kind": "summary"' in rest(process)
    assert process.returncode == 0


def test_a_hangup_that_was_ignored_at_the_start_stays_so(start: Start) -> None:
    def ignore() -> None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    process = start("--report", "go=false", until=SERVES, preexec_fn=ignore)
    process.send_signal(signal.SIGHUP)
    process.send_signal(signal.SIGTERM)
    assert "reload.v1" not in rest(process)
    assert process.returncode == 0


def test_handlers_are_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    notes: list[str] = []
    monkeypatch.setattr("faulthandler.dump_traceback_later", lambda *_, **__: notes.append("clock"))
    with heard(lambda: notes.append("end"), lambda: notes.append("reload")):
        signal.raise_signal(signal.SIGHUP)
        signal.raise_signal(signal.SIGTERM)
    assert notes == ["reload", "clock", "end"]
    assert [signal.getsignal(number) for number in numbers] == before


def test_what_is_done_apart_tells_its_result_and_its_error() -> None:
    def fail() -> None:
        raise OSError("gone")

    done: Future[int] = apart(lambda: 7)
    assert done.result(PATIENCE_S) == 7
    with pytest.raises(OSError, match="gone"):
        apart(fail).result(PATIENCE_S)
