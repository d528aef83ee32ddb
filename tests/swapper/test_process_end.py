"""A process ends cleanly whatever its swappers are doing; a forked child is refused what belongs to its parent."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import pytest

from edgeadapt.backends.fake import FakeLoader
from edgeadapt.errors import NotServing
from edgeadapt.swapper.swapper import HotSwapper

PREAMBLE = """
import os, sys, threading, time
from edgeadapt.backends.fake import FakeLoader
from edgeadapt.errors import NotServing
from edgeadapt.swapper.swapper import HotSwapper
loader = FakeLoader("a", "b", "c")
"""


def run(script: str, *options: str, leaks: bool = True) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ)
    environment.pop("EDGEADAPT_LEAK_WARNINGS", None)
    if leaks:
        environment["EDGEADAPT_LEAK_WARNINGS"] = "1"
    return subprocess.run(
        [sys.executable, "-X", "faulthandler", *options, "-c", PREAMBLE + script],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def assert_clean(ended: subprocess.CompletedProcess[str], output: str) -> None:
    assert (ended.returncode, ended.stdout.split(), ended.stderr) == (0, output.split(), "")


def test_a_script_that_forgets_to_close_exits_cleanly() -> None:
    ended = run("""
swapper = HotSwapper(loader, "a", on_event=lambda event: None)
swapper.swap_to("b").wait()
lease = swapper.lease()
held = swapper.get_backend()
swapper.swap_to("c")
print(swapper.infer(0) in "bc")
""")
    assert_clean(ended, "True")


def test_a_script_that_forgets_a_swapper_in_a_cycle_exits_cleanly() -> None:
    ended = run("""
class Host:
    def __init__(self):
        self.swapper = HotSwapper(loader, "a", on_event=self.hear)
    def hear(self, event):
        pass
print(Host().swapper.infer(0))
""")
    assert_clean(ended, "a")


def test_a_script_exits_in_bounded_time_while_a_load_hangs() -> None:
    started = time.monotonic()
    ended = run(
        """
swapper = HotSwapper(loader, "a")
loader.script("b", gate=threading.Event())
swapper.swap_to("b")
while len(loader.made) < 2: pass
loader.made[1].load_started.wait()
print("bye")
""",
        leaks=False,
    )
    assert_clean(ended, "bye")
    assert time.monotonic() - started < 30


def test_a_load_that_wakes_up_while_the_interpreter_goes_does_no_harm() -> None:
    # The load asks for the interpreter again and again, before, during and after its end.
    ended = run(
        """
def load(variant):
    while variant == "b":
        time.sleep(0)
    return loader(variant)
swapper = HotSwapper(load, "a")
swapper.swap_to("b")
print("bye")
""",
        leaks=False,
    )
    assert_clean(ended, "bye")


def test_daemon_threads_that_serve_to_the_very_end_do_no_harm() -> None:
    ended = run(
        """
loader.script("b", on_infer=lambda _: time.sleep(0))
swapper = HotSwapper(loader, "b", on_event=lambda event: None)
ready = threading.Barrier(5)
def infer():
    swapper.infer(0)
def lease():
    with swapper.lease() as held:
        held.infer(0)
def swap():
    swapper.swap_to("a").wait(0.001)
    swapper.swap_to("b")
def forever(call):
    call()
    ready.wait()
    while True:
        try:
            call()
        except NotServing:
            pass
for call in (infer, infer, lease, swap):
    threading.Thread(target=forever, args=(call,), daemon=True).start()
ready.wait()
print("bye")
""",
        leaks=False,
    )
    assert_clean(ended, "bye")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_child_is_refused_and_may_make_its_own() -> None:
    ended = run(
        """
swapper = HotSwapper(loader, "a")
lease = swapper.lease()
backend = swapper.get_backend()
request = swapper.swap_to("a")
print(swapper.infer(0)); sys.stdout.flush()
if os.fork() == 0:
    for call in (lambda: swapper.infer(0), lambda: swapper.swap_to("b"), swapper.lease, swapper.counters,
                 swapper.status, lambda: swapper.active_variant, lambda: lease.infer(0), lambda: backend.infer(0)):
        try:
            call()
        except NotServing as error:
            assert "before the fork" in str(error), error
        else:
            print("served in the child")
    assert not swapper.close()
    lease.release()
    del swapper, lease, backend, request
    with HotSwapper(loader, "b") as own:
        print(own.infer(0))
    sys.stdout.flush()
    sys.exit(7)
print(os.waitstatus_to_exitcode(os.wait()[1]))
print(swapper.infer(0))
""",
        "-W",
        "ignore::DeprecationWarning",
    )
    assert_clean(ended, "a b 7 a")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_fork_in_the_middle_of_a_load_leaves_the_child_free() -> None:
    ended = run(
        """
swapper = HotSwapper(loader, "a")
gate = threading.Event()
loader.script("b", gate=gate)
request = swapper.swap_to("b")
while len(loader.made) < 2: pass
loader.made[1].load_started.wait()
if os.fork() == 0:
    try:
        request.wait()
    except NotServing:
        print("refused")
    sys.stdout.flush()
    sys.exit(0)
os.wait()
gate.set()
request.wait()
print(swapper.infer(0))
""",
        "-W",
        "ignore::DeprecationWarning",
    )
    assert_clean(ended, "refused b")


def test_close_is_bounded_while_a_load_hangs_and_its_late_result_is_destroyed() -> None:
    loader, gate = FakeLoader("a", "b"), threading.Event()
    swapper = HotSwapper(loader, "a")
    loader.script("b", gate=gate)
    request = swapper.swap_to("b")
    while len(loader.made) < 2:
        swapper.infer(0)
    hanging = loader.last("b")
    assert hanging.load_started.wait(30)
    started = time.monotonic()
    assert not swapper.close(0.05)
    assert time.monotonic() - started < 10
    event = request.wait(0)
    assert event is not None
    assert (event.code, event.stage) == ("SWAP_CANCELLED", "loading")
    gate.set()
    assert hanging.unloaded.wait(30)
    assert not hanging.is_loaded
    with pytest.raises(NotServing):
        swapper.infer(0)


@pytest.mark.skipif(not os.path.isdir("/proc/self/task"), reason="threads are counted in /proc")
def test_no_thread_is_left_after_close_nor_after_a_failed_start() -> None:
    def threads() -> set[str]:
        return set(os.listdir("/proc/self/task"))

    before = threads()
    loader = FakeLoader("a", "b")
    for _ in range(5):
        with HotSwapper(loader, "a") as swapper:
            swapper.swap_to("b").wait(30)
            # The one beside the loader begins with its first work, to give memory back.
            assert len(threads() - before) in (4, 5)
        with pytest.raises(Exception, match="no such variant"):
            HotSwapper(loader, "gone")
    assert threads() <= before


def test_an_interrupt_while_the_first_variant_loads_comes_through_at_once() -> None:
    ended = run(
        """
import signal
loading = threading.Event()
sent = []

def hanging(variant):
    loading.set()
    threading.Event().wait()

def interrupt():
    loading.wait()
    sent.append(time.monotonic())
    os.kill(os.getpid(), signal.SIGINT)

threading.Thread(target=interrupt).start()
try:
    HotSwapper(hanging, "a")
except KeyboardInterrupt:
    print(time.monotonic() - sent[0] < 3)
""",
        leaks=False,
    )
    assert_clean(ended, "True")
