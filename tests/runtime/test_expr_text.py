"""A compiled expression is written as the author could have written it: compiled again, it is the same."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeadapt.language.arithmetic_rules import combine
from edgeadapt.program import expr as p
from edgeadapt.program.program import NamedChoice, RankedChoice, Ranking
from edgeadapt.runtime.expr_text import choice_text, expr_text
from edgeadapt.units import Dimension, to_canonical
from tests.runtime.world import program

D = Dimension
HEAD = """
input n: number  input w: power  input f: bool  input mood: one of sad, calm, merry ordered
param limit = 40 ms  param flag = true  let spare = memory_total - memory_available  let hot = temperature > 60 °C
"""
NAMES: dict[Dimension, list[p.Expr]] = {
    D.NUMBER: [p.InputRef("n")],
    D.RATIO: [p.SignalRef("cpu"), p.SignalRef("battery")],
    D.TEMPERATURE: [p.SignalRef("temperature")],
    D.DIFFERENCE: [],
    D.MEMORY: [p.SignalRef("memory_available"), p.LetRef("spare")],
    D.TIME: [p.ParamRef("limit"), p.SignalRef("battery_time_left")],
    D.POWER: [p.InputRef("w")],
    D.FREQUENCY: [p.SignalRef("cpu_frequency")],
}
ATTRIBUTES: dict[Dimension, list[p.Expr]] = {
    D.NUMBER: [p.AttributeRef("accuracy"), p.AttributeRef("variant.score")],
    D.MEMORY: [p.AttributeRef("memory")],
    D.TIME: [p.AttributeRef("latency")],
}
UNITS = {
    D.NUMBER: [None],
    D.RATIO: ["%"],
    D.TEMPERATURE: ["°C", "degF"],
    D.DIFFERENCE: ["K"],
    D.MEMORY: ["MB", "KiB"],
}
UNITS |= {D.TIME: ["us", "min"], D.POWER: ["mW"], D.FREQUENCY: ["Hz", "GHz"]}
COMBINED = [(op, a, b) for op in "+-*/" for a in D for b in D if combine(op, a, b) is not None]
BOOLEANS: list[p.Expr] = [p.SignalRef("charging"), p.InputRef("f"), p.ParamRef("flag"), p.LetRef("hot")]
WORDS = {"network": ("offline", "poor", "fair", "good", "excellent"), "mood": ("sad", "calm", "merry")}


@attrs.frozen
class Trees:
    """Strategies of expressions; `candidate` may ask for attributes, others may have bands."""

    candidate: bool

    def literals(self, dimension: D) -> st.SearchStrategy[p.Expr]:
        digits = st.sampled_from(["0", "5", "12.50", "-3", "-0.25", "100"])
        return st.builds(_const, digits, st.sampled_from(UNITS[dimension]))

    def numbers(self, dimension: D, depth: int) -> st.SearchStrategy[p.Expr]:
        names = NAMES[dimension] + (ATTRIBUTES.get(dimension, []) if self.candidate else [])
        leaves = self.literals(dimension) | st.sampled_from(names) if names else self.literals(dimension)
        if depth == 0:
            return leaves
        made = [leaves, self.sums(dimension, depth - 1)]
        below = self.numbers(dimension, depth - 1)
        made.append(st.builds(p.Coalesce, below, below))
        if dimension is not D.TEMPERATURE:
            made.append(st.builds(p.Negate, below))
        if dimension is D.NUMBER:
            made.append(st.sampled_from(["network", "mood"]).flatmap(self.levels))
        return st.one_of(made)

    def sums(self, dimension: D, depth: int) -> st.SearchStrategy[p.Expr]:
        fitting = [row for row in COMBINED if combine(*row).dimension is dimension]  # type: ignore[union-attr] # all combine
        return st.sampled_from(fitting).flatmap(
            lambda row: st.builds(
                p.Arithmetic,
                st.just(combine(*row).op),  # type: ignore[union-attr] # all combine
                self.numbers(row[1], depth),
                self.numbers(row[2], depth),
            )
        )

    def levels(self, name: str) -> st.SearchStrategy[p.Expr]:
        return st.just(p.Level(_word(name), len(WORDS[name])))

    def comparisons(self, dimension: D, depth: int) -> st.SearchStrategy[p.Expr]:
        side = self.numbers(dimension, depth)
        made = [
            st.builds(p.Compare, st.sampled_from(p.CompareOp), side, side),
            st.builds(p.InRange, side, side, side),
            st.builds(p.IsKnown, side, st.booleans()),
        ]
        if not self.candidate:
            width = self.literals(D.DIFFERENCE if dimension is D.TEMPERATURE else dimension).filter(
                lambda const: isinstance(const, p.Const) and const.value >= 0
            )
            if dimension is D.TEMPERATURE:
                width |= st.just(p.Const(5.0, "5 °C"))
            ordered = st.sampled_from([op for op in p.CompareOp if op.name not in ("EQ", "NE")])
            made.append(st.builds(p.Band, st.just(0), ordered, side, side, width))
        return st.one_of(made)

    def words(self) -> st.SearchStrategy[p.Expr]:
        name = st.shared(st.sampled_from(sorted(WORDS)), key="word")
        constant = name.flatmap(
            lambda n: st.sampled_from([p.WordConst(i, w) for i, w in enumerate(WORDS[n])])
        )
        reference = name.map(_word)
        known = st.builds(p.Coalesce, reference, constant)
        operator = st.sampled_from(p.CompareOp)
        return st.one_of(
            st.builds(p.Compare, operator, reference | known, constant),
            st.builds(p.Compare, operator, constant, reference),
            st.builds(p.InRange, reference | known, constant, constant),
        )

    def conditions(self, depth: int) -> st.SearchStrategy[p.Expr]:
        leaves = st.sampled_from(BOOLEANS) | st.sampled_from([p.Const(True, "true"), p.Const(False, "false")])
        made = [
            leaves,
            st.sampled_from(D).flatmap(lambda d: self.comparisons(d, max(0, depth - 1))),
            self.words(),
        ]
        if depth > 0:
            below = self.conditions(depth - 1)
            parts = st.lists(below, min_size=2, max_size=3).map(tuple)
            equality = st.sampled_from([p.CompareOp.EQ, p.CompareOp.NE])
            made += [
                st.builds(p.Not, below),
                st.builds(p.And, parts),
                st.builds(p.Or, parts),
                st.builds(p.Coalesce, below, below),
                st.builds(p.IsKnown, below, st.booleans()),
                st.builds(p.Compare, equality, below, below),
            ]
        return st.one_of(made)


def _const(digits: str, unit: str | None) -> p.Const:
    text = digits if unit is None else f"{digits}%" if unit == "%" else f"{digits} {unit}"
    return p.Const(to_canonical(digits, unit), text)


def _word(name: str) -> p.Expr:
    return p.SignalRef(name) if name == "network" else p.InputRef(name)


def _numbered(expr: p.Expr, bands: list[p.Band]) -> p.Expr:
    """Number bands in the order of the text, as the compiler does."""
    changes: dict[str, object] = {}
    for field in attrs.fields(type(expr)):
        value = getattr(expr, field.name)
        if isinstance(value, tuple):
            changes[field.name] = tuple(_numbered(part, bands) for part in value)
        elif attrs.has(type(value)):
            changes[field.name] = _numbered(value, bands)
    if isinstance(expr, p.Band):
        changes["index"] = len(bands)
        bands.append(expr)
    return attrs.evolve(expr, **changes)


@settings(max_examples=120, deadline=None)
@given(expr=Trees(candidate=False).conditions(3))
def test_a_condition_compiles_from_its_own_text_to_itself(expr: p.Expr) -> None:
    expr = _numbered(expr, [])
    compiled = program(f"{HEAD} rule r {{ when {expr_text(expr)} use a }} otherwise use b")
    assert compiled.rules[0].when == expr


@settings(max_examples=80, deadline=None)
@given(where=Trees(candidate=True).conditions(2), score=Trees(candidate=True).numbers(D.TIME, 2))
def test_a_choice_compiles_from_its_own_text_to_itself(where: p.Expr, score: p.Expr) -> None:
    choice = RankedChoice((Ranking(True, score), Ranking(False, score)), _const("2", "us"), where)
    compiled = program(f"{HEAD} rule r {{ when charging use {choice_text(choice)} }} otherwise use b")
    assert compiled.rules[0].choices == (choice,)


@pytest.mark.parametrize(
    "text",
    [
        "-(5) > n",
        "-(5 ?? n) > n",
        "-5 ?? n > n",
        "n - -5 > n",
        "--5 > n",
        "n ?? -5 > n",
        "not not f",
        "(f and flag) and hot",
        "f and (flag or hot)",
        "(n > 3) == f",
        "2 - (3 - n) > n / (n * 3)",
        "50% * cpu > cpu * 50%",
        "memory_available / 50% > spare band 1 MB",
        "temperature > 70 °C band 5 °C",
        "(n ?? 3) ?? 4 > n ?? 3 ?? 4",
    ],
)
def test_parentheses_stay_where_the_meaning_needs_them(text: str) -> None:
    when = program(f"{HEAD} rule r {{ when {text} use a }} otherwise use b").rules[0].when
    assert expr_text(when) == text


@pytest.mark.parametrize(
    ("name", "text"), [("tiny", "tiny"), ("mobilenet-v2.int8", '"mobilenet-v2.int8"'), ("A", '"A"')]
)
def test_a_variant_that_is_no_name_is_quoted(name: str, text: str) -> None:
    assert choice_text(NamedChoice(name)) == text
