"""Whether a program read from bytes is one that a policy text could have given, as far as running it relies on that."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from edgeadapt.errors import ProgramError
from edgeadapt.program import expr as e
from edgeadapt.program import program as p
from edgeadapt.program.compiled.value_kinds import ValueKinds
from edgeadapt.program.constant import constant_value, param_values
from edgeadapt.program.kind import Numeric, Word
from edgeadapt.program.params import constants
from edgeadapt.state import SIGNALS
from edgeadapt.wording import shown

_EDITION = 1
_NAME = re.compile(r"[a-z_][a-z0-9_]*\Z", re.ASCII)
_OTHERWISE = "otherwise"
_MOST_SWAPS = 2**53
_NOT_IN_TEXTS = ("\n", "\r", '"')


def check_sound(program: p.Program) -> None:
    """Raise ProgramError where something in a program does not fit the rest, so that no evaluator can stumble."""
    if program.version != p.PROGRAM_VERSION or program.edition != _EDITION:
        found = f"version {program.version} of edition {program.edition}"
        raise ProgramError(
            f"it is a program of {found}, and this EdgeAdapt runs {p.PROGRAM_VERSION} of {_EDITION}"
        )
    _check_names(program)
    for declared in program.inputs:
        _check_input(declared)
    for param in program.params:
        _check_param(param)
    kinds = ValueKinds(
        frozenset(program.signals),
        {declared.name: declared.kind for declared in program.inputs},
        {param.name: param.kind for param in program.params},
        {},
    )
    for let in program.lets:
        if isinstance(let.value.kind, Word):
            _check_words(let.value.kind)
        kinds.value(let.value.expr, let.value.kind)
        kinds.lets[let.name] = let.value.kind
    for rule in program.rules:
        kinds.condition(rule.when, bands=True)
        if rule.until is not None:
            kinds.condition(rule.until, bands=True)
        _check_choices(rule.choices, kinds)
    _check_choices(program.otherwise, kinds)
    if program.otherwise[-1].where is not None:
        raise ProgramError("its `otherwise` may leave no variant")
    _check_limits(program)
    _check_properties(program, kinds)
    # A band's memory is its place in the text: none is shared, none idle.
    if sorted(kinds.used_bands) != list(range(len(program.bands))) or any(
        band.index != index for index, band in enumerate(program.bands)
    ):
        raise ProgramError("its bands are not each in one place")
    _check_constants(program, kinds)


def _check_names(program: p.Program) -> None:
    sections: tuple[p.Input | p.Param | p.Let, ...] = (*program.inputs, *program.params, *program.lets)
    declared = [section.name for section in sections]
    rules = [rule.name for rule in program.rules]
    properties = [prop.name for prop in program.properties]
    for names in ((*program.signals, *declared), (*rules, _OTHERWISE), properties):
        if len(set(names)) != len(names):
            raise ProgramError("two things in it have one name")
    for name in (program.name, *declared, *rules, *properties):
        if not _NAME.match(name):
            raise ProgramError(f"{shown(name)} is no name")
    for name in program.signals:
        if name not in SIGNALS:
            raise ProgramError(f"this EdgeAdapt knows no signal {shown(name)}")
    for text in _texts(program):
        if any(char in text for char in _NOT_IN_TEXTS):
            raise ProgramError(f"the text {shown(text)} is more than one line or one string")
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:  # half of a character
            raise ProgramError(f"the text {shown(text)} is no text") from None


def _texts(program: p.Program) -> Iterator[str]:
    yield program.doc
    yield program.family or ""
    for rule in program.rules:
        yield rule.doc
    for choice in (*program.otherwise, *(choice for rule in program.rules for choice in rule.choices)):
        if isinstance(choice, p.NamedChoice):
            yield choice.variant
    for prop in program.properties:
        if isinstance(prop, p.UseProperty):
            yield from prop.variants
    for expr in expressions(program):
        for node in e.walk(expr):
            if isinstance(node, (e.Const, e.WordConst)):
                yield node.text
            elif isinstance(node, e.AttributeRef):
                yield node.name


def expressions(program: p.Program) -> Iterator[e.Expr]:
    """Yield every expression of a program."""
    for _, expr, _ in constants(program):
        yield expr
    for let in program.lets:
        yield let.value.expr
    for rule in program.rules:
        yield rule.when
        if rule.until is not None:
            yield rule.until
    for choice in (*program.otherwise, *(choice for rule in program.rules for choice in rule.choices)):
        if choice.where is not None:
            yield choice.where
        if isinstance(choice, p.RankedChoice):
            yield from (ranking.score for ranking in choice.rankings)
    for prop in program.properties:
        if isinstance(prop, p.UseProperty):
            yield prop.when


def _check_input(declared: p.Input) -> None:
    if isinstance(declared.kind, Word):
        _check_words(declared.kind)
    _check_range(declared.name, declared, is_number=isinstance(declared.kind, Numeric))


def _check_param(param: p.Param) -> None:
    number = isinstance(param.kind, Numeric)
    if isinstance(param.kind, Word) or isinstance(param.value, bool) is number:
        raise ProgramError(f"the value of parameter {shown(param.name)} is of another kind")
    _check_range(param.name, param, is_number=number)
    low = -math.inf if param.low is None else param.low
    high = math.inf if param.high is None else param.high
    if number and not low <= param.value <= high:
        raise ProgramError(f"the value of parameter {shown(param.name)} is out of its range")


def _check_range(name: str, declared: p.Input | p.Param, *, is_number: bool) -> None:
    low, high = declared.low, declared.high
    if (low is None) is not (high is None) or (low is not None and not is_number):
        raise ProgramError(f"the range of {shown(name)} is none")
    if low is not None and high is not None and low > high:
        raise ProgramError(f"the range of {shown(name)} is empty")


def _check_words(kind: Word) -> None:
    if not kind.words or len(set(kind.words)) != len(kind.words) or not all(map(_NAME.match, kind.words)):
        raise ProgramError("an enumeration is not one of distinct words")


def _check_choices(choices: tuple[p.Choice, ...], kinds: ValueKinds) -> None:
    if not choices:
        raise ProgramError("a rule or `otherwise` uses nothing")
    for choice in choices:
        if choice.where is not None:
            kinds.condition(choice.where, candidate=True)
        if isinstance(choice, p.RankedChoice):
            if not choice.rankings:
                raise ProgramError("a choice ranks by nothing")
            for ranking in choice.rankings:
                kinds.score(ranking.score)


def _check_limits(program: p.Program) -> None:
    limits = [prop.limit for prop in program.properties if isinstance(prop, p.RateProperty)]
    if program.guard is not None:
        limits.extend(program.guard.limits)
    if any(not 0 <= limit.count <= _MOST_SWAPS for limit in limits):
        raise ProgramError("a limit is no number of swaps")


def _check_properties(program: p.Program, kinds: ValueKinds) -> None:
    for prop in program.properties:
        if isinstance(prop, p.UseProperty):
            if not prop.variants:
                raise ProgramError(f"property {shown(prop.name)} speaks of no variant")
            kinds.condition(prop.when)


def _check_constants(program: p.Program, kinds: ValueKinds) -> None:
    values = param_values(program)
    for what, expr, positive in constants(program):
        kinds.constant(expr)
        value = constant_value(expr, values)
        if value is None or not math.isfinite(value) or value < 0 or (positive and value == 0):
            raise ProgramError(f"{what} must be constant, finite and not negative, and is not")
