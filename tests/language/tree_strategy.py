"""Policy trees for Hypothesis: every kind of node, right in form and mostly wrong in meaning."""

from __future__ import annotations

from hypothesis import strategies as st

from edgeadapt.diagnostics import Span
from edgeadapt.language import tree as t
from edgeadapt.language.formatter import canonical
from edgeadapt.language.grammar import keywords
from edgeadapt.units import UNITS

NOWHERE = Span(0, 0)
_LETTERS = "abcxyz_019"

names = st.one_of(
    st.sampled_from(
        ("battery", "charging", "temperature", "cpu", "waiting", "tiny", "s", "h", "min_", "poor")
    ),
    st.text(_LETTERS, min_size=1, max_size=40).filter(lambda text: not text[0].isdigit()),
).filter(lambda text: text not in keywords())
idents = names.map(lambda text: t.Ident(text, NOWHERE))
# What stands between quotes: anything but a quote, a line end and what can't be in a file.
# What turns a text round, or ends a line on a screen alone, is an error in one.
_MISLEADING = "\x0b\x0c\x85\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
texts = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters=f'"\r\n{_MISLEADING}'), max_size=30
)
variants = st.one_of(
    names, texts, st.sampled_from(("use", "mobilenet-v2.int8", "# no comment", "{", "}"))
).map(lambda text: t.Ident(text, NOWHERE))
digits = st.one_of(
    st.sampled_from(("0", "1", "20", "0.5", "007", "1.50")),
    st.from_regex(r"[0-9]{1,6}(\.[0-9]{1,4})?", fullmatch=True),
)
units = st.one_of(st.none(), st.sampled_from(tuple(UNITS)))
positive = st.builds(t.Number, digits, units, st.just(NOWHERE))
numbers = st.builds(
    t.Number, st.builds(str.__add__, st.sampled_from(("", "", "-")), digits), units, st.just(NOWHERE)
)
bools = st.builds(t.Bool, st.booleans(), st.just(NOWHERE))
named = st.builds(t.Name, names, st.just(NOWHERE))
literals = st.one_of(numbers, bools, named)


def _deeper(inner: st.SearchStrategy[t.Expr]) -> st.SearchStrategy[t.Expr]:
    here = st.just(NOWHERE)
    return st.one_of(
        st.builds(t.LevelOf, inner, here),
        st.builds(t.Unary, st.sampled_from(("-", "not")), inner, here),
        st.builds(t.Binary, st.sampled_from(("+", "-", "*", "/", "??")), inner, inner, here),
        st.builds(
            t.Comparison,
            st.sampled_from(("<", "<=", ">", ">=", "==", "!=")),
            inner,
            inner,
            st.none() | inner,
            here,
        ),
        st.builds(t.In, inner, inner, inner, here),
        st.builds(t.Known, inner, st.booleans(), here),
        st.builds(
            t.Logic, st.sampled_from(("and", "or")), st.lists(inner, min_size=2, max_size=4).map(tuple), here
        ),
    )


leaves = st.one_of(literals, st.builds(t.Attribute, names, st.just(NOWHERE)))
exprs: st.SearchStrategy[t.Expr] = st.recursive(leaves, _deeper, max_leaves=12)
amounts = st.one_of(numbers, exprs)


@st.composite
def choices(draw: st.DrawFn) -> t.ChoiceClause:
    """One choice of a `use`."""
    where = draw(st.none() | exprs)
    if draw(st.booleans()):
        return t.ChoiceClause(draw(variants), (), None, where, NOWHERE)
    rankings = st.lists(
        st.builds(t.RankingClause, st.booleans(), exprs, st.just(NOWHERE)), min_size=1, max_size=3
    )
    return t.ChoiceClause(None, tuple(draw(rankings)), draw(st.none() | amounts), where, NOWHERE)


several_choices = st.lists(choices(), min_size=1, max_size=3).map(tuple)


@st.composite
def clauses(draw: st.DrawFn) -> t.Clause:
    """A clause of a rule."""
    word = draw(st.sampled_from(("when", "until", "for", "linger", "hold", "cooldown", "urgent", "use")))
    if word == "use":
        return t.Clause(word, None, draw(several_choices), NOWHERE)
    return t.Clause(word, None if word == "urgent" else draw(amounts), (), NOWHERE)


@st.composite
def inputs(draw: st.DrawFn) -> t.InputDecl:
    """An input of a measure or of words."""
    name, stale = draw(idents), draw(st.none() | amounts)
    if draw(st.booleans()):
        return t.InputDecl(name, draw(idents), (), False, draw(st.none() | ranges), stale, NOWHERE)
    words = tuple(draw(st.lists(idents, min_size=1, max_size=12)))
    return t.InputDecl(name, None, words, draw(st.booleans()), None, stale, NOWHERE)


ranges = st.builds(t.Range, literals, literals, st.just(NOWHERE))
params = st.builds(t.ParamDecl, idents, literals, st.none() | ranges, st.just(NOWHERE))
lets = st.builds(t.LetDecl, idents, exprs, st.just(NOWHERE))
rules = st.builds(t.RuleDecl, idents, texts, st.lists(clauses(), max_size=5).map(tuple), st.just(NOWHERE))
otherwise = st.builds(t.OtherwiseDecl, several_choices, st.just(NOWHERE))
counts = st.builds(t.Number, digits, st.none(), st.just(NOWHERE))
at_most = st.builds(t.AtMost, counts, amounts, st.just(NOWHERE))
cooldowns = st.builds(lambda value: t.Clause("cooldown", value, (), NOWHERE), amounts)
guards = st.builds(
    t.GuardDecl,
    st.lists(cooldowns, max_size=2).map(tuple),
    st.lists(at_most, max_size=2).map(tuple),
    st.just(NOWHERE),
)
promises = st.builds(
    t.Promise,
    st.booleans(),
    st.lists(variants, min_size=1, max_size=4).map(tuple),
    exprs,
    st.none() | amounts,
    st.just(NOWHERE),
)
properties = st.builds(t.PropertyDecl, idents, st.one_of(promises, at_most), st.just(NOWHERE))
assigns = st.builds(t.Assign, idents, st.none() | literals, st.just(NOWHERE))
steps = st.builds(
    t.Step, amounts, st.lists(assigns, max_size=4).map(tuple), st.none() | variants, st.just(NOWHERE)
)
tests = st.builds(t.TestDecl, idents, st.lists(steps, max_size=4).map(tuple), st.just(NOWHERE))
sections = st.one_of(variants, inputs(), params, lets, rules, otherwise, guards, properties, tests)
trees = st.builds(
    t.PolicyTree,
    st.none() | counts,
    idents,
    texts,
    st.lists(sections, max_size=6).map(tuple),
    st.just(NOWHERE),
)
ordered_trees = trees.map(canonical)
