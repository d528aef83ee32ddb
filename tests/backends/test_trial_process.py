"""Child processes and their ends."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest

from edgeadapt.backends.trial_process import TrialProcess


def python(code: str, timeout_s: float = 30.0) -> TrialProcess:
    return TrialProcess([sys.executable, "-S", "-c", code], timeout_s)


def test_a_process_gets_its_task_and_its_output_is_kept() -> None:
    ended = python("import sys; print(sys.stdin.read()[::-1]); print('oh', file=sys.stderr)").run(b"task")
    assert (ended.code, ended.output.strip(), ended.errors.strip()) == (0, b"ksat", b"oh")
    assert (ended.signal_name, ended.timed_out, ended.cancelled) == ("", False, False)


def test_output_is_kept_within_bounds_and_never_blocks() -> None:
    ended = python("import sys; sys.stdout.write('a' * 10**6); sys.stderr.write('b' * 10**6 + 'end')").run(
        b""
    )
    assert len(ended.output) == len(ended.errors) == 64 * 1024
    assert ended.errors.endswith(b"end")


def test_what_it_writes_is_heard_as_it_comes_and_as_much_is_kept_as_asked_for() -> None:
    heard = bytearray()
    code = "import sys; sys.stdout.write('a' * 10**5)"
    command = [sys.executable, "-S", "-c", code]
    ended = TrialProcess(command, None, kept_bytes=10**5, heard=heard.extend).run(b"")
    assert bytes(heard) == ended.output == b"a" * 10**5


@pytest.mark.skipif(not hasattr(os, "fork"), reason="signals are POSIX's")
def test_a_signal_is_told_by_its_name() -> None:
    assert python("import os; os.kill(os.getpid(), 11)").run(b"x" * 200_000).signal_name == "SIGSEGV"


def test_a_process_that_takes_too_long_is_ended() -> None:
    assert python("import time; time.sleep(600)", timeout_s=0.2).run(b"").timed_out


def test_another_thread_can_end_it(tmp_path: Path) -> None:
    pipe = tmp_path / "started"
    os.mkfifo(pipe)
    trial = python(f"open({str(pipe)!r}, 'w').close(); import time; time.sleep(600)")

    # Opening the pipe waits until the process opens its end.
    def cancel() -> None:
        pipe.open().close()
        trial.cancel()

    canceller = threading.Thread(target=cancel)
    canceller.start()
    ended = trial.run(b"")
    canceller.join()
    assert (ended.cancelled, ended.timed_out) == (True, False)


def test_one_that_was_cancelled_before_does_not_start() -> None:
    trial = python("raise SystemExit(3)")
    trial.cancel()
    ended = trial.run(b"")
    assert (ended.code, ended.cancelled) == (0, True)


def test_a_command_that_is_not_there_is_an_os_error() -> None:
    with pytest.raises(OSError, match="No such file"):
        TrialProcess(["/no/such/command"], 1.0).run(b"")
