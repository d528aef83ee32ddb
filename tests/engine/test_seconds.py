from __future__ import annotations

import math
from decimal import Decimal

import pytest

from edgeadapt.engine.seconds import interval, timeout


@pytest.mark.parametrize("value", [0.001, 1, 3600.0, 31_536_000])
def test_an_interval_is_any_time_from_a_millisecond_to_a_year(value: float) -> None:
    assert interval("poll_interval_sec", value) == value


@pytest.mark.parametrize("value", [0, -1, 5e-324, 1e-4, 1e10, 1e300, 10**400, math.nan, math.inf])
def test_an_interval_that_no_clock_can_keep_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="`poll_interval_sec` is a number of seconds from"):
        interval("poll_interval_sec", value)


@pytest.mark.parametrize(
    ("value", "waited"),
    [(0, 0.0), (2.5, 2.5), (1e10, 31_536_000.0), (math.inf, 31_536_000.0), (10**400, 31_536_000.0)],
)
def test_a_timeout_is_bounded_by_what_a_clock_can_wait(value: float, waited: float) -> None:
    assert timeout(value) == waited


@pytest.mark.parametrize("value", [-1, -5.0, -math.inf, math.nan, -(10**400)])
def test_a_negative_timeout_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="from 0 on; got"):
        timeout(value)


@pytest.mark.parametrize("value", [None, "1", True, [1], Decimal(1)])
def test_what_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="a number of seconds"):
        timeout(value)
    with pytest.raises(TypeError, match="a number of seconds"):
        interval("poll_interval_sec", value)
