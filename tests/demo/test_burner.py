from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import textwrap

import psutil
import pytest

from edgeadapt.demo.burner import WAITING_PER_CORE, Burner

BUSY = ((0.0, 1.0, 1.0),)
IDLE = ((0.0, 0.0, 0.0),)


def wait_gone(pids, timeout_s=20.0):
    processes = []
    for pid in pids:
        with contextlib.suppress(psutil.NoSuchProcess):
            processes.append(psutil.Process(pid))
    _, alive = psutil.wait_procs(processes, timeout=timeout_s)
    # What ended but was not yet waited for by its parent burns nothing.
    return [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


def test_there_is_one_process_for_what_is_busy_and_some_for_what_waits():
    with Burner(IDLE, cores=1) as burner:
        assert len(burner.pids) == 1 + WAITING_PER_CORE


def test_nothing_burns_before_the_start_and_nothing_is_left_after_the_end():
    with Burner(BUSY, cores=1) as burner:
        pids = burner.pids
        burner.start()
        assert all(psutil.pid_exists(pid) for pid in pids)
    assert wait_gone(pids) == []


def test_an_interrupt_inside_leaves_nothing_behind():
    pids = []

    def interrupted():
        with Burner(BUSY, cores=1) as burner:
            pids.extend(burner.pids)
            burner.start()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert len(pids) == 1 + WAITING_PER_CORE
    assert wait_gone(pids) == []


@pytest.mark.skipif(os.name != "posix", reason="ends a process the hard way")
@pytest.mark.parametrize("started", [False, True], ids=["made ready", "burning"])
def test_the_processes_die_with_their_parent_however_it_dies(started):
    program = f"""
        import sys
        from edgeadapt.demo.burner import Burner
        with Burner({BUSY!r}, cores=1) as burner:
            if {started}:
                burner.start()
            print(*burner.pids, flush=True)
            sys.stdin.readline()
    """
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with parent:
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(pids) == 1 + WAITING_PER_CORE
        parent.kill()
    assert wait_gone(pids) == []


def test_no_load_is_no_process():
    with Burner((), cores=0) as burner:
        burner.start()
        assert burner.pids == ()
