"""Resizing, by what each method promises."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeadapt.backends.image_resize import BLENDED, resize

SIDES = st.integers(1, 12)
METHODS = st.sampled_from(["nearest", "linear", "area"])


def image(height: int, width: int, dtype: str = "float32") -> Any:
    return np.random.default_rng(height * 100 + width).uniform(0, 100, (2, height, width)).astype(dtype)


def sized(array: Any, height: int, width: int, method: str) -> Any:
    return resize(array, (1, 2), (height, width), method)


@given(SIDES, SIDES, METHODS, st.sampled_from(BLENDED))
def test_the_same_size_is_the_same_image(height: int, width: int, method: str, dtype: str) -> None:
    before = image(height, width, dtype)
    assert np.array_equal(sized(before, height, width, method), before)


@given(SIDES, SIDES, SIDES, SIDES, METHODS, st.sampled_from(BLENDED))
def test_an_even_image_stays_even_and_keeps_its_type(
    height: int, width: int, new_height: int, new_width: int, method: str, dtype: str
) -> None:
    made = sized(np.full((2, height, width), 7, dtype), new_height, new_width, method)
    assert (made.dtype, made.shape) == (np.dtype(dtype), (2, new_height, new_width))
    np.testing.assert_allclose(made.astype(float), 7, rtol=1e-3 if dtype == "float16" else 1e-5)


@given(SIDES, SIDES, SIDES, SIDES, METHODS)
def test_no_pixel_leaves_the_range_of_the_old_ones(
    height: int, width: int, new_height: int, new_width: int, method: str
) -> None:
    before = image(height, width, "uint8")
    made = sized(before, new_height, new_width, method)
    assert before.min() <= made.min() <= made.max() <= before.max()


@given(SIDES, SIDES, SIDES, SIDES)
def test_area_keeps_the_mean(height: int, width: int, new_height: int, new_width: int) -> None:
    before = image(height, width, "float64")
    np.testing.assert_allclose(sized(before, new_height, new_width, "area").mean(), before.mean())


@given(SIDES, SIDES, st.sampled_from(["linear", "area"]))
def test_mirrored_in_mirrored_out(side: int, new: int, method: str) -> None:
    before = image(side, side, "float64")
    mirrored = sized(before[:, ::-1, ::-1], new, new, method)
    np.testing.assert_allclose(sized(before, new, new, method), mirrored[:, ::-1, ::-1])


@given(SIDES, SIDES, st.integers(2, 4))
def test_repeating_pixels_is_undone_by_area_and_by_nearest(height: int, width: int, times: int) -> None:
    before = image(height, width)
    for method in ("nearest", "area"):
        larger = sized(before, height * times, width * times, method)
        assert np.array_equal(larger, before.repeat(times, 1).repeat(times, 2))
        np.testing.assert_allclose(sized(larger, height, width, method), before, rtol=1e-5)


def test_linear_goes_straight_between_the_middles_and_stops_at_the_outermost() -> None:
    row = np.array([[[0.0, 4.0]]], np.float32)
    assert sized(row, 1, 4, "linear").tolist() == [[[0.0, 1.0, 3.0, 4.0]]]


def test_area_shares_pixels_that_lie_in_two() -> None:
    row = np.array([[[0.0, 3.0, 9.0]]])
    assert sized(row, 1, 2, "area").tolist() == [[[1.0, 7.0]]]


def test_nearest_takes_the_pixel_in_the_middle() -> None:
    row = np.array([[[0, 1, 2, 3, 4]]])
    assert sized(row, 1, 3, "nearest").tolist() == [[[0, 2, 4]]]


def test_integers_are_rounded_to_the_even_half() -> None:
    assert sized(np.array([[[0, 1]]], np.uint8), 1, 1, "area").tolist() == [[[0]]]
    assert sized(np.array([[[1, 2]]], np.uint8), 1, 1, "area").tolist() == [[[2]]]


def test_whole_numbers_of_32_bits_keep_their_digits() -> None:
    row = np.full((1, 1, 2), 2**31 - 1, np.int32)
    assert sized(row, 1, 5, "linear").tolist() == [[[2**31 - 1] * 5]]


@pytest.mark.parametrize("dtype", ["bool", "int64"])
def test_what_can_not_be_blended_is_refused(dtype: str) -> None:
    with pytest.raises(ValueError, match=f"`area` does not resize {dtype}; `cast` it first"):
        sized(np.zeros((1, 2, 2), dtype), 1, 1, "area")
    assert sized(np.ones((1, 2, 2), dtype), 1, 1, "nearest").dtype == np.dtype(dtype)


@pytest.mark.parametrize("method", ["nearest", "linear", "area"])
def test_an_image_without_pixels_is_refused(method: str) -> None:
    with pytest.raises(ValueError, match="without pixels"):
        sized(np.zeros((1, 0, 2), np.float32), 1, 1, method)
