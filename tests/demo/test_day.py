from __future__ import annotations

import pytest

from edgeadapt.demo.day import Day, clock_text
from edgeadapt.shipped import shipped


@pytest.fixture(scope="module")
def day():
    return Day.read(shipped("policies/traces/day.csv"), play_s=10.0)


def test_the_day_is_played_from_its_first_row_to_its_last(day):
    assert (clock_text(day.time_of_day(0.0)), clock_text(day.time_of_day(10.0))) == ("07:00", "23:00")
    assert day.played_at(day.end_s) == pytest.approx(10.0)


def test_the_load_follows_the_recorded_processor(day):
    load = day.load()
    busy = [row for row in load if clock_text(day.time_of_day(row[0])) == "10:00"]
    calm = [row for row in load if clock_text(day.time_of_day(row[0])) == "07:30"]
    assert busy[0][1] > 0.9
    assert busy[0][2] > 0.6
    assert calm[0][1] < 0.3
    assert calm[0][2] < 0.1


def test_a_time_of_day_is_written_in_hours_and_minutes():
    assert clock_text(14 * 3600 + 5 * 60 + 59) == "14:05"
