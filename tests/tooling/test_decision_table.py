"""The table says of every state what the policy, asked itself, decides there."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeadapt.language import compile_text
from edgeadapt.program.kind import Boolean, Word
from edgeadapt.program.program import Program
from edgeadapt.registry import ModelFamily
from edgeadapt.replay.knobs import Knob
from edgeadapt.runtime import Session
from edgeadapt.shipped import shipped
from edgeadapt.state import SIGNALS, DeviceState
from edgeadapt.testing.policies import DrawnPolicy, policies
from edgeadapt.tooling.decision_table import DecisionTable, decision_table

DIGITS = ModelFamily.from_yaml(shipped("families/digits.yaml"))
UNKNOWN: dict[str, Any] = dict.fromkeys(signal.attribute for signal in SIGNALS.values())
A_WEEK_S = 7 * 86_400.0


def drawn(seed: random.Random, table: DecisionTable, knob: Knob) -> Any:
    """Draw a value, mostly near to where rows change."""
    if knob.optional and seed.random() < 0.2:
        return None
    if isinstance(knob.kind, Boolean):
        return seed.random() < 0.5
    if isinstance(knob.kind, Word):
        return seed.choice(knob.kind.words)
    ends = [
        end
        for row in table.rows
        for box in row.region.boxes
        for axis, values in box.items()
        if axis.name == knob.name
        for span in values.spans
        for end in span
    ]
    near = knob.own(seed.choice(ends)) if ends else knob.low
    if seed.random() < 0.7:
        near += seed.choice((-1, 1)) * seed.random() * max(abs(near) * 0.5, 1e-9)
    return min(max(near, knob.low), knob.high)


def first_fit(table: DecisionTable, canonical: dict[str, float | None]) -> str | None:
    for row in table.rows:
        axes = {axis: canonical[axis.name] for box in row.region.boxes for axis in box}
        if row.region.contains(axes):
            return row.variant
    return None


def settled(program: Program, state: dict[str, Any], inputs: dict[str, Any]) -> str | None:
    session = Session(attrs.evolve(program, guard=None, properties=()), DIGITS, auto_commit=False)
    for seconds in (0.0, A_WEEK_S):
        decision = session.step(DeviceState(timestamp=seconds, **state), inputs)
    return decision.target


def agreed(program: Program, table: DecisionTable, seed: random.Random, count: int) -> set[str | None]:
    """Hold the table against the policy in drawn states; return what was decided."""
    found = set()
    for _ in range(count):
        state = {**UNKNOWN, "cpu_utilization_pct": 0.0, "available_ram_mb": 4000.0}
        inputs: dict[str, Any] = {}
        canonical: dict[str, float | None] = {}
        for name, knob in table.kinds.items():
            value_given = drawn(seed, table, knob)
            if knob.signal is None:
                inputs[name] = value_given
            else:
                state[knob.signal.attribute] = value_given
            value = knob.canonical(value_given)
            canonical[name] = None if value is None else float(value)
        expected = settled(program, state, inputs)
        assert first_fit(table, canonical) == expected, canonical
        found.add(expected)
    return found


@settings(max_examples=30, deadline=None)
@given(policies(variants=("tiny", "small", "full")), st.integers(0, 1_000_000))
def test_it_agrees_with_any_policy_that_compares_each_signal_by_itself(
    policy: DrawnPolicy, number: int
) -> None:
    table = decision_table(policy.program, DIGITS)
    if not (table.sampled or table.too_many or any(row.region.exceeded for row in table.rows)):
        agreed(policy.program, table, random.Random(number), 10)


@pytest.mark.parametrize("path", sorted(shipped("policies").glob("*.eap")), ids=lambda path: path.stem)
def test_the_first_row_that_fits_is_what_the_policy_decides(path: Path) -> None:
    program = compile_text(path.read_text("utf-8"))
    table = decision_table(program, DIGITS)
    assert table.too_many == table.sampled == ()
    found = agreed(program, table, random.Random(path.stem), 300)
    assert found == {row.variant for row in table.rows}
    assert table.never == tuple(name for name in DIGITS.names if name not in found)


def table_of(body: str, **options: Any) -> DecisionTable:
    return decision_table(
        compile_text(f"edition 1 policy p {{ {body} otherwise use small }}"), DIGITS, **options
    )


def test_what_a_rule_takes_and_what_ends_it_stands_in_its_row() -> None:
    rule = "rule r { when battery < 20% until battery > 30% for 10 s hold 1 min linger 2 s use tiny }"
    row = table_of(rule).rows[0]
    assert (row.rule, row.variant, row.choice) == ("r", "tiny", "tiny")
    assert (row.for_ms, row.hold_ms, row.linger_ms, row.until) == (10_000, 60_000, 2_000, "battery > 30%")


def test_a_rule_that_picks_nothing_leaves_its_states_to_the_rows_below() -> None:
    rows = table_of("rule r { when charging use tiny where memory_available > 1 GB }").rows
    assert [row.rule for row in rows] == ["r", "otherwise"]
    assert [axis.name for axis in rows[0].region.boxes[0]] == ["charging", "memory_available"]


def test_a_stand_in_for_the_unknown_is_exact() -> None:
    table = table_of("rule r { when (cpu_pressure ?? cpu) > 80% use tiny }")
    assert table.sampled == ()
    assert len(table.rows[0].region.boxes) == 2


def test_two_signals_that_are_compared_are_tried_at_typical_values_and_said_to_be() -> None:
    table = table_of("rule r { when memory_available < 20% * memory_total use tiny }")
    assert table.sampled == ("memory_available",) or table.sampled == ("memory_total",)
    assert {row.variant for row in table.rows} == {"tiny", "small"}


def test_a_rule_with_too_many_states_is_left_out_and_said_to_be() -> None:
    table = table_of("rule r { when charging and battery < 20% use tiny }", most_points=5)
    assert table.too_many == ("r",)
    assert table.never == ()
    assert [row.rule for row in table.rows] == ["otherwise"]


def test_signals_that_are_read_together_in_too_many_ways_are_left_out_at_once() -> None:
    names = ("battery", "gpu", "memory_total", "power_draw", "cpu_frequency", "battery_time_left")
    known = " + ".join(f"level(network) * ({name} / {name})" for name in names)
    assert table_of(f"rule r {{ when {known} > 2 use tiny }}").too_many == ("r",)


def test_a_long_chain_of_lets_is_followed() -> None:
    lets = "let l0 = battery " + " ".join(f"let l{n} = l{n - 1} + 0%" for n in range(1, 1500))
    table = table_of(f"{lets} rule r {{ when l1499 < 20% use tiny }}")
    assert [row.variant for row in table.rows] == ["tiny", "small"]
