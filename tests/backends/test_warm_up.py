"""First runs, and the zeros they are given."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from edgeadapt.backends.fake import FakeBackend
from edgeadapt.backends.tensor_spec import TensorSpec
from edgeadapt.backends.warm_up import trial, warm_up, zeros
from edgeadapt.errors import ActivationError, InferenceError


def spec(name: str, *shape: int | str | None, kind: str = "float32") -> TensorSpec:
    return TensorSpec(name, kind, None if kind.startswith("seq") else np.dtype(kind), shape)


class Described(FakeBackend):
    """A fake that says what it takes."""

    inputs = (spec("image", "N", 4),)


def test_zeros_fill_every_input_with_one_for_open_sizes() -> None:
    made = zeros((spec("image", "N", None, 4), spec("ids", 2, kind="int64"), spec("text", 2, kind="str")))
    assert made is not None
    assert {name: (array.dtype.kind, array.shape) for name, array in made.items()} == {
        "image": ("f", (1, 1, 4)),
        "ids": ("i", (2,)),
        "text": ("U", (2,)),
    }
    assert made["text"][0] == ""


@pytest.mark.parametrize(
    "specs", [(), (spec("x", 1), spec("s", kind="seq(tensor(float))")), (spec("x", 1 << 40, 1 << 40),)]
)
def test_there_are_no_zeros_for_unknown_types_and_impossible_sizes(specs: Any) -> None:
    assert zeros(specs) is None


def test_a_quick_model_runs_twice_and_a_slow_one_once() -> None:
    for seconds, runs in ((0.001, 2), (0.5, 2), (5.0, 1)):
        times = iter((0.0, seconds))
        seen: list[Any] = []
        trial(seen.append, (spec("x", 1),), clock=lambda times=times: next(times))  # type: ignore[misc]  # binds the loop's value
        assert len(seen) == runs


def test_a_lone_input_is_given_as_an_array_and_several_by_name() -> None:
    assert trial(lambda given: given, (spec("x", 2),)).shape == (2,)
    assert set(trial(lambda given: given, (spec("x", 2), spec("y", 2)))) == {"x", "y"}


def test_a_backend_that_can_not_tell_what_it_takes_is_not_run() -> None:
    backend = FakeBackend("a", infer_error=AssertionError())
    backend.load()
    assert warm_up("a", backend) is None


def test_a_failing_first_run_is_an_activation_error() -> None:
    backend = Described("a", infer_error=InferenceError("a", "it broke"))
    backend.load()
    with pytest.raises(
        ActivationError, match=r"its first run failed: .*it broke; it was given zeros"
    ) as caught:
        warm_up("a", backend)
    assert (caught.value.stage, caught.value.variant) == ("warming", "a")


@pytest.mark.parametrize(
    "error",
    [
        ValueError("the model gives more dimensions than NumPy has"),
        InferenceError("a", "Failed to allocate memory for requested buffer of size 140"),
    ],
)
def test_zeros_are_not_blamed_for_what_other_numbers_would_not_change(error: Exception) -> None:
    backend = Described("a", infer_error=error)
    backend.load()
    with pytest.raises(ActivationError) as caught:
        warm_up("a", backend)
    assert caught.value.reason == f"its first run failed: {error}"


def test_neither_an_answer_nor_a_failure_on_guessed_sizes_says_anything() -> None:
    assert trial(lambda given: given, (spec("image", "N", 3, "H", "W"),)) is None

    def fails(_: Any) -> Any:
        raise InferenceError("a", "32 at least")

    assert trial(fails, (spec("image", "N", 3, "H", "W"),)) is None
    assert trial(fails, (spec("any rank"),)) is None
    with pytest.raises(InferenceError):
        trial(fails, (spec("image", "N", 3, "H", "W"),), np.zeros((1, 3, 32, 32)))


def test_given_inputs_are_used_in_place_of_zeros() -> None:
    seen: list[Any] = []
    backend = Described("a", on_infer=seen.append)
    backend.load()
    warm_up("a", backend, {"image": "golden"})
    assert seen == [{"image": "golden"}] * 2
