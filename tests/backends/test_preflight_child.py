"""The process that tries a model, and what ends it where its host can't."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from edgeadapt.child_python import python_command

CHILD = """
import threading
from edgeadapt.backends.preflight_child import end_with_the_host
end_with_the_host()
print("ready", flush=True)
threading.Event().wait()
"""
HOST = f"""
import subprocess, threading
from edgeadapt.child_python import python_command
child = subprocess.Popen(python_command({CHILD!r}))
threading.Event().wait()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process of its parent's end")
def test_it_does_not_outlive_a_host_that_is_killed() -> None:
    host = subprocess.Popen(python_command(HOST), stdout=subprocess.PIPE)
    assert host.stdout is not None
    assert host.stdout.readline().strip() == b"ready"
    host.kill()
    # The pipe ends when the last one that can write to it does.
    assert host.communicate(timeout=60) == (b"", None)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there is no such alarm")
def test_it_does_not_outlive_its_time() -> None:
    code = (
        "import threading; from edgeadapt.backends.preflight_child import end_after; end_after(0.05); "
        "threading.Event().wait()"
    )
    assert subprocess.run(python_command(code), timeout=60, check=False).returncode == -signal.SIGALRM
