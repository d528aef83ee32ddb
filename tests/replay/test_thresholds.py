"""Thresholds of comparisons are found to the very double, on both sides."""

import math

import pytest

from edgeadapt.language import compile_text
from edgeadapt.program import expr as p
from edgeadapt.registry.family import ModelFamily
from edgeadapt.replay.knobs import at_place, knobs_of, opened, place
from edgeadapt.replay.thresholds import View, thresholds
from edgeadapt.shipped import shipped

DIGITS = ModelFamily.from_yaml(shipped("families/digits.yaml"))


def found(condition: str, **signals: float | None) -> tuple[float, ...]:
    """Return the thresholds of the first signal given."""
    program = compile_text(
        f"edition 1 policy p {{ rule r {{ when {condition} use tiny }} otherwise use medium }}"
    )
    when = program.rules[0].when
    name = next(iter(signals))
    knob = next(knob for knob in knobs_of(program, (), (when,)) if knob.name == name)
    atoms = [node for node in opened(program, (when,)) if isinstance(node, (p.Compare, p.Band, p.InRange))]
    view = View(program, DIGITS, signals, {}, [False] * len(program.bands))
    return thresholds(view, atoms, (), knob, signals[name])


def below(value: float) -> float:
    return math.nextafter(value, -math.inf)


def above(value: float) -> float:
    return math.nextafter(value, math.inf)


@pytest.mark.parametrize(
    ("condition", "signals", "wanted"),
    [
        ("cpu < 20%", {"cpu": 50.0}, (below(20.0), 20.0)),
        ("cpu > 20%", {"cpu": None}, (20.0, above(20.0))),
        ("cpu == 20%", {"cpu": 50.0}, (below(20.0), 20.0, above(20.0))),
        ("cpu in 20% .. 30%", {"cpu": 50.0}, (below(20.0), 20.0, 30.0, above(30.0))),
        ("cpu < 20% band 5%", {"cpu": 50.0}, (below(20.0), 20.0, below(25.0), 25.0)),
        ("cpu - battery >= 10%", {"cpu": 0.0, "battery": 30.0}, (below(40.0), 40.0)),
        ("2 * cpu + 10% >= 50%", {"cpu": 0.0}, (20.0,)),
    ],
)
def test_both_sides_of_each_threshold_are_found(condition, signals, wanted) -> None:
    assert set(wanted) <= set(found(condition, **signals))


def test_a_quotient_that_is_unknown_at_0_is_followed_past_it() -> None:
    edges = found("(cpu / cpu) / (cpu / 1%) <= 3", cpu=None)
    assert any(0.0 < edge < 1e-300 for edge in edges), "where the quotient is no longer too large"
    assert any(abs(edge - 1 / 3) < 1e-9 for edge in edges)


def test_what_another_unknown_decides_has_no_threshold() -> None:
    assert found("cpu > battery", cpu=50.0, battery=None) == (0.0, 100.0)


@pytest.mark.parametrize("value", [0.0, 5e-324, 1.0, -1.0, -5e-324, 1.7e308])
def test_neighbouring_doubles_have_neighbouring_places(value) -> None:
    assert at_place(place(value)) == value
    assert at_place(place(value) + 1) == math.nextafter(value, math.inf)
