"""Faults of a session's first runs, of its contract and of its golden answers, and of files that change meanwhile."""

from __future__ import annotations

import zipfile

import numpy as np

from edgeadapt import swap_codes
from tests.faults import models
from tests.faults.rig import Rig
from tests.faults.scenario import Scenario


def fails_to_run(rig: Rig) -> None:
    """The first run fails."""
    rig.damage("b", models.fails_to_run())
    rig.points.put("warm-up", "b", lambda: None)
    rig.start()
    rig.refused("b", swap_codes.SWAP_LOAD_FAILED, "warming")


def too_large_to_run(rig: Rig) -> None:
    """The first run asks for more memory than there is."""
    rig.damage("b", models.too_large_to_run())
    rig.points.put("warm-up", "b", lambda: None)
    rig.start()
    rig.refused("b", swap_codes.SWAP_LOAD_FAILED, "warming")


def truncated_meanwhile(point: str) -> Scenario:
    def scenario(rig: Rig) -> None:
        """The file is cut under the loaded session, which nobody notices; the next load is refused."""
        rig.start()
        rig.points.put(point, "b", lambda: models.truncate(rig.path("b")))
        rig.committed("b")
        rig.points.heal()
        rig.committed("a")
        rig.refused("b", swap_codes.SWAP_LOAD_FAILED, "loading")

    return scenario


def replaced_meanwhile(point: str) -> Scenario:
    def scenario(rig: Rig) -> None:
        """Another file takes its place under the loaded session, which nobody notices; it counts at the next load."""
        rig.start()
        rig.points.put(point, "b", lambda: models.replace(rig.path("b"), models.wider()))
        rig.committed("b")
        rig.points.heal()
        rig.committed("a")
        rig.refused("b", swap_codes.SWAP_LOAD_FAILED, "validating")

    return scenario


def wider_than_the_contract(rig: Rig) -> None:
    """It takes other inputs than the first one did."""
    rig.damage("b", models.wider())
    rig.points.put("contract", "b", lambda: None)
    rig.start()
    event = rig.refused("b", swap_codes.SWAP_LOAD_FAILED, "validating")
    assert "contract" in str(event.error)


def no_memory_for_the_contract(rig: Rig) -> None:
    """The memory ends while its inputs are looked at."""
    rig.points.fail("contract", "b", MemoryError("scripted"))
    rig.start()
    rig.refused("b", swap_codes.SWAP_LOAD_FAILED, "validating")


def other_answers(rig: Rig) -> None:
    """It answers otherwise than was recorded."""
    rig.golden("b", models.expected("c")[0])
    rig.points.put("golden", "b", lambda: None)
    rig.start()
    event = rig.refused("b", swap_codes.SWAP_LOAD_FAILED, "validating")
    assert "differs from the golden one" in str(event.error)


def golden_too_large(rig: Rig) -> None:
    """The recorded answers say that they are larger than any memory."""
    outputs = rig.golden("b")
    with zipfile.ZipFile(outputs, "w") as archive, archive.open("y.npy", "w") as file:
        header = {"descr": "<f4", "fortran_order": False, "shape": (2**45,)}
        np.lib.format.write_array_header_1_0(file, header)  # type: ignore[arg-type] # a zip's entry can be written to
    rig.points.put("contract", "b", lambda: None)
    rig.start()
    rig.refused("b", swap_codes.SWAP_LOAD_FAILED, "validating")


def golden_truncated(rig: Rig) -> None:
    """The recorded answers end in the middle."""
    outputs = rig.golden("b")
    rig.start()
    rig.points.put("contract", "b", lambda: models.truncate(outputs))
    event = rig.refused("b", swap_codes.SWAP_LOAD_FAILED, "validating")
    assert "cannot read the golden file" in str(event.error)


def golden_replaced(rig: Rig) -> None:
    """Recorded answers of another model take their place during the load."""
    outputs = rig.golden("b")
    rig.start()

    def replace() -> None:
        other = outputs.with_name("other.npz")
        np.savez(other, y=models.expected("c")[0])
        other.replace(outputs)

    rig.points.put("contract", "b", replace)
    rig.refused("b", swap_codes.SWAP_LOAD_FAILED, "validating")
