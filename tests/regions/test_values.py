"""Sets of values on one axis obey the laws of sets, to the last double."""

import math

from hypothesis import given
from hypothesis import strategies as st

from edgeadapt.regions import Values, after, before

ENDS = (-0.0, 0.0, 1.0, 2.5, after(2.5), before(2.5), 99.0, 100.0, 5e-324)
pairs = st.lists(st.tuples(st.sampled_from(ENDS), st.sampled_from(ENDS)).map(sorted), max_size=3)


@st.composite
def sets(draw: st.DrawFn) -> Values:
    values = Values((), draw(st.booleans()))
    for low, high in draw(pairs):
        values |= Values.between(low, high)
    return values


PROBES = [*sorted({near(end) for end in ENDS for near in (before, after, float)}), None]


@given(sets(), sets())
def test_meeting_joining_and_taking_away_are_those_of_the_members(a: Values, b: Values) -> None:
    for probe in PROBES:
        assert (probe in (a & b)) == (probe in a and probe in b)
        assert (probe in (a | b)) == (probe in a or probe in b)
        assert (probe in (a - b)) == (probe in a and probe not in b)


@given(sets(), sets())
def test_equal_sets_are_equal_values(a: Values, b: Values) -> None:
    assert (a & b) == (b & a)
    assert (a | b) == (b | a)
    assert ((a - b) | (a & b)) == a


@given(sets(), sets())
def test_a_set_covers_another_if_nothing_is_left_of_that(a: Values, b: Values) -> None:
    assert a.covers(b) == (b - a).is_empty


@given(sets())
def test_a_picked_value_is_a_member(values: Values) -> None:
    if values.spans or values.unknown:
        assert values.pick() in values


def test_a_picked_value_is_short_where_one_is() -> None:
    assert Values.between(before(20.0), 100.0).pick() == 60.0
    assert Values.between(19.2, 20.4).pick() == 20.0
    assert Values.between(math.nextafter(20.0, 0.0), 20.0).pick() == 20.0


def test_below_a_number_and_not_below_it_is_everything() -> None:
    everything = Values.between(0.0, 100.0)
    assert everything - Values.between(0.0, before(20.0)) == Values.between(20.0, 100.0)
