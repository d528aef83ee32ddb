"""The committed swaps that a Python policy and a stability guard look back on."""

from __future__ import annotations

import json
from typing import Any

import pytest

from edgeadapt.errors import SnapshotError
from edgeadapt.policy import SwapHistory
from tests.runtime.world import S


def filled(*swaps: tuple[str, int]) -> SwapHistory:
    history = SwapHistory()
    for variant, at in swaps:
        history.committed(variant, at)
    return history


def test_the_first_variant_is_no_swap_and_neither_is_the_active_one_again() -> None:
    history = filled(("a", 0), ("a", S))
    assert (history.active, history.swaps, history.last_swap_sec) == ("a", (), None)


def test_swaps_are_kept_oldest_first() -> None:
    history = filled(("a", 0), ("b", S), ("a", 3 * S))
    assert [(swap.at_ns, swap.previous, swap.variant) for swap in history.swaps] == [
        (S, "a", "b"),
        (3 * S, "b", "a"),
    ]
    assert history.last_swap_sec == 3.0


@pytest.mark.parametrize(("now", "count"), [(3.0, 2), (5.9, 2), (6.0, 1), (7.999999999, 1), (8.0, 0)])
def test_a_swap_leaves_a_window_exactly_when_it_is_as_old_as_the_window(now: float, count: int) -> None:
    assert filled(("a", 0), ("b", S), ("a", 3 * S)).swaps_within(5.0, now) == count


def test_a_thousand_swaps_are_kept_and_no_more() -> None:
    history = filled(*((("a", "b")[i % 2], i) for i in range(1500)))
    assert len(history.swaps) == 1000
    assert history.swaps[-1].at_ns == 1499


def test_the_plain_form_holds_ages_and_gives_the_history_back() -> None:
    history = filled(("a", 0), ("b", S), ("a", 3 * S))
    plain = json.loads(json.dumps(history.to_plain(4 * S)))
    assert plain == {"active": "a", "swaps": [[3 * S, "a", "b"], [S, "b", "a"]]}
    back = SwapHistory.from_plain(plain, 104 * S)
    assert (back.active, [swap.at_ns for swap in back.swaps]) == ("a", [101 * S, 103 * S])


@pytest.mark.parametrize(
    "data",
    [
        None,
        3,
        [],
        {},
        {"active": "a"},
        {"swaps": []},
        {"active": 3, "swaps": []},
        {"active": [], "swaps": []},
        {"active": None, "swaps": None},
        {"active": None, "swaps": 3},
        {"active": None, "swaps": [3]},
        {"active": None, "swaps": ["abc"]},
        {"active": None, "swaps": [[1, "a"]]},
        {"active": None, "swaps": [[1, "a", "b", "c"]]},
        {"active": None, "swaps": [[1.5, "a", "b"]]},
        {"active": None, "swaps": [[True, "a", "b"]]},
        {"active": None, "swaps": [[1, "a", None]]},
        {"active": None, "swaps": [[10**400, "a", "b"]]},
    ],
)
def test_anything_else_is_refused(data: Any) -> None:
    with pytest.raises(SnapshotError, match="malformed"):
        SwapHistory.from_plain(data, 0)
