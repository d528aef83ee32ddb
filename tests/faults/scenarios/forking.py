"""A fork in the middle of something: the child is refused at once and exits cleanly, the parent goes on.

As a program: `python -m tests.faults.scenarios.forking POINT FOLDER`, because the child must end as a process does.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from edgeadapt import swap_codes
from edgeadapt.backends.fake import FakeLoader
from edgeadapt.errors import NotServing
from edgeadapt.swapper.swapper import HotSwapper
from tests.faults.rig import Rig, Straggler
from tests.faults.scenario import Scenario

_CHILD_IS_WELL = 7
_QUICKLY_S = 20.0


def fork(point: str) -> Scenario:
    def scenario(rig: Rig) -> None:
        """In a process of its own."""
        rig.is_elsewhere = True
        ended = subprocess.run(
            [sys.executable, "-X", "faulthandler", "-W", "ignore", "-m", __name__, point, str(rig.folder)],
            cwd=Path(__file__).parents[3],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (ended.returncode, ended.stderr, ended.stdout.split()) == (0, "", ["whole"]), ended
        rig.points.count(point)

    return scenario


def _in_a_load(rig: Rig, point: str) -> None:
    hold = rig.points.hold(point, "b")
    rig.start()
    request = rig.swapper.swap_to("b")
    hold.await_reached()
    _fork(rig, lambda: request.wait(1))
    hold.let_go()
    assert rig.ended(request).code == swap_codes.SWAP_COMMITTED
    rig.readers.await_variant("b")


def _in_a_drain(rig: Rig) -> None:
    rig.has_native = False
    rig.start()
    straggler = Straggler(rig, "a")
    rig.committed("b")
    _fork(rig, lambda: rig.swapper.infer(0))
    straggler.join()
    assert straggler.error is None
    rig.committed("c")


def _in_an_unload(rig: Rig) -> None:
    hold = rig.points.hold("unload", "a")
    rig.start()
    rig.committed("b")
    hold.await_reached()
    _fork(rig, lambda: rig.swapper.infer(0))
    hold.let_go()
    rig.committed("c")


def _fork(rig: Rig, wait: Callable[[], Any]) -> None:
    lease = rig.swapper.lease()
    held = rig.swapper.get_backend()
    child = os.fork()
    if child == 0:
        started = time.monotonic()
        for call in (
            lambda: rig.swapper.infer(0),
            lambda: rig.swapper.infer_detailed(0),
            lambda: rig.swapper.swap_to("c"),
            lambda: rig.swapper.preload("c"),
            rig.swapper.cancel,
            rig.swapper.rollback,
            rig.swapper.lease,
            rig.swapper.counters,
            rig.swapper.status,
            lambda: lease.infer(0),
            lambda: held.infer(0),
            wait,
        ):
            with pytest.raises(NotServing, match="before the fork"):
                call()
        assert not rig.swapper.close(1)
        assert "before a fork" in repr(rig.swapper)
        lease.release()
        with HotSwapper(FakeLoader("own"), "own") as own:
            assert own.infer(0) == "own"
        assert time.monotonic() - started < _QUICKLY_S
        sys.exit(_CHILD_IS_WELL)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert ended == _CHILD_IS_WELL, ended
    lease.release()
    held.unload()
    rig.readers.progress()


def main(point: str, folder: str) -> None:
    """Run one scenario and assert the invariants."""
    rig = Rig(Path(folder))
    if point == "golden":
        rig.golden("b")
    if point == "drain":
        _in_a_drain(rig)
    elif point == "unload":
        _in_an_unload(rig)
    else:
        _in_a_load(rig, point)
    rig.finish()
    assert rig.points.fired[point] > 0
    print("whole")


if __name__ == "__main__":
    main(*sys.argv[1:])
