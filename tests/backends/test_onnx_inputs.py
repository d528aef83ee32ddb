"""Inputs that are not plain arrays: read, copied or refused, with a time-out and without."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from edgeadapt.backends.onnx_backend import ONNXBackend
from edgeadapt.errors import InferenceTimeout, InputError
from edgeadapt.registry.variant import ModelVariant
from tests.backends.onnx_models import doubling, looping

IMAGE = np.arange(8, dtype=np.float32).reshape(2, 4)


@pytest.fixture
def doubled(tmp_path: Path) -> ModelVariant:
    return ModelVariant("doubling", str(doubling(tmp_path / "doubling.onnx")))


def loaded(variant: ModelVariant) -> ONNXBackend:
    backend = ONNXBackend(variant)
    backend.load()
    return backend


class Sub(np.ndarray):
    pass


class Raising:
    def __array__(self, *_: object, **__: object) -> np.ndarray:
        raise RuntimeError("no \x1b[31mnumbers")


class Hiding:
    @property
    def __array__(self) -> object:
        raise RuntimeError("no numbers")


class Locked(dict):
    def __getitem__(self, key: object) -> object:
        raise RuntimeError("no numbers")


class Endless(list):
    def __len__(self) -> int:
        raise RuntimeError("no numbers")


@pytest.mark.parametrize("timeout_s", [None, 60.0])
@pytest.mark.parametrize(
    "given",
    [
        Raising(),
        Hiding(),
        [Raising()],
        {"image": Hiding()},
        Locked(image=IMAGE),
        Endless([IMAGE]),
        # Their copy would be larger than any memory.
        np.lib.stride_tricks.as_strided(IMAGE, (1 << 40, 4), (0, 4)),
    ],
    ids=lambda given: type(given).__name__,
)
def test_what_fails_to_be_read_is_an_input_error_in_its_own_words(
    doubled: ModelVariant, given: object, timeout_s: float | None
) -> None:
    backend = loaded(doubled)
    assert backend.native is not None
    with pytest.raises(InputError) as caught:
        backend.infer(given) if timeout_s is None else backend.native.infer(given, timeout_s=timeout_s)
    assert str(caught.value).startswith("the model takes `image` float32 [N, 4]; ")
    assert "numbers" in str(caught.value) or "allocate" in str(caught.value)
    assert str(caught.value).isprintable()


class Measured(np.ndarray):
    unit = "metre"


def test_numbers_that_a_mask_or_a_unit_qualifies_are_refused(doubled: ModelVariant) -> None:
    masked = np.ma.masked_array(IMAGE, mask=IMAGE > 3)
    for given in (masked, [masked], {"image": masked}):
        with pytest.raises(InputError, match=r"fill what is masked: `\.filled\(value\)`"):
            loaded(doubled).infer(given)
    np.testing.assert_array_equal(loaded(doubled).infer(masked.filled(0)), masked.filled(0) * 2)
    with pytest.raises(InputError, match="`image` was given a Measured with a unit; convert it"):
        loaded(doubled).infer(IMAGE.view(Measured))


@pytest.mark.parametrize("as_given", ["reversed", "swapped", "subclass", "listed"])
def test_arrays_that_are_copied_first_are_ended_at_their_time_too(tmp_path: Path, as_given: str) -> None:
    session = loaded(ModelVariant("slow", str(looping(tmp_path / "slow.onnx")))).native
    assert session is not None
    x = np.random.default_rng(3).random((64, 64), np.float32)
    changed = {
        "reversed": np.ascontiguousarray(x[::-1])[::-1],
        "swapped": x.astype(">f4"),
        "subclass": x.view(Sub),
        "listed": x,
    }[as_given]

    def given(turns: int) -> object:
        pair = {"turns": np.array(turns), "x": changed}
        return [np.array(turns).view(Sub), changed] if as_given == "listed" else pair

    with pytest.raises(InferenceTimeout):
        session.infer(given(10**12), timeout_s=0.05)
    expected = session.infer({"turns": np.array(2), "x": x})
    np.testing.assert_array_equal(session.infer(given(2), timeout_s=60.0), expected)


def test_with_a_time_what_does_not_fit_is_refused_in_the_same_words(doubled: ModelVariant) -> None:
    backend = loaded(doubled)
    assert backend.native is not None
    for wrong in (IMAGE.astype(np.float64), IMAGE[0], {"y": IMAGE}, None):
        with pytest.raises(InputError) as without:
            backend.infer(wrong)
        with pytest.raises(InputError) as within:
            backend.native.infer(wrong, timeout_s=60.0)
        assert str(within.value) == str(without.value)
