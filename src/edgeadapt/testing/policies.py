"""Valid policies for Hypothesis: drawn as trees over the signal schema, printed by the formatter, checked."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
from hypothesis import strategies as st

from edgeadapt.diagnostics import Source, Span
from edgeadapt.language import tree as t
from edgeadapt.language.checker import check
from edgeadapt.language.formatter import canonical, format_tree
from edgeadapt.language.parser import parse
from edgeadapt.program.program import Program
from edgeadapt.state import SIGNALS
from edgeadapt.state.signal import SignalKind
from edgeadapt.testing.block import number

_HERE = Span(0, 0)


@attrs.frozen
class DrawnPolicy:
    """A policy's text and the program that it is compiled to."""

    text: str
    program: Program


def policies(*, variants: Sequence[str] = ("tiny", "small", "full")) -> st.SearchStrategy[DrawnPolicy]:
    """Draw a policy that compiles, with rules, timers, a guard and properties; it uses `variants` by name."""
    return _trees(tuple(variants)).map(_compiled).filter(lambda it: it is not None).map(_present)


def _compiled(tree: t.PolicyTree) -> DrawnPolicy | None:
    """Compile a tree; the few that say nonsense, such as an `until` that covers its `when`, are drawn again."""
    text = format_tree(canonical(tree))
    program = check(parse(Source("drawn.eap", text))).program
    return None if program is None else DrawnPolicy(text, program)


def _present(policy: DrawnPolicy | None) -> DrawnPolicy:
    assert policy is not None
    return policy


def _ident(text: str) -> t.Ident:
    return t.Ident(text, _HERE)


@st.composite
def _comparisons(draw: st.DrawFn) -> t.Expr:
    signal = draw(st.sampled_from(tuple(SIGNALS.values())))
    name = t.Name(signal.name, _HERE)
    if signal.kind is SignalKind.BOOLEAN:
        return name
    op = draw(st.sampled_from(("<", "<=", ">", ">=")))
    if signal.kind is SignalKind.WORD:
        return t.Comparison(op, name, t.Name(draw(st.sampled_from(signal.words)), _HERE), None, _HERE)
    assert signal.dimension is not None
    assert signal.low is not None
    assert signal.high is not None
    share = draw(st.integers(1, 99)) / 100
    value = float(round(signal.low + share * (min(signal.high, 4000.0) - signal.low), 2))
    return t.Comparison(op, name, number(value, signal.dimension), None, _HERE)


_conditions: st.SearchStrategy[t.Expr] = st.recursive(
    _comparisons(),
    lambda inner: st.one_of(
        st.builds(t.Unary, st.just("not"), inner, st.just(_HERE)),
        st.builds(
            t.Logic,
            st.sampled_from(("and", "or")),
            st.lists(inner, min_size=2, max_size=3).map(tuple),
            st.just(_HERE),
        ),
    ),
    max_leaves=4,
)
_times = st.integers(1, 120).map(lambda seconds: t.Number(str(seconds), "s", _HERE))


@st.composite
def _trees(draw: st.DrawFn, variants: tuple[str, ...]) -> t.PolicyTree:
    chosen = st.sampled_from(variants)
    uses = chosen.map(lambda name: (t.ChoiceClause(_ident(name), (), None, None, _HERE),))
    sections: list[t.Section] = []
    for index in range(draw(st.integers(0, 4))):
        clauses = [t.Clause("when", draw(_conditions), (), _HERE)]
        if draw(st.booleans()):
            clauses.append(t.Clause("until", draw(_conditions), (), _HERE))
        words = draw(
            st.lists(st.sampled_from(("for", "linger", "hold", "cooldown")), max_size=2, unique=True)
        )
        clauses += [t.Clause(word, draw(_times), (), _HERE) for word in words]
        clauses.append(t.Clause("use", None, draw(uses), _HERE))
        sections.append(t.RuleDecl(_ident(f"rule_{index}"), "", tuple(clauses), _HERE))
    sections.append(t.OtherwiseDecl(draw(uses), _HERE))
    if draw(st.booleans()):
        cooldown = t.Clause("cooldown", draw(_times), (), _HERE)
        sections.append(t.GuardDecl((cooldown,), (), _HERE))
    if draw(st.booleans()):
        promise = t.Promise(draw(st.booleans()), (_ident(draw(chosen)),), draw(_conditions), None, _HERE)
        sections.append(t.PropertyDecl(_ident("promised"), promise, _HERE))
    return t.PolicyTree(t.Number("1", None, _HERE), _ident("drawn"), "", tuple(sections), _HERE)
