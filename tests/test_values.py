"""What a value made by `frozen` has in common with one of attrs."""

from __future__ import annotations

import copy
import pickle

import attrs
import pytest

from edgeadapt.values import frozen


@frozen
class Place:
    line: int
    column: int = 1


@frozen
class Mark:
    text: str
    places: tuple[Place, ...] = attrs.field(converter=tuple, default=())


@attrs.frozen
class Twin:
    text: str
    places: tuple[Place, ...] = ()


def test_values_of_one_class_are_equal_where_all_their_fields_are() -> None:
    assert Mark("a", (Place(1),)) == Mark("a", (Place(1, 1),))
    assert Mark("a", (Place(1),)) != Mark("a", (Place(2),))


def test_a_value_is_never_equal_to_one_of_another_class() -> None:
    @frozen
    class Other:
        line: int
        column: int = 1

    assert Place(1) != Other(1)
    assert Place(1) != (1, 1)


def test_equal_values_are_one_key() -> None:
    assert {Mark("a"): 1}[Mark("a")] == 1
    assert len({Place(1), Place(1, 1), Place(1, 2)}) == 2


def test_a_value_with_a_field_that_has_no_hash_has_none() -> None:
    @frozen
    class Holder:
        items: list[int]

    assert Holder([1]) == Holder([1])
    with pytest.raises(TypeError, match="unhashable"):
        hash(Holder([1]))


def test_no_field_can_be_set_or_added() -> None:
    place = Place(1)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        place.line = 2
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        del place.line
    assert not hasattr(place, "__dict__")


def test_a_value_shows_itself_as_one_of_attrs() -> None:
    shown = repr(Mark("a", (Place(1),)))
    assert shown == "Mark(text='a', places=(Place(line=1, column=1),))"
    assert shown == repr(Twin("a", (Place(1),))).replace("Twin", "Mark")


def test_a_field_can_stay_out_of_equality_and_text() -> None:
    @frozen
    class Text:
        text: str
        lines: int = attrs.field(default=0, eq=False, repr=False)

    assert Text("a", 1) == Text("a", 2)
    assert hash(Text("a", 1)) == hash(Text("a", 2))
    assert repr(Text("a", 1)) == "Text(text='a')"


def test_a_value_may_have_no_fields() -> None:
    @frozen
    class Nothing:
        pass

    assert {Nothing()} == {Nothing()}
    assert repr(Nothing()) == "Nothing()"


def test_attrs_knows_the_class_as_its_own() -> None:
    mark = Mark("a", places=(Place(1),))
    assert attrs.evolve(mark, text="b") == Mark("b", (Place(1),))
    assert attrs.asdict(mark) == {"text": "a", "places": ({"line": 1, "column": 1},)}
    match mark:
        case Mark(text, (Place(line),)):
            assert (text, line) == ("a", 1)


def test_copies_and_unpickled_values_are_equal() -> None:
    mark = Mark("a", (Place(1),))
    assert copy.deepcopy(mark) == pickle.loads(pickle.dumps(mark)) == mark
