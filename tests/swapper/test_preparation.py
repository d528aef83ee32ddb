"""A family's checks around a load: each runs in its stage, refuses in its own words, and is told the end."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest

from edgeadapt import swap_codes
from edgeadapt.backends.admission import Transition
from edgeadapt.backends.base import InferenceBackend
from edgeadapt.backends.fake import FakeBackend, FakeLoader
from edgeadapt.backends.tensor_spec import TensorSpec
from edgeadapt.errors import ActivationError, MemoryRefused
from edgeadapt.swapper.event import SwapEvent
from edgeadapt.swapper.swapper import HotSwapper

WAIT_S = 30.0


class Adapted:
    """An `infer` of its own, which says what it takes."""

    def __init__(self, backend: InferenceBackend) -> None:
        self.inputs = (TensorSpec("image", "float32", None, (1,)),)
        self._backend = backend

    def __call__(self, inputs: Any) -> Any:
        return f"adapted {self._backend.infer(inputs)}"


class Checks:
    """Notes what it is asked, and answers as told."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []
        self.transitions: dict[str, Transition] = {}
        self.errors: dict[str, BaseException] = {}
        self.adapts = False

    def _note(self, step: str, *names: str) -> None:
        self.asked.append((step, *names))
        if step in self.errors:
            raise self.errors[step]

    def admit(self, variant: str, active: str | None) -> Transition:
        self._note("admit", variant, active or "")
        return self.transitions.get(variant, Transition.BESIDE)

    def warm(self, variant: str, backend: InferenceBackend) -> None:
        assert backend.is_loaded
        self._note("warm", variant)

    def validate(self, variant: str, backend: InferenceBackend) -> Callable[[Any], Any] | None:
        self._note("validate", variant)
        return Adapted(backend) if self.adapts else None

    def release(self, variant: str) -> None:
        self._note("release", variant)


def swapped(swapper: HotSwapper, variant: str) -> SwapEvent:
    event = swapper.swap_to(variant).wait(WAIT_S)
    assert event is not None
    return event


def test_every_check_runs_once_a_load_and_is_told_its_end() -> None:
    checks = Checks()
    with HotSwapper(FakeLoader("a", "b"), "a", preparation=checks) as swapper:
        swapped(swapper, "b")
    assert checks.asked == [
        ("admit", "a", ""),
        ("warm", "a"),
        ("validate", "a"),
        ("release", "a"),
        ("admit", "b", "a"),
        ("warm", "b"),
        ("validate", "b"),
        ("release", "b"),
    ]


@pytest.mark.parametrize(
    ("step", "stage"), [("admit", "checking"), ("warm", "warming"), ("validate", "validating")]
)
def test_a_check_that_raises_fails_the_load_in_its_stage(step: str, stage: str) -> None:
    checks = Checks()
    with HotSwapper(FakeLoader("a", "b"), "a", preparation=checks) as swapper:
        checks.errors[step] = ZeroDivisionError("scripted")
        event = swapped(swapper, "b")
        assert (event.code, event.stage) == (swap_codes.SWAP_LOAD_FAILED, stage)
        assert isinstance(event.error, ActivationError)
        assert (event.error.stage, event.error.reason) == (stage, "ZeroDivisionError: scripted")
        assert swapper.infer(0) == "a"
    # What was never admitted has nothing to give back.
    assert (("release", "b") in checks.asked) == (step != "admit")


def test_a_refusal_for_lack_of_memory_has_a_code_of_its_own() -> None:
    checks = Checks()
    heard: list[tuple[str, object]] = []
    with HotSwapper(
        FakeLoader("a", "b"), "a", preparation=checks, on_fallback=lambda *told: heard.append(told)
    ) as swapper:
        refusal = MemoryRefused("b", "checking", "it needs 90 MB, 20 are left")
        checks.errors["admit"] = refusal
        event = swapped(swapper, "b")
        assert (event.code, event.error) == (swap_codes.SWAP_SKIPPED_MEMORY, refusal)
        assert swapper.counters()["failed"] == 1
    assert heard == [("b", refusal)]


def test_a_standby_load_asks_the_loader_for_it() -> None:
    asked: list[tuple[str, bool]] = []
    fake = FakeLoader("a", "b")

    def loader(variant: str, standby: bool = False) -> FakeBackend:
        asked.append((variant, standby))
        return fake(variant)

    checks = Checks()
    checks.transitions["b"] = Transition.STANDBY
    with HotSwapper(loader, "a", preparation=checks) as swapper:
        swapped(swapper, "b")
    assert asked == [("a", False), ("b", True)]


def test_an_adapted_infer_serves_instead_of_the_backends_own() -> None:
    checks = Checks()
    checks.adapts = True
    with HotSwapper(FakeLoader("a"), "a", preparation=checks) as swapper, swapper.lease() as lease:
        assert swapper.infer(0) == lease.infer(0) == "adapted a"
        assert swapper.infer(0, timeout_s=WAIT_S) == "adapted a"
        assert lease.backend.infer(0) == "a"
        assert [spec.name for spec in lease.inputs] == ["image"]
        assert lease.outputs == ()
        assert [spec.name for spec in swapper.get_backend().inputs] == ["image"]


def test_memory_that_cannot_be_given_back_is_logged_and_breaks_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    checks = Checks()
    checks.errors["release"] = OSError("lost")
    with (
        caplog.at_level(logging.ERROR, "edgeadapt.swapper"),
        HotSwapper(FakeLoader("a", "b"), "a", preparation=checks) as swapper,
    ):
        assert swapped(swapper, "b").code == swap_codes.SWAP_COMMITTED
        swapper.close()
    assert "the memory reserved for a load could not be given back" in caplog.text
