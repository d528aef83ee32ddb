"""A parsed policy to a checked one: names, kinds, units and the meanings that a program must have.

Every problem of the file is reported in one run; a wrong declaration spoils only itself.
"""

from __future__ import annotations

from functools import cached_property

import attrs

from edgeadapt.diagnostics import Diagnostic, Edit, Fix, Related, Span
from edgeadapt.language import tree as t
from edgeadapt.language.choices import Choices
from edgeadapt.language.constants import constant
from edgeadapt.language.declarations import Declarations
from edgeadapt.language.expressions import Expressions
from edgeadapt.language.implication import implies
from edgeadapt.language.parser import Parsed
from edgeadapt.language.reporter import Reporter, by_place, shorten, without_quotes_told_twice
from edgeadapt.language.scope import Scope
from edgeadapt.language.trials import PolicyTest, Trials
from edgeadapt.program import program as p
from edgeadapt.program.expr import Expr, SignalRef, walk
from edgeadapt.registry.family import ModelFamily
from edgeadapt.units import Dimension
from edgeadapt.values import frozen

_EDITION = "1"


@frozen
class Checked:
    """A checked policy: its parts for the compiler (None where there are errors), and every diagnostic by place."""

    program: p.Program | None
    tests: tuple[PolicyTest, ...]
    diagnostics: tuple[Diagnostic, ...]


def check(parsed: Parsed, family: ModelFamily | None = None) -> Checked:
    """Check a parsed policy, against a family if one is given; never raises for what the text says."""
    if parsed.tree is None:
        return Checked(None, (), parsed.diagnostics)
    return _Checker(parsed, parsed.tree, family).run()


class _Checker:
    def __init__(self, parsed: Parsed, tree: t.PolicyTree, family: ModelFamily | None) -> None:
        self.parsed = parsed
        self.tree = tree
        self.reporter = Reporter(parsed.source)
        self.expressions = Expressions(self.reporter, Scope(self.reporter, parsed.lost_names))
        self.expressions.doubtful = parsed.doubtful
        self.declarations = Declarations(self.reporter, self.expressions)
        self.choices = Choices(self.reporter, self.expressions, family)

    def run(self) -> Checked:
        self._edition()
        sections = self.tree.sections
        families = [s for s in sections if isinstance(s, t.Ident)]
        for extra in families[1:]:
            self._twice("family", families[0].span, extra.span)
        self.declarations.check(sections)
        rules = tuple(self._rule(s) for s in sections if isinstance(s, t.RuleDecl))
        otherwise = self._otherwise([s for s in sections if isinstance(s, t.OtherwiseDecl)])
        guard = self._guard([s for s in sections if isinstance(s, t.GuardDecl)])
        properties = tuple(self._property(s) for s in sections if isinstance(s, t.PropertyDecl))
        trials = Trials(self.reporter, self.expressions, self.choices, self.declarations.inputs)
        tests = tuple(trials.check(s) for s in sections if isinstance(s, t.TestDecl))
        for what, kind in (("rule", t.RuleDecl), ("property", t.PropertyDecl), ("test", t.TestDecl)):
            self._unique(what, [s.name for s in sections if isinstance(s, kind)])
        problems = by_place(without_quotes_told_twice(self.parsed.diagnostics, self.reporter.diagnostics))
        if self.tree.name is None or any(problem.is_error for problem in problems):
            return Checked(None, (), problems)
        program = p.Program(
            edition=1,
            name=self.tree.name.text,
            doc=self.tree.doc,
            family=families[0].text if families else None,
            signals=(),
            inputs=tuple(self.declarations.inputs),
            params=tuple(self.declarations.params),
            lets=tuple(self.declarations.lets),
            bands=tuple(self.expressions.bands),
            rules=tuple(rule for rule in rules if rule is not None),
            otherwise=otherwise,
            guard=guard,
            properties=tuple(prop for prop in properties if prop is not None),
        )
        return Checked(attrs.evolve(program, signals=_signals_read(program)), tests, problems)

    def _edition(self) -> None:
        edition = self.tree.edition
        if edition is None:
            if self.tree.name is not None:
                start = self.tree.span.start
                fix = Fix("write `edition 1`", (Edit(Span(start, start), "edition 1\n\n"),))
                self.reporter.error("EAP010", Span(start, start + len("policy")), fix=fix)
        elif edition.digits != _EDITION:
            self.reporter.error("EAP011", edition.span, edition=shorten(edition.digits))

    def _unique(self, what: str, names: list[t.Ident]) -> None:
        first: dict[str, Span] = {}
        for name in names:
            if name.text in first:
                related = (Related(first[name.text], "first here"),)
                help_ = "give one of them another name"
                self.reporter.error(
                    "EAP102", name.span, what=what, name=name.text, help=help_, related=related
                )
            first.setdefault(name.text, name.span)

    def _twice(self, what: str, first: Span, again: Span) -> None:
        self.reporter.error("EAP302", again, what=what, related=(Related(first, "first here"),))

    def _rule(self, rule: t.RuleDecl) -> p.Rule | None:
        first: dict[str, t.Clause] = {}
        conditions: dict[str, Expr | None] = {}
        durations: dict[str, Expr | None] = {}
        choices: tuple[p.Choice, ...] = ()
        for clause in rule.clauses:
            if clause.word in first:
                self._twice(clause.word, first[clause.word].span, clause.span)
            first.setdefault(clause.word, clause)
            if clause.word == "use":
                choices = self.choices.check(clause.choices)
            elif clause.value is not None and clause.word in ("when", "until"):
                conditions[clause.word] = self.expressions.condition(clause.value)
            elif clause.value is not None:
                durations[clause.word] = self._duration(clause.value, f"`{clause.word}`")
        for needed in ("when", "use"):
            if needed not in first:
                self.reporter.error("EAP303", rule.name.span, name=rule.name.text, clause=needed)
        when, until = conditions.get("when"), conditions.get("until")
        if when is None:
            return None
        if until is not None and implies(when, until, self.lets):
            related = (Related(first["when"].span, "`when` is here"),)
            self.reporter.error("EAP304", first["until"].span, related=related)
        return p.Rule(
            rule.name.text,
            rule.doc,
            when,
            until,
            durations.get("for"),
            durations.get("linger"),
            durations.get("hold"),
            durations.get("cooldown"),
            "urgent" in first,
            choices,
        )

    @cached_property
    def lets(self) -> dict[str, Expr]:
        return {let.name: let.value.expr for let in self.declarations.lets}

    def _duration(self, node: t.Expr, what: str, *, positive: bool = False) -> Expr | None:
        return constant(self.expressions, node, Dimension.TIME, what, positive=positive)

    def _otherwise(self, found: list[t.OtherwiseDecl]) -> tuple[p.Choice, ...]:
        if not found:
            is_policy = self.tree.name is not None or self.tree.sections
            if is_policy and "OTHERWISE" not in self.parsed.lost_sections:
                start = self.tree.span.start
                self.reporter.error(
                    "EAP301", self.tree.name.span if self.tree.name else Span(start, start + 1)
                )
            return ()
        for extra in found[1:]:
            self._twice("otherwise", found[0].span, extra.span)
        chains = [self._last_resort(section) for section in found]
        return chains[0]

    def _last_resort(self, section: t.OtherwiseDecl) -> tuple[p.Choice, ...]:
        last = section.choices[-1]
        if last.where is not None:
            self.reporter.error("EAP305", last.where.span)
        return self.choices.check(section.choices)

    def _guard(self, found: list[t.GuardDecl]) -> p.Guard | None:
        for extra in found[1:]:
            self._twice("guard", found[0].span, extra.span)
        guards: list[p.Guard] = []
        for guard in found:
            cooldowns = [
                self._duration(c.value, "`cooldown`") for c in guard.cooldowns if c.value is not None
            ]
            for again in guard.cooldowns[1:]:
                self._twice("cooldown", guard.cooldowns[0].span, again.span)
            limits = [self._at_most(limit) for limit in guard.limits]
            kept = tuple(limit for limit in limits if limit is not None)
            guards.append(p.Guard(cooldowns[0] if cooldowns else None, kept))
        return guards[0] if guards else None

    def _at_most(self, node: t.AtMost) -> p.RateLimit | None:
        per = self._duration(node.per, "`per`", positive=True)
        if "." in node.count.digits:
            self.reporter.error("EAP314", node.count.span)
            return None
        # More swaps than a device makes in its life mean no limit, whatever the digits.
        count = int(node.count.digits.lstrip("0")[:18] or "0")
        return None if per is None else p.RateLimit(count, per)

    def _property(self, node: t.PropertyDecl) -> p.UseProperty | p.RateProperty | None:
        if isinstance(node.body, t.AtMost):
            limit = self._at_most(node.body)
            return None if limit is None else p.RateProperty(node.name.text, limit)
        body = node.body
        refusal = "a property is judged at each step alone"
        when = self.expressions.condition(body.when, band_refusal=refusal)
        held = self._duration(body.for_, "`for`") if body.for_ is not None else None
        for variant in body.variants:
            self.choices.known_variant(variant)
        names = tuple(variant.text for variant in body.variants)
        return None if when is None else p.UseProperty(node.name.text, body.always, names, when, held)


def _signals_read(program: p.Program) -> tuple[str, ...]:
    """List the device signals that the program reads, by name."""
    exprs: list[Expr | None] = [let.value.expr for let in program.lets]
    for rule in program.rules:
        exprs += [rule.when, rule.until]
    for choice in (*program.otherwise, *(choice for rule in program.rules for choice in rule.choices)):
        exprs.append(choice.where)
        if isinstance(choice, p.RankedChoice):
            exprs += [ranking.score for ranking in choice.rankings]
    exprs += [prop.when for prop in program.properties if isinstance(prop, p.UseProperty)]
    found = {
        node.name for expr in exprs if expr is not None for node in walk(expr) if isinstance(node, SignalRef)
    }
    return tuple(sorted(found))
