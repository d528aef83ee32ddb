"""The flat form of a program: the two sides' lists agree, times round alike, and the evaluator can be chosen."""

from __future__ import annotations

import gc
import weakref
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeadapt import _core
from edgeadapt.language import compile_text
from edgeadapt.program.constant import seconds_to_ns
from edgeadapt.registry.family import ModelFamily
from edgeadapt.runtime import Session, open_session
from edgeadapt.runtime.native import NativeSession
from edgeadapt.runtime.plan import make_plan
from edgeadapt.runtime.registers import OP_CODES
from edgeadapt.state import DeviceState

STATE = DeviceState(50.0, False, 40.0, 4000.0, 10.0, None, None, 0.0)


def family() -> ModelFamily:
    made = ModelFamily("f")
    for name in "ab":
        made.add_variant(name, name)
    return made


def test_both_sides_number_the_operations_alike() -> None:
    assert list(OP_CODES) == _core.op_code_names()


@given(st.one_of(st.floats(-3e9, 3e9), st.integers(-(10**12), 10**12).map(lambda n: n * 0.5e-9)))
def test_times_round_once_half_to_even(seconds: float) -> None:
    assert _core.to_ns(seconds) == seconds_to_ns(seconds)


@given(st.integers(-(2**60), 2**60), st.integers(30, 61))
def test_times_near_a_half_round_as_exact_arithmetic_says(numerator: int, bits: int) -> None:
    seconds = float(Fraction(numerator, 2**bits))
    if abs(seconds) <= 3e9:
        assert _core.to_ns(seconds) == round(Fraction(seconds) * 10**9)


def test_the_variable_chooses_the_evaluator(monkeypatch: pytest.MonkeyPatch) -> None:
    program = compile_text("edition 1 policy p { otherwise use a }")
    monkeypatch.delenv("EDGEADAPT_EVALUATOR", raising=False)
    assert isinstance(open_session(program, family()), NativeSession)
    monkeypatch.setenv("EDGEADAPT_EVALUATOR", "reference")
    assert isinstance(open_session(program, family()), Session)
    monkeypatch.setenv("EDGEADAPT_EVALUATOR", "fast")
    with pytest.raises(ValueError, match="native, reference"):
        open_session(program, family())


def test_a_damaged_plan_is_refused() -> None:
    plan = make_plan(
        compile_text("edition 1 policy p { rule r { when battery < 20% use a } otherwise use b }"), family()
    )
    wrong = [
        attrs.evolve(plan, columns=0),
        attrs.evolve(plan, truths=0),
        attrs.evolve(plan, variants=1),
        attrs.evolve(plan, otherwise=(0, 9)),
        attrs.evolve(plan, conditions=7),
        attrs.evolve(plan, ops=((99, 0, 0, 0, 0, 0),)),
        attrs.evolve(plan, ops=((9, 0, 0, 0, 0, 0),)),
        attrs.evolve(plan, rules=((-5, -1, 0, 0, 0, 0, False, 0, 1),)),
    ]
    for damaged in wrong:
        with pytest.raises(ValueError, match="plan"):
            _core.Fleet(damaged, 1)


def test_a_session_is_freed_with_its_last_reference() -> None:
    session = open_session(compile_text("edition 1 policy p { otherwise use a }"), family())
    session.step(STATE)
    gone = weakref.ref(session)
    del session
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize("what", [None, 3, "state"])
def test_a_step_takes_only_a_device_state(what: object) -> None:
    session = open_session(compile_text("edition 1 policy p { otherwise use a }"), family())
    with pytest.raises(TypeError, match="DeviceState"):
        session.step(what)  # type: ignore[arg-type] # the wrong call that is tested
