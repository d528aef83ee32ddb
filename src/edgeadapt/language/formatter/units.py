"""Everything that stands on a line of its own: declarations, clauses, choices, promises and the steps of a test."""

from __future__ import annotations

from collections.abc import Sequence

from edgeadapt.language import tree as t
from edgeadapt.language.formatter.doc import Doc, Group, Leaf, Line, Nest
from edgeadapt.language.formatter.expressions import amount, condition, literal, name, number_text, variant

# How much deeper than its clause the second choice of a `use` is, and what belongs to a choice.
_ELSE, _WITHIN = 2, 4
_STEP = 2


def declaration(node: t.Ident | t.InputDecl | t.ParamDecl | t.LetDecl, name_width: int = 0) -> Doc:
    """Return `family`, `input`, `param` or `let`; a param's name is padded to `name_width`."""
    match node:
        case t.Ident():
            return ("family ", variant(node))
        case t.InputDecl():
            return Group(("input ", name(node.name), ": ", Nest(_STEP, (_input_kind(node), _stale(node)))))
        case t.ParamDecl():
            padding = " " * (name_width - len(node.name.text))
            value = ("param ", name(node.name), f"{padding} = ", literal(node.default))
            return Group((*value, Nest(_STEP, _range(node.range))))
        case t.LetDecl():
            return ("let ", name(node.name), " = ", condition(node.value))


def _input_kind(node: t.InputDecl) -> Doc:
    if node.measure is not None:
        return (name(node.measure), _range(node.range))
    words = _list([name(word) for word in node.words])
    return ("one of ", words, " ordered" if node.ordered else "")


def _stale(node: t.InputDecl) -> Doc:
    return "" if node.stale is None else (Line(), "stale after ", amount(node.stale))


def _range(node: t.Range | None) -> Doc:
    return "" if node is None else (Line(), "in ", literal(node.low), " .. ", literal(node.high))


def _list(leaves: Sequence[Leaf]) -> Doc:
    first, *others = leaves
    return Group((first, Nest(_STEP, tuple((",", Line(fill=True), other) for other in others))))


def clause(node: t.Clause) -> Doc:
    """Return a clause of a rule, or a guard's `cooldown`."""
    if node.word == "use":
        return use("use", node.choices)
    if node.value is None:
        return node.word
    inner = condition(node.value) if node.word in ("when", "until") else amount(node.value)
    return (f"{node.word} ", inner)


def use(words: str, choices: Sequence[t.ChoiceClause]) -> Doc:
    """Return choices: the first behind the words, each other on a line of its own."""
    first, *others = choices
    lines = tuple((Line(hard=True), "else ", _choice(other, _WITHIN - _ELSE)) for other in others)
    return (f"{words} ", _choice(first, _WITHIN), Nest(_ELSE, lines))


def _choice(node: t.ChoiceClause, within: int) -> Doc:
    where: Doc = "" if node.where is None else (Line(), "where ", condition(node.where))
    if node.variant is not None:
        return Group((variant(node.variant), Nest(within, where)))
    first, *others = (_ranking(ranking) for ranking in node.rankings)
    then = tuple((Line(), "then ", other) for other in others)
    tolerance: Doc = "" if node.tolerance is None else (Line(), "tolerance ", amount(node.tolerance))
    return Group(Nest(within, (Group((first, then, tolerance)), where)))


def _ranking(node: t.RankingClause) -> Doc:
    return ("highest " if node.highest else "lowest ", amount(node.score))


def at_most(node: t.AtMost) -> Doc:
    """Return `at most N swaps per W`."""
    swaps = "swap" if node.count.digits == "1" else "swaps"
    return ("at most ", Leaf(number_text(node.count), node.count.span), f" {swaps} per ", amount(node.per))


def promise(node: t.Promise) -> Doc:
    """Return `never use V, … when COND [for D]`, or `always …`."""
    words = "always use " if node.always else "never use "
    for_: Doc = "" if node.for_ is None else (Line(), "for ", amount(node.for_))
    when = (Line(), "when ", condition(node.when))
    return Group((words, _list([variant(it) for it in node.variants]), Nest(_STEP, (when, for_))))


def step_time(node: t.Step) -> Doc:
    """Return `at T:`."""
    return ("at ", amount(node.at), ":")


def step_assigns(node: t.Step) -> list[Doc]:
    """Return what a step sets, one by one."""
    return [
        (name(it.name), " = ", "unknown" if it.value is None else literal(it.value)) for it in node.assigns
    ]


def step_expect(node: t.Step) -> Doc:
    """Return `expect V`, or nothing."""
    return "" if node.expect is None else ("expect ", variant(node.expect))


def step(node: t.Step) -> Doc:
    """Return a step that may need several lines."""
    assigns = step_assigns(node)
    lines: list[Doc] = [(Line(fill=True), it, "," if it is not assigns[-1] else "") for it in assigns]
    if node.expect is not None:
        lines.append((Line(), step_expect(node)))
    return Group((step_time(node), Nest(_STEP, tuple(lines))))
