"""What is said to follow does follow, in every state, known or not."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeadapt.language import compile_text
from edgeadapt.language.implication import implies
from edgeadapt.program.expr import And, Compare, CompareOp, Const, Expr, InRange, LetRef, Not, Or, SignalRef

VALUES = (None, 0.0, 1.0, 2.0, 3.0)
NUMBERS = ("cpu", "gpu")
COMPARE = {
    CompareOp.LT: lambda a, b: a < b,
    CompareOp.LE: lambda a, b: a <= b,
    CompareOp.GT: lambda a, b: a > b,
    CompareOp.GE: lambda a, b: a >= b,
    CompareOp.EQ: lambda a, b: a == b,
    CompareOp.NE: lambda a, b: a != b,
}


def _value(expr: Expr, state: dict[str, float | None], lets: dict[str, Expr]) -> float | bool | None:
    match expr:
        case Const(value=value):
            return value
        case SignalRef(name=name):
            return state[name]
        case LetRef(name=name):
            return _value(lets[name], state, lets)
        case Not(operand=operand):
            inner = _value(operand, state, lets)
            return None if inner is None else not inner
        case And(parts=parts):
            values = [_value(part, state, lets) for part in parts]
            return False if False in values else None if None in values else True
        case Or(parts=parts):
            values = [_value(part, state, lets) for part in parts]
            return True if True in values else None if None in values else False
        case InRange(operand=x, low=low, high=high):
            return _value(And((Compare(CompareOp.LE, low, x), Compare(CompareOp.LE, x, high))), state, lets)
        case Compare(op=op, left=left, right=right):
            a, b = _value(left, state, lets), _value(right, state, lets)
            return None if a is None or b is None else COMPARE[op](a, b)
    raise AssertionError(expr)


_signals = st.sampled_from(NUMBERS).map(SignalRef)
_consts = st.integers(0, 3).map(lambda n: Const(float(n), str(n)))
_sides = st.one_of(_signals, _consts)
_leaves = st.one_of(
    st.builds(Compare, st.sampled_from(list(CompareOp)), _sides, _sides),
    st.builds(InRange, _signals, _consts, _consts),
    st.just(LetRef("it")),
)
_conditions = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        inner.map(Not), st.lists(inner, min_size=2, max_size=3).map(lambda parts: And(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts))),
    ),
    max_leaves=5,
)  # fmt: skip


@settings(max_examples=300)
@given(_conditions, _conditions)
def test_where_one_is_said_to_imply_the_other_no_state_denies_it(given_: Expr, wanted: Expr) -> None:
    lets: dict[str, Expr] = {"it": Compare(CompareOp.LT, SignalRef("cpu"), Const(2.0, "2"))}
    if implies(given_, wanted, lets):
        for cpu, gpu in product(VALUES, VALUES):
            state = {"cpu": cpu, "gpu": gpu}
            assert _value(given_, state, lets) is not True or _value(wanted, state, lets) is True


@pytest.mark.parametrize(
    ("when", "until", "holds"),
    [
        ("battery < 20%", "battery < 20%", True),
        ("battery < 20%", "battery <= 20%", True),
        ("battery <= 20%", "battery < 20%", False),
        ("battery == 20%", "battery >= 5%", True),
        ("20% > battery", "battery < 30%", True),
        ("battery in 5% .. 10%", "battery < 11%", True),
        ("not (battery > 20% or charging)", "not charging", True),
        ("not not charging", "charging", True),
        ("charging and throttled", "throttled or low_power_mode", True),
        ("charging or throttled", "charging", False),
        ("network == poor", "network < good", True),
        ("battery < 20% band 5%", "battery < 20%", False),
        ("battery < 20%", "battery < 20% band 5%", False),
    ],
)
def test_the_obvious_ones_are_seen_and_the_others_left_alone(when: str, until: str, holds: bool) -> None:
    program = compile_text(f"edition 1 policy p {{ let a = {when} let b = {until} otherwise use x }}")
    lets = {let.name: let.value.expr for let in program.lets}
    assert implies(LetRef("a"), LetRef("b"), lets) is holds
