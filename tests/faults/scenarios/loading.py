"""Faults of a model's content, as the runtime parses it and makes a session of it."""

from __future__ import annotations

from edgeadapt import swap_codes
from tests.faults import models
from tests.faults.rig import Rig


def _replaced_before_the_parse(rig: Rig, content: bytes) -> None:
    rig.points.put("parse", "b", lambda: None)
    rig.damage("b", content)
    rig.start()


def garbage(rig: Rig) -> None:
    """The file is no model."""
    _replaced_before_the_parse(rig, b"no model at all " * 64)
    rig.refused("b", swap_codes.SWAP_LOAD_FAILED, "loading")


def too_large(rig: Rig) -> None:
    """A weight asks for more memory than there is."""
    _replaced_before_the_parse(rig, models.too_large_to_parse())
    rig.refused("b", swap_codes.SWAP_LOAD_FAILED, "loading")


def truncated(rig: Rig) -> None:
    """The file ends in the middle."""
    _replaced_before_the_parse(rig, models.good("b")[: len(models.good("b")) // 3])
    rig.refused("b", swap_codes.SWAP_LOAD_FAILED, "loading")


def overwritten(rig: Rig) -> None:
    """The checked file is written over where it stands, with another good model: it never serves under the checked name."""
    rig.declare("b")
    rig.start()
    rig.points.put("parse", "b", lambda: rig.path("b").write_bytes(models.good("c")))
    rig.refused("b", swap_codes.SWAP_LOAD_FAILED, "loading")


def unknown_operator(rig: Rig) -> None:
    """The graph has an operator that nobody knows."""
    _replaced_before_the_parse(rig, models.unknown_operator())
    event = rig.refused("b", swap_codes.SWAP_LOAD_FAILED, "loading")
    assert "Frobnicate" in str(event.error)


def no_memory_left(rig: Rig) -> None:
    """The memory ends when the session is there already: it goes again."""
    rig.points.fail("init", "b", MemoryError("scripted"))
    rig.start()
    event = rig.refused("b", swap_codes.SWAP_LOAD_FAILED, "loading")
    assert "MemoryError: scripted" in str(event.error)
    assert rig.trace("b").is_destroyed.wait(30)


def weights_truncated(rig: Rig) -> None:
    """The file with its weights is shorter than it says."""
    beside = models.save_with_weights_beside(rig.path("b"), "b")
    rig.start()
    rig.points.put("parse", "b", lambda: models.truncate(beside))
    rig.refused("b", swap_codes.SWAP_LOAD_FAILED, "loading")


def replaced_once_made(rig: Rig) -> None:
    """The file is another one by the time its session is made: the session is whole."""
    rig.start()
    rig.points.put("init", "b", lambda: models.replace(rig.path("b"), models.good("c")))
    rig.committed("b")
