"""Answers are compared by what they hold, and shared memory is seen wherever it is."""

from __future__ import annotations

import numpy as np
import pytest

from edgeadapt.testing.answers import arrays_in, copied, read_only, same, share_memory

A = np.array([1.0, np.nan, 3.0])


@pytest.mark.parametrize("value", [A, {"a": A, "b": np.arange(3)}, [A, A], (A, "text"), "text", 7, None])
def test_a_copy_is_the_same_and_shares_nothing(value: object) -> None:
    for other in (copied(value), read_only(value)):
        assert same(value, other)
        assert not share_memory(value, other)
    assert all(not array.flags.writeable for array in arrays_in(read_only(value)))


@pytest.mark.parametrize(
    ("value", "other"),
    [
        (A, A + 1),
        (A, A.astype("float32")),
        (A, A[:2]),
        (A, [1.0]),
        ({"a": A}, {"b": A}),
        ({"a": A, "b": A}, {"b": A, "a": A}),
        ([A], [A, A]),
        ("a", "b"),
        (1, True),
    ],
)
def test_what_differs_is_not_the_same(value: object, other: object) -> None:
    assert not same(value, other)


def test_numbers_are_compared_nearly_and_texts_exactly() -> None:
    assert same(A, A + 1e-7)
    assert same(np.array(["a"]), np.array(["a"]))
    assert not same(np.array([1]), np.array([2]))


def test_a_view_shares_memory_in_any_container() -> None:
    assert share_memory({"a": A[1:]}, [A])
