"""Where a condition is true, false and unknown, against the reference evaluator, state by state."""

from __future__ import annotations

import random
from typing import Any

import pytest

from edgeadapt.language import compile_text
from edgeadapt.program import Program
from edgeadapt.program import expr as p
from edgeadapt.program.conditions import Conditions, Truth, View
from edgeadapt.program.constant import param_values
from edgeadapt.program.kind import Boolean
from edgeadapt.regions import Answer, Axis
from edgeadapt.runtime.evaluate import Scope, advance_band, evaluate, truth
from edgeadapt.state import SIGNALS
from tests.language.policies_strategy import compiled, corners, random_values

SEEDS = range(60)
STEPS = 25


def scope_of(program: Program, values: dict[str, Any], bands: list[bool]) -> Scope:
    """Evaluate one step's names as the session does; `bands` are advanced in place."""
    words = {i.name: getattr(i.kind, "words", ()) for i in program.inputs}
    read = {name: float(words[name].index(v)) if isinstance(v, str) else v for name, v in values.items()}
    signals = {name: value for name, value in read.items() if name in SIGNALS}
    inputs = {name: value for name, value in read.items() if name not in SIGNALS}
    scope = Scope(signals, inputs, param_values(program), bands)
    for band in program.bands:
        bands[band.index] = advance_band(band, bands[band.index], scope)
    for let in program.lets:
        is_condition = isinstance(let.value.kind, Boolean)
        scope.lets[let.name] = (
            truth(let.value.expr, scope) if is_condition else evaluate(let.value.expr, scope)
        )
    return scope


def exact_state(conditions: Conditions, program: Program, scope: Scope) -> dict[Axis, float | None]:
    """Return a step as a state: every axis that is no hidden one, and the bands' memories."""
    state: dict[Axis, float | None] = {}
    for names, make in ((scope.signals, p.SignalRef), (scope.inputs, p.InputRef)):
        for name, value in names.items():
            state[conditions.axis(make(name))] = None if value is None else float(value)
    for band in program.bands:
        axis = conditions.band_axis(band)
        if axis is not None:
            state[axis] = float(scope.bands[band.index])
    return state


def parts_of(program: Program) -> list[p.Expr]:
    return [e for rule in program.rules for e in (rule.when, rule.until) if e is not None]


def sets_with(found: Truth, state: dict[Axis, float | None]) -> set[bool | None]:
    pairs = ((True, found.true), (False, found.false), (None, found.unknown))
    return {value for value, region in pairs if region.contains(state)}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_first_step_is_in_the_set_of_its_conditions_value(seed: int) -> None:
    program = compiled(seed)
    rng = random.Random(seed)
    first = Conditions(program, View.FIRST)
    corner = corners(program)
    for _ in range(STEPS):
        scope = scope_of(program, random_values(rng, corner), [False] * len(program.bands))
        for expr in parts_of(program):
            found = first.truth(expr)
            hidden = any(
                axis.hidden for r in (found.true, found.false, found.unknown) for b in r.boxes for axis in b
            )
            sets = sets_with(found, exact_state(first, program, scope))
            assert truth(expr, scope) in sets
            assert hidden or len(sets) == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_any_step_is_in_the_set_of_its_conditions_value(seed: int) -> None:
    program = compiled(seed)
    rng = random.Random(seed)
    conditions = Conditions(program, View.ANY)
    corner = corners(program)
    bands = [False] * len(program.bands)
    for _ in range(STEPS):
        scope = scope_of(program, random_values(rng, corner), bands)
        for expr in parts_of(program):
            found = conditions.truth(expr)
            # Only now are its bands' axes there.
            assert truth(expr, scope) in sets_with(found, exact_state(conditions, program, scope))


def first_of(condition: str, header: str = "") -> tuple[Conditions, p.Expr]:
    program = compile_text(
        f"edition 1 policy p {{ {header} rule r {{ when {condition} use a }} otherwise use b }}"
    )
    return Conditions(program, View.FIRST), program.rules[0].when


@pytest.mark.parametrize(
    ("condition", "empty"),
    [
        ("battery < 10% and battery > 20%", Answer.YES),
        ("battery < 10% and battery >= 10%", Answer.YES),
        ("battery <= 10% and battery >= 10%", Answer.NO),
        ("temperature > 150 °C", Answer.YES),
        ("temperature >= 150 °C", Answer.NO),
        ("temperature > 302 °F", Answer.YES),
        ("2 * cpu > 200%", Answer.YES),
        ("2 * cpu >= 200%", Answer.NO),
        ("100% - cpu < 0%", Answer.YES),
        ("battery is unknown and (battery ?? 50%) < 50%", Answer.YES),
        ("battery is unknown and (battery ?? 50%) <= 50%", Answer.NO),
        ("network < offline", Answer.YES),
        ("network == poor and network > poor", Answer.YES),
        ("network in poor .. good and network == fair", Answer.NO),
        ("(charging ?? true) and charging is unknown", Answer.NO),
        ("charging == true and not charging", Answer.YES),
        ("charging != throttled and charging and throttled", Answer.YES),
        ("cpu_pressure < cpu and cpu_pressure > cpu", Answer.YES),
        ("cpu_pressure < cpu and cpu > cpu_pressure", Answer.NOT_DECIDED),
        ("cpu / 0 > 1%", Answer.YES),
        ("10% / 0 < cpu", Answer.YES),
        ("cpu < cpu", Answer.YES),
        ("battery <= battery", Answer.NO),
    ],
)
def test_emptiness_is_exact(condition: str, empty: Answer) -> None:
    conditions, expr = first_of(condition)
    assert conditions.true(expr).empty is empty


def test_a_threshold_on_a_scaled_signal_is_found_to_the_last_bit() -> None:
    conditions, expr = first_of("0.1 * cpu < 1%")
    (box,) = conditions.true(expr).boxes
    ((values),) = box.values()
    ((_, last),) = values.spans
    assert 0.1 * last < 1.0 <= 0.1 * (last + 1e-14)


def test_a_band_holds_between_its_ends_in_any_step_and_only_below_the_first_in_a_first_one() -> None:
    program = compile_text(
        "edition 1 policy p { rule r { when battery < 20% band 10% and battery > 25% use a } otherwise use b }"
    )
    when = program.rules[0].when
    assert Conditions(program, View.ANY).true(when).empty is Answer.NOT_DECIDED
    assert Conditions(program, View.FIRST).true(when).empty is Answer.YES


def test_a_parameter_may_be_anything_in_any_step_and_has_its_default_in_a_first_one() -> None:
    body = "param floor = 20% rule r { when battery < floor and battery > 30% use a } otherwise use b"
    program = compile_text(f"edition 1 policy p {{ {body} }}")
    when = program.rules[0].when
    assert Conditions(program, View.ANY).true(when).empty is Answer.NOT_DECIDED
    assert Conditions(program, View.FIRST).true(when).empty is Answer.YES
