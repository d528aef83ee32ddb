"""Overrides: read like the default, held to its kind and range, and every constant that depends on them checked again."""

from __future__ import annotations

import math
from typing import Any

import pytest

from edgeadapt.language import compile_text
from edgeadapt.program import ParameterError
from edgeadapt.program.params import constants, with_params
from tests.runtime.world import program

WHOLE = program(
    """
    param d = 2 s  param k = 1 in 0 .. 10  param m = 5 K  param on = true  param share = 20%  param room = 1 GB in 1 MB .. 2 GB
    input x: number stale after d - 1 s
    let warm = temperature > 40 °C band m - 5 K
    rule r { when warm for d linger d * k hold 3 s - d cooldown d / k use highest accuracy tolerance k / 5 - 0.2 }
    rule s { when on and cpu > share use lowest latency else highest memory tolerance room - 1 GB }
    otherwise use highest latency tolerance d - 1.5 s
    guard { cooldown 10 s - d at most 3 swaps per d - 0.5 s at most 5 swaps per 1 min }
    property calm { at most 4 swaps per 1 min - d * 10 }
    property cold { never use a when cpu > 5% for d - 0.25 s }
    """
)


def test_every_constant_of_a_policy_is_named_with_whether_it_may_be_zero() -> None:
    assert [(what, positive) for what, _, positive in constants(WHOLE)] == [
        ("`stale after` of input `x`", True),
        ("`band` width", False),
        ("`for` of rule `r`", False),
        ("`linger` of rule `r`", False),
        ("`hold` of rule `r`", False),
        ("`cooldown` of rule `r`", False),
        ("`tolerance` of rule `r`", False),
        ("`tolerance` of rule `s`", False),
        ("`tolerance` of `otherwise`", False),
        ("the guard's `cooldown`", False),
        ("the guard's `per`", True),
        ("the guard's `per`", True),
        ("`per` of property `calm`", True),
        ("`for` of property `cold`", False),
    ]


def values(**overrides: Any) -> dict[str, Any]:
    return {param.name: param.value for param in with_params(WHOLE, overrides).params}


def test_an_override_changes_its_parameter_alone() -> None:
    assert values(k=3) == {"d": 2000.0, "k": 3.0, "m": 5.0, "on": True, "share": 20.0, "room": 1000.0}
    assert values() == {param.name: param.value for param in WHOLE.params}


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("d", "2.5 s", 2500.0),
        ("d", 2500, 2500.0),
        ("m", "10 °C", 10.0),
        ("m", "18 °F", 10.0),
        ("m", "7 K", 7.0),
        ("share", "35%", 35.0),
        ("room", "1 GiB", 1073.741824),
        ("on", "false", False),
        ("on", False, False),
        ("k", " 4 ", 4.0),
        ("k", 10, 10.0),
        ("k", "0.5", 0.5),
    ],
)
def test_an_override_is_read_like_a_literal(name: str, given: Any, value: float | bool) -> None:
    # `k` shortens a tolerance and must leave it positive; these all do.
    base = with_params(WHOLE, {"k": 5}) if name != "k" else program("param k = 1 in 0 .. 10 otherwise use a")
    read = {param.name: param.value for param in with_params(base, {name: given}).params}[name]
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("e", 3, "policy `p` has no parameter `e`; "),
        ("romm", 3, "policy `p` has no parameter `romm`; did you mean `room`?"),
        ("d", "3 MB", "parameter `d`: `3 MB` is a memory, but a time is needed, such as `40 ms`"),
        ("d", "3 x", "parameter `d`: `x` is not a unit"),
        ("d", "soon", "parameter `d`: `soon` is not a number with a unit, such as `40 ms`"),
        ("d", "", "parameter `d`: "),
        ("d", True, "parameter `d` takes a time, not `True`"),
        ("d", None, "parameter `d` takes a time, not `None`"),
        ("d", math.nan, "parameter `d` must be finite"),
        ("d", math.inf, "parameter `d` must be finite"),
        ("d", 10**400, "parameter `d`: "),
        ("on", 1, "parameter `on` takes `true` or `false`, not `1`"),
        ("on", "yes", "parameter `on` takes `true` or `false`, not `yes`"),
        ("k", 10.1, "parameter `k` must be in 0 .. 10, not `10.1`"),
        ("k", -0.1, "parameter `k` must be in 0 .. 10, not `-0.1`"),
        ("room", "3 GB", "parameter `room` must be in 1 MB .. 2000 MB, not `3 GB`"),
        ("m", "10 s", "parameter `m`: `10 s` is a time, but a temperature difference is needed"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_in_one_line(name: str, given: Any, message: str) -> None:
    with pytest.raises(ParameterError) as refused:
        with_params(WHOLE, {name: given})
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("overrides", "what"),
    [
        ({"d": "1 s"}, "`stale after` of input `x` must be positive"),
        ({"m": "4 K"}, "`band` width must be not negative"),
        ({"d": "-2 s"}, "`stale after` of input `x` must be positive"),
        ({"d": "3.5 s"}, "`hold` of rule `r` must be not negative"),
        ({"k": 0}, "`cooldown` of rule `r` must be not negative and finite"),
        ({"k": 0.5}, "`tolerance` of rule `r` must be not negative"),
        ({"room": "500 MB"}, "`tolerance` of rule `s` must be not negative"),
        ({"d": "1.2 s"}, "`tolerance` of `otherwise` must be not negative"),
    ],
)
def test_every_constant_is_checked_again(overrides: dict[str, Any], what: str) -> None:
    with pytest.raises(ParameterError) as refused:
        with_params(WHOLE, overrides)
    assert str(refused.value).startswith(what)


@pytest.mark.parametrize(
    ("clause", "value", "what"),
    [
        ("guard { cooldown 3 s - d }", "4 s", "the guard's `cooldown` must be not negative"),
        ("guard { at most 1 swap per 3 s - d }", "3 s", "the guard's `per` must be positive"),
        ("property q { at most 1 swap per 3 s - d }", "3 s", "`per` of property `q` must be positive"),
        (
            "property q { never use a when cpu > 5% for 3 s - d }",
            "4 s",
            "`for` of property `q` must be not negative",
        ),
    ],
)
def test_the_guard_and_the_properties_are_checked_again_too(clause: str, value: str, what: str) -> None:
    compiled = program(f"param d = 2 s otherwise use a {clause}")
    with pytest.raises(ParameterError) as refused:
        with_params(compiled, {"d": value})
    assert str(refused.value).startswith(what)


def test_a_refused_override_leaves_the_program_as_it_was() -> None:
    before = WHOLE.digest
    with pytest.raises(ParameterError):
        with_params(WHOLE, {"k": 5, "d": "9 MB"})
    assert WHOLE.digest == before


@pytest.mark.parametrize("text", ["25", " 0.5 ", "-1"])
def test_a_text_without_its_unit_is_refused_as_the_language_refuses_it(text: str) -> None:
    program = compile_text(
        "edition 1 policy p { param d = 1 s rule r { when cpu > 5% for d use a } otherwise use a }"
    )
    with pytest.raises(ParameterError, match="has no unit; write one, such as"):
        with_params(program, {"d": text})
    assert with_params(program, {"d": 25}).params[0].value == 25.0
