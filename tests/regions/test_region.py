"""Unions of boxes obey the laws of sets, against membership state by state."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from edgeadapt.regions import BEYOND, BUDGET, EVERYTHING, NOTHING, Answer, Axis, Region, Values

X = Axis("x", Values.between(0.0, 10.0, unknown=True))
Y = Axis("y", Values.between(-1.0, 1.0))
B = Axis("b", Values.of(0.0, 1.0, unknown=True))
AXES = (X, Y, B)
POINTS = {X: (0.0, 2.0, 5.0, 10.0, None), Y: (-1.0, 0.0, 1.0), B: (0.0, 1.0, None)}
STATES = [dict(zip(AXES, point, strict=True)) for point in product(*POINTS.values())]


def boxes() -> st.SearchStrategy[Region]:
    def side(axis: Axis) -> st.SearchStrategy[Values]:
        known = [point for point in POINTS[axis] if point is not None]
        ends = st.tuples(st.sampled_from(known), st.sampled_from(known)).map(sorted)
        spans = (
            ends.map(lambda pair: Values.between(*pair))
            if axis is not B
            else ends.map(lambda p: Values.of(*p))
        )
        return st.builds(lambda v, u: Values(v.spans, u and axis.is_optional), spans, st.booleans())

    sides = st.dictionaries(st.sampled_from(AXES), st.none(), max_size=3)

    @st.composite
    def box(draw: st.DrawFn) -> Region:
        region = EVERYTHING
        for axis in draw(sides):
            region &= Region.where(axis, draw(side(axis)))
        return region

    return box()


@st.composite
def regions(draw: st.DrawFn) -> Region:
    region = NOTHING
    for box in draw(st.lists(boxes(), max_size=4)):
        region |= box
    return region


@settings(max_examples=100)
@given(regions(), regions())
def test_operators_are_those_of_the_members(a: Region, b: Region) -> None:
    both, either, without, outside = a & b, a | b, a - b, ~a
    for state in STATES:
        in_a, in_b = a.contains(state), b.contains(state)
        assert both.contains(state) == (in_a and in_b)
        assert either.contains(state) == (in_a or in_b)
        assert without.contains(state) == (in_a and not in_b)
        assert outside.contains(state) != in_a


@given(regions(), regions())
def test_being_within_is_leaving_nothing_over(a: Region, b: Region) -> None:
    answer = a.within(b)
    assert answer is not Answer.NOT_DECIDED
    if answer is Answer.YES:
        assert all(b.contains(state) for state in STATES if a.contains(state))
    assert (a & b).within(a) is Answer.YES
    assert a.within(a | b) is Answer.YES
    assert (a - b).within(~b) is Answer.YES


@given(regions())
def test_a_witness_is_a_state_of_the_region(region: Region) -> None:
    witness = region.witness()
    assert (witness is None) == (region.empty is Answer.YES)
    if witness is not None:
        assert region.contains(witness)


@given(regions())
def test_a_region_and_what_is_outside_are_everything_and_do_not_meet(region: Region) -> None:
    assert (~(region | ~region)).empty is Answer.YES
    assert (region & ~region).empty is Answer.YES


def test_what_only_a_hidden_axis_tells_from_nothing_is_not_decided() -> None:
    hidden = Axis("a < b", Values.of(0.0, 1.0), hidden=True)
    holds = Region.where(hidden, Values.of(1.0))
    assert holds.empty is Answer.NOT_DECIDED
    assert holds.witness() is None
    assert (holds & ~holds).empty is Answer.YES


def test_past_the_budget_nothing_is_decided() -> None:
    axes = [Axis(f"x{i}", Values.between(0.0, 1.0)) for i in range(BUDGET + 1)]
    region = NOTHING
    for index, axis in enumerate(axes):
        region |= Region.where(axis, Values.between(0.0, 0.25)) & Region.where(
            axes[index - 1], Values.between(0.5, 1.0)
        )
    assert region.exceeded
    for answer in (region.empty, region.within(NOTHING), (region & region).empty, (~region).empty):
        assert answer is Answer.NOT_DECIDED
    assert (region & NOTHING).empty is Answer.YES
    assert (BEYOND | EVERYTHING) is EVERYTHING
