"""Parameter overrides: parsed and checked like the default, and every constant that depends on them re-checked."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import attrs

from edgeadapt.program.constant import constant_value
from edgeadapt.program.expr import Expr
from edgeadapt.program.kind import Numeric
from edgeadapt.program.program import Choice, Param, Program, RankedChoice, RateProperty, UseProperty
from edgeadapt.units import CANONICAL_UNIT, Dimension, QuantityError, format_quantity, parse_quantity
from edgeadapt.wording import did_you_mean, shown


class ParameterError(ValueError):
    """An override names no parameter of the policy, or its value does not fit."""


def with_params(program: Program, overrides: Mapping[str, str | float | bool]) -> Program:
    """Return the program with some parameters set anew.

    A text is read like a literal of the language (`25 ms`, `true`); a number is in the parameter's canonical unit.
    Raises ParameterError with one line that says what is wrong and what would fit.
    """
    known = {param.name: param for param in program.params}
    for name in overrides:
        if name not in known:
            hint = did_you_mean(name, known, "it has")
            raise ParameterError(f"policy `{program.name}` has no parameter {shown(name)}; {hint}")
    params = tuple(
        attrs.evolve(param, value=_parse(param, overrides[param.name])) if param.name in overrides else param
        for param in program.params
    )
    changed = attrs.evolve(program, params=params)
    values = {param.name: param.value for param in params}
    for what, expr, positive in constants(changed):
        value = constant_value(expr, values)
        if value is None or not math.isfinite(value) or value < 0 or (positive and value == 0):
            need = "positive" if positive else "not negative"
            raise ParameterError(f"{what} must be {need} and finite; with these parameters it is not")
    return changed


def constants(program: Program) -> Iterator[tuple[str, Expr, bool]]:
    """Yield every expression that must be constant and not negative: what it is, itself, whether 0 is refused."""
    for declared in program.inputs:
        if declared.stale_after is not None:
            yield f"`stale after` of input `{declared.name}`", declared.stale_after, True
    for band in program.bands:
        yield "`band` width", band.width, False
    for rule in program.rules:
        for word, expr in (
            ("for", rule.for_),
            ("linger", rule.linger),
            ("hold", rule.hold),
            ("cooldown", rule.cooldown),
        ):
            if expr is not None:
                yield f"`{word}` of rule `{rule.name}`", expr, False
        yield from _tolerances(rule.choices, f"rule `{rule.name}`")
    yield from _tolerances(program.otherwise, "`otherwise`")
    if program.guard is not None:
        if program.guard.cooldown is not None:
            yield "the guard's `cooldown`", program.guard.cooldown, False
        for limit in program.guard.limits:
            yield "the guard's `per`", limit.per, True
    for prop in program.properties:
        yield from _of_property(prop)


def _tolerances(choices: tuple[Choice, ...], owner: str) -> Iterator[tuple[str, Expr, bool]]:
    for choice in choices:
        if isinstance(choice, RankedChoice) and choice.tolerance is not None:
            yield f"`tolerance` of {owner}", choice.tolerance, False


def _of_property(prop: UseProperty | RateProperty) -> Iterator[tuple[str, Expr, bool]]:
    if isinstance(prop, RateProperty):
        yield f"`per` of property `{prop.name}`", prop.limit.per, True
    elif prop.for_ is not None:
        yield f"`for` of property `{prop.name}`", prop.for_, False


def _parse(param: Param, given: str | float | bool) -> float | bool:
    kind = param.kind
    if not isinstance(kind, Numeric):
        named = {"true": True, "false": False}
        if isinstance(given, bool):
            return given
        if isinstance(given, str) and given.strip() in named:
            return named[given.strip()]
        raise ParameterError(f"parameter `{param.name}` takes `true` or `false`, not {shown(given)}")
    if isinstance(given, bool) or not isinstance(given, (str, int, float)):
        raise ParameterError(f"parameter `{param.name}` takes a {kind.dimension.value}, not {shown(given)}")
    try:
        value = _from_text(given, kind.dimension) if isinstance(given, str) else float(given)
    except (QuantityError, OverflowError) as error:
        raise ParameterError(f"parameter `{param.name}`: {error}") from None
    if not math.isfinite(value):
        raise ParameterError(f"parameter `{param.name}` must be finite")
    if (param.low is not None and value < param.low) or (param.high is not None and value > param.high):
        low, high = (
            format_quantity(bound, kind.dimension) if bound is not None else ""
            for bound in (param.low, param.high)
        )
        raise ParameterError(f"parameter `{param.name}` must be in {low} .. {high}, not {shown(given)}")
    return value


def _from_text(text: str, dimension: Dimension) -> float:
    # Read as this kind first, so that an example of what would be right is of this kind, too.
    value = parse_quantity(text, dimension).value
    # A bare number in text is a number to the language; only Python callers, with a float, may leave the unit out.
    if dimension is not Dimension.NUMBER and parse_quantity(text).dimension is Dimension.NUMBER:
        raise QuantityError(
            f"{shown(text)} has no unit; write one, such as `{text.strip()} {CANONICAL_UNIT[dimension]}`"
        )
    return value
