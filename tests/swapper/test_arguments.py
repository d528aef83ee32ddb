"""A wrong call of a swapper is told in the host's own words, and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from edgeadapt.backends.fake import FakeLoader
from edgeadapt.swapper import HotSwapper

WAIT_S = 30.0


@pytest.fixture
def loader() -> FakeLoader:
    return FakeLoader("small", "large")


@pytest.fixture
def swapper(loader: FakeLoader) -> Iterator[HotSwapper]:
    with HotSwapper(loader, "small") as swapper:
        yield swapper


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"load_timeout_s": "soon"}, TypeError),
        ({"load_timeout_s": True}, TypeError),
        ({"load_timeout_s": -(10**400)}, ValueError),
        ({"gap_timeout_s": None}, TypeError),
        ({"gap_timeout_s": float("nan")}, ValueError),
        ({"probation": 5}, TypeError),
        ({"max_resident": 1}, ValueError),
        ({"max_resident": -(10**400)}, ValueError),
        ({"max_resident": 2.5}, TypeError),
        ({"max_resident": True}, TypeError),
        ({"preparation": "checks"}, TypeError),
        ({"on_swap_start": 1}, TypeError),
        ({"on_swap_complete": "print"}, TypeError),
        ({"on_fallback": []}, TypeError),
        ({"on_event": 0}, TypeError),
    ],
    ids=str,
)
def test_an_argument_of_a_wrong_kind_is_told_by_its_name(
    loader: FakeLoader, wrong: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error, match=f"`{next(iter(wrong))}`"):
        HotSwapper(loader, "small", **wrong)
    assert loader.made == []


def test_a_loader_is_something_to_call() -> None:
    with pytest.raises(TypeError, match="`loader` is something to call, not `None`"):
        HotSwapper(None, "small")  # type: ignore[arg-type] # the mistake under test


@pytest.mark.parametrize("figure", ["load_timeout_s", "gap_timeout_s", "max_resident"])
def test_a_figure_beyond_all_bounds_is_as_good_as_none(loader: FakeLoader, figure: str) -> None:
    settings: dict[str, Any] = {figure: 10**400}
    with HotSwapper(loader, "small", **settings) as swapper:
        assert swapper.infer(0) == "small"


@pytest.mark.parametrize(("name", "error"), [(None, TypeError), (7, TypeError), ("\udcff", ValueError)])
def test_a_variants_name_is_a_text(
    swapper: HotSwapper, loader: FakeLoader, name: Any, error: type[Exception]
) -> None:
    for call in (swapper.swap_to, swapper.preload, lambda variant: HotSwapper(loader, variant)):
        with pytest.raises(error, match="variant's name"):
            call(name)
    assert swapper.counters()["attempted"] == 1


@pytest.mark.parametrize("timeout_s", ["soon", True, [1]])
def test_a_time_to_wait_is_a_number(swapper: HotSwapper, timeout_s: Any) -> None:
    calls = (swapper.swap_to("large").wait, swapper.close, lambda limit_s: swapper.infer(0, limit_s))
    for call in calls:
        with pytest.raises(TypeError, match="`timeout_s` is a number of seconds, not"):
            call(timeout_s)


def test_one_beyond_every_clock_is_for_ever(swapper: HotSwapper) -> None:
    assert swapper.swap_to("large").wait(10**400) is not None
    assert swapper.infer(0, 10**400) == "large"
