"""Percentiles are given where the runs are enough for them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeadapt.benchmark.percentiles import percentile, runs_needed


@settings(max_examples=25, deadline=None)
@given(times=st.lists(st.floats(0, 1e6), min_size=299, max_size=400), percent=st.sampled_from((50, 95, 99)))
def test_a_percentile_is_numpys_by_the_inverted_distribution(times: list[float], percent: int) -> None:
    assert percentile(times, percent) == np.percentile(times, percent, method="inverted_cdf")


@pytest.mark.parametrize(("percent", "needed"), [(50, 6), (95, 59), (99, 299)])
def test_one_run_fewer_than_it_takes_is_none(percent: int, needed: int) -> None:
    assert runs_needed(percent) == needed
    assert percentile(range(needed - 1), percent) is None
    assert percentile(range(needed), percent) is not None
