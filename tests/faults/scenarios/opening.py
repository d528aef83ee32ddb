"""Faults of a model's file, and of the memory for it, before anything reads it."""

from __future__ import annotations

from edgeadapt import swap_codes
from edgeadapt.errors import MemoryRefused
from tests.faults import models
from tests.faults.rig import Rig


def missing(rig: Rig) -> None:
    """The file is not there."""
    rig.start()
    rig.points.put("open", "b", rig.path("b").unlink)
    event = rig.refused("b", swap_codes.SWAP_LOAD_FAILED, "checking")
    assert "there is no model file" in str(event.error)


def out_of_memory(rig: Rig) -> None:
    """There is no room for it beside the one that serves."""
    rig.available_mb = 1000.0
    rig.start()
    rig.points.fired.clear()
    rig.available_mb = 0.0
    event = rig.refused("b", swap_codes.SWAP_SKIPPED_MEMORY, "checking")
    assert isinstance(event.error, MemoryRefused)
    rig.available_mb = 1000.0
    rig.committed("b")


def truncated(rig: Rig) -> None:
    """The file is shorter than the one that was declared."""
    rig.declare("b")
    rig.start()
    rig.points.put("open", "b", lambda: models.truncate(rig.path("b")))
    event = rig.refused("b", swap_codes.SWAP_LOAD_FAILED, "checking")
    assert "is not the declared file" in str(event.error)


def replaced(rig: Rig) -> None:
    """Another file takes its place once it is open and checked: what was checked serves, and the next load is refused."""
    rig.declare("b")
    rig.start()
    rig.points.put("opened", "b", lambda: models.replace(rig.path("b"), models.good("c")))
    rig.committed("b")
    rig.points.heal()
    rig.committed("a")
    rig.refused("b", swap_codes.SWAP_LOAD_FAILED, "checking")
