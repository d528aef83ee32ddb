"""A policy's rules, choices, properties and conditions, each with its place in the text."""

from __future__ import annotations

import attrs

from edgeadapt.diagnostics import Span
from edgeadapt.language import tree as t
from edgeadapt.language.linting.pairs import Part, parts
from edgeadapt.program import expr as p
from edgeadapt.program import program as pp
from edgeadapt.values import frozen


@frozen
class Rule:
    """A rule as written and as meant; `index` is its place, from the top."""

    node: t.RuleDecl
    rule: pp.Rule
    index: int

    @property
    def name(self) -> str:
        """The rule's name."""
        return self.rule.name

    def clause(self, word: str) -> t.Clause | None:
        """Return a clause by its keyword."""
        return next((clause for clause in self.node.clauses if clause.word == word), None)

    def span(self, word: str) -> Span:
        """Return where a clause stands; the rule's name where it is not written."""
        clause = self.clause(word)
        return self.node.name.span if clause is None else clause.span


@frozen
class Choice:
    """One choice of a `use`; `rule` is None for `otherwise`; `place` counts from 0."""

    node: t.ChoiceClause
    choice: pp.Choice
    rule: Rule | None
    place: int


@frozen
class Property:
    """A property as written and as meant."""

    node: t.PropertyDecl
    prop: pp.UseProperty | pp.RateProperty


@frozen
class Condition:
    """A condition of the policy: `role` is when, until, where, let or property; `rule` where it belongs to one.

    `parts` are the condition itself and everything below it.
    """

    role: str
    node: t.Expr
    expr: p.Expr
    rule: Rule | None = None
    parts: tuple[Part, ...] = attrs.field(init=False, eq=False, repr=False)

    @parts.default
    def _collect(self) -> tuple[Part, ...]:
        return tuple(parts(self.node, self.expr, positive=self.positive))

    @property
    def positive(self) -> bool | None:
        """True where only the condition's truth matters; a `let` may be asked for more."""
        return None if self.role == "let" else True


def rules_of(tree: t.PolicyTree, program: pp.Program) -> tuple[Rule, ...]:
    """Pair the rules of a tree with those of its program."""
    nodes = [section for section in tree.sections if isinstance(section, t.RuleDecl)]
    return tuple(
        Rule(node, rule, index) for index, (node, rule) in enumerate(zip(nodes, program.rules, strict=True))
    )


def choices_of(tree: t.PolicyTree, program: pp.Program, rules: tuple[Rule, ...]) -> tuple[Choice, ...]:
    """Pair every choice of the rules and of `otherwise`."""
    out: list[Choice] = []
    for rule in rules:
        clause = rule.clause("use")
        nodes = () if clause is None else clause.choices
        out += _chain(nodes, rule.rule.choices, rule)
    otherwise = next(section for section in tree.sections if isinstance(section, t.OtherwiseDecl))
    return (*out, *_chain(otherwise.choices, program.otherwise, None))


def _chain(
    nodes: tuple[t.ChoiceClause, ...], choices: tuple[pp.Choice, ...], rule: Rule | None
) -> list[Choice]:
    pairs = zip(nodes, choices, strict=True)
    return [Choice(node, choice, rule, place) for place, (node, choice) in enumerate(pairs)]


def properties_of(tree: t.PolicyTree, program: pp.Program) -> tuple[Property, ...]:
    """Pair the properties."""
    nodes = [section for section in tree.sections if isinstance(section, t.PropertyDecl)]
    return tuple(Property(node, prop) for node, prop in zip(nodes, program.properties, strict=True))


def conditions_of(
    tree: t.PolicyTree,
    program: pp.Program,
    rules: tuple[Rule, ...],
    choices: tuple[Choice, ...],
    properties: tuple[Property, ...],
    is_boolean_let: frozenset[str],
) -> tuple[Condition, ...]:
    """Collect every condition: of lets, rules, choices and properties."""
    out: list[Condition] = []
    lets = [section for section in tree.sections if isinstance(section, t.LetDecl)]
    for node, let in zip(lets, program.lets, strict=True):
        if let.name in is_boolean_let:
            out.append(Condition("let", node.value, let.value.expr))
    for rule in rules:
        for word, expr in (("when", rule.rule.when), ("until", rule.rule.until)):
            clause = rule.clause(word)
            if clause is not None and clause.value is not None and expr is not None:
                out.append(Condition(word, clause.value, expr, rule))
    out += [
        Condition("where", choice.node.where, choice.choice.where, choice.rule)
        for choice in choices
        if choice.node.where is not None and choice.choice.where is not None
    ]
    out += [
        Condition("property", prop.node.body.when, prop.prop.when)
        for prop in properties
        if isinstance(prop.node.body, t.Promise) and isinstance(prop.prop, pp.UseProperty)
    ]
    return tuple(out)
