"""The exact test of two groups: as counting every order says, and no alarm more often than it promises."""

from __future__ import annotations

from itertools import combinations
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeadapt.benchmark.rank_test import probability_of_chance

groups = st.lists(st.integers(0, 20), min_size=1, max_size=6)


def splits(size: int, first: int) -> list[tuple[list[int], list[int]]]:
    whole = range(size)
    return [
        (list(chosen), [each for each in whole if each not in chosen])
        for chosen in combinations(whole, first)
    ]


@pytest.mark.parametrize(("olds", "news"), [(3, 4), (4, 4), (2, 5), (1, 1)])
def test_it_is_the_share_of_orders_that_differ_as_much_or_more(olds: int, news: int) -> None:
    every = splits(olds + news, olds)

    def pairs(split: tuple[list[int], list[int]]) -> int:
        return sum(old > new for old in split[0] for new in split[1])

    for split in every:
        fewest = min(pairs(split), olds * news - pairs(split))
        as_odd = sum(pairs(other) <= fewest or pairs(other) >= olds * news - fewest for other in every)
        assert probability_of_chance(*split) == pytest.approx(
            min(1.0, as_odd / comb(olds + news, olds)), abs=0.05
        )


@pytest.mark.parametrize("limit", [0.05, 0.1, 0.3])
def test_two_groups_of_one_kind_are_told_apart_no_more_often_than_the_limit(limit: float) -> None:
    every = splits(8, 4)
    alarms = sum(probability_of_chance(*split) <= limit for split in every)
    assert alarms / len(every) <= limit


@given(old=groups, new=groups)
def test_the_order_of_the_groups_does_not_matter(old: list[int], new: list[int]) -> None:
    assert probability_of_chance(old, new) == probability_of_chance(new, old)


@given(group=groups)
def test_a_group_does_not_differ_from_itself(group: list[int]) -> None:
    assert probability_of_chance(group, group) == 1.0


def test_one_odd_figure_does_not_hide_a_difference() -> None:
    old = [10, 11, 12, 10, 11, 12, 10, 30]
    new = [20, 21, 22, 20, 21, 22, 20, 21]
    assert probability_of_chance(old, new) < 0.02
