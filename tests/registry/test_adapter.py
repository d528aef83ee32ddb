"""What an adapter's steps may say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from edgeadapt.registry import AdapterSteps
from edgeadapt.registry import adapter as a


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: a.Rename("x", ""), "`new` is printable text"),
        (lambda: a.Constant("x", "one"), "`value` is a number"),  # type: ignore[arg-type]  # the mistake tested
        (lambda: a.Constant("x", 1, "str"), "`dtype` is one of float16"),
        (lambda: a.Constant("x", 1, shape=(-1,)), "`shape` is a list of whole numbers"),
        (lambda: a.Constant("x", 1, shape=(1,) * 33), "at most 32 sizes, not 33"),
        (lambda: a.Constant("x", 1, shape=(1 << 23, 3)), "at most 16777216 values, and `shape` makes it `25"),
        (
            lambda: a.Constant("x", 1, shape=(10**5000,)),
            "at most 16777216 values, and `shape` makes it a huge",
        ),
        (lambda: a.Cast("x", "int"), "`dtype` is one of"),
        (lambda: a.Layout("x", "NCHW", "NC"), "`new` is an order of H, W"),
        (lambda: a.Layout("x", "NCHWH", "NCHW"), "`old` is an order of H, W"),
        (lambda: a.Resize("x", 0, 1), "`height` is between 1 and 65536"),
        (lambda: a.Resize("x", 4097, 4096), r"at most 16777216 pixels, not 4097 \* 4096 = 16781312"),
        (lambda: a.Scale("x", by=()), "a list with one for each channel"),
        (lambda: a.Scale("x", by=(1, 2), offset=(1,)), "`by` has 2 numbers and `offset` 1"),
        (lambda: a.Scale("x", by=float("nan")), "`by` is a finite number"),
        (lambda: a.Take("x", ()), "between 1 and"),
        (lambda: a.LabelMap("x", (1.5,)), "whole numbers"),
        (lambda: AdapterSteps(inputs=("drop",)), "inputs are steps such as Rename"),
    ],
)
def test_a_malformed_step_is_refused(make: Callable[[], Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        make()


def test_large_but_sane_sizes_are_taken() -> None:
    assert a.Constant("x", 1, shape=(4096, 4096)).shape == (4096, 4096)
    assert a.Constant("x", 1, shape=(1 << 40, 0)).shape == (1 << 40, 0)
    assert a.Resize("x", 4096, 4096).height == 4096


def test_every_step_knows_its_key() -> None:
    assert a.step_key(a.Drop("x")) == "drop"
    assert len(set(a.STEPS.values())) == len(a.STEPS)


def test_lists_are_frozen_so_that_steps_are_values() -> None:
    assert hash(a.Scale("x", by=[1, 2])) == hash(a.Scale("x", by=(1, 2)))
