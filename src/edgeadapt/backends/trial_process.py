"""Runs one child process to its end: its output kept within bounds, its time limited, and ended by another thread."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

import attrs

_KEPT_BYTES = 64 * 1024


@attrs.frozen
class Ended:
    """How a process ended."""

    code: int
    output: bytes
    """The first of its standard output."""
    errors: bytes
    """The last of its standard error."""
    timed_out: bool
    cancelled: bool

    @property
    def signal_name(self) -> str:
        """The signal that ended it, or empty."""
        if self.code >= 0:
            return ""
        try:
            return signal.Signals(-self.code).name
        except ValueError:
            return f"signal {-self.code}"


class TrialProcess:
    """One process that is run once. `cancel` may be called on any thread, before and after too.

    `heard` is told what the process writes to its standard output as it comes, on a thread of its own.
    """

    def __init__(
        self,
        command: Sequence[str],
        timeout_s: float | None,
        *,
        kept_bytes: int = _KEPT_BYTES,
        heard: Callable[[bytes], None] | None = None,
    ) -> None:
        self._command = list(command)
        self._timeout_s = timeout_s
        self._kept_bytes = kept_bytes
        self._heard = heard
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._cancelled = False

    def run(self, task: bytes) -> Ended:
        """Give it its task, and wait for its end; raises OSError where it can't be started."""
        with self._lock:
            if self._cancelled:
                return Ended(0, b"", b"", timed_out=False, cancelled=True)
            # Its own session: a terminal's Ctrl-C is the host's to handle.
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
            self._process = process
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        output, errors = bytearray(), bytearray()
        readers = [
            threading.Thread(target=self._keep_first, args=(process.stdout.fileno(), output), daemon=True),
            threading.Thread(target=_keep_last, args=(process.stderr.fileno(), errors), daemon=True),
        ]
        for reader in readers:
            reader.start()
        timed_out = False
        try:
            # A child that dies before it has read its task is told by its end.
            with suppress(BrokenPipeError):
                process.stdin.write(task)
            with suppress(BrokenPipeError):
                process.stdin.close()
            process.wait(self._timeout_s)
        except subprocess.TimeoutExpired:
            timed_out = True
        finally:
            # Also where this thread is interrupted: no process is left behind.
            process.kill()
            process.wait()
            for reader in readers:
                reader.join()
            process.stdout.close()
            process.stderr.close()
        with self._lock:
            cancelled = self._cancelled
        return Ended(
            process.returncode, bytes(output), bytes(errors), timed_out=timed_out, cancelled=cancelled
        )

    def cancel(self) -> None:
        """End it."""
        with self._lock:
            self._cancelled = True
            if self._process is not None:
                self._process.kill()

    def _keep_first(self, descriptor: int, kept: bytearray) -> None:
        while chunk := os.read(descriptor, 4096):
            kept += chunk[: max(0, self._kept_bytes - len(kept))]
            if self._heard is not None:
                self._heard(chunk)


def _keep_last(descriptor: int, kept: bytearray) -> None:
    while chunk := os.read(descriptor, 4096):
        kept += chunk
        del kept[:-_KEPT_BYTES]
