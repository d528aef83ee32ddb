"""A parsed policy to a checked one: names, kinds, units and the meanings that a program must have.

Every problem of the file is reported in one run; a wrong declaration spoils only itself.
"""

from __future__ import annotations

import attrs

from edgeadapt.diagnostics import Diagnostic, Related, Span
from edgeadapt.language import tree as t
from edgeadapt.language.choices import Choices
from edgeadapt.language.declarations import Declarations
from edgeadapt.language.expressions import Expressions
from edgeadapt.language.implication import implies
from edgeadapt.language.parser import Parsed
from edgeadapt.language.reporter import Reporter
from edgeadapt.language.scope import device_scope
from edgeadapt.language.trials import PolicyTest, check_test
from edgeadapt.program import program as p
from edgeadapt.program.constant import constant_value
from edgeadapt.program.expr import Expr, SignalRef, walk
from edgeadapt.registry.family import ModelFamily
from edgeadapt.units import Dimension

_EDITION = "1"


@attrs.frozen
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
        self.expressions = Expressions(self.reporter, device_scope(), parsed.lost_names)
        self.declarations = Declarations(self.reporter, self.expressions)
        self.choices = Choices(self.reporter, self.expressions, family)

    def run(self) -> Checked:
        self._edition()
        sections = self.tree.sections
        self.declarations.check(sections)
        rules = tuple(self._rule(s) for s in sections if isinstance(s, t.RuleDecl))
        otherwise = self._otherwise([s for s in sections if isinstance(s, t.OtherwiseDecl)])
        guard = self._guard([s for s in sections if isinstance(s, t.GuardDecl)])
        properties = tuple(self._property(s) for s in sections if isinstance(s, t.PropertyDecl))
        for what, kind in (("rule", t.RuleDecl), ("property", t.PropertyDecl), ("test", t.TestDecl)):
            self._unique(what, [s.name for s in sections if isinstance(s, kind)])
        families = [s for s in sections if isinstance(s, t.Ident)]
        for extra in families[1:]:
            self._twice("family", families[0].span, extra.span)
        tests = tuple(
            check_test(s, self.reporter, self.expressions, self.choices)
            for s in sections
            if isinstance(s, t.TestDecl)
        )
        problems = sorted(
            (*self.parsed.diagnostics, *self.reporter.diagnostics), key=lambda problem: problem.span.start
        )
        if problems:
            return Checked(None, (), tuple(problems))
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
        return Checked(attrs.evolve(program, signals=_signals_read(program)), tests, ())

    def _edition(self) -> None:
        edition = self.tree.edition
        if edition is None:
            if not self.parsed.diagnostics:
                start = self.tree.span.start
                self.reporter.error("EAP010", Span(start, start + len("policy")))
        elif edition.digits != _EDITION or edition.unit is not None:
            self.reporter.error("EAP011", edition.span, edition=edition.digits)

    def _unique(self, what: str, names: list[t.Ident]) -> None:
        first: dict[str, Span] = {}
        for name in names:
            if name.text in first:
                related = (Related(first[name.text], "first here"),)
                self.reporter.error("EAP102", name.span, what=what, name=name.text, related=related)
            first.setdefault(name.text, name.span)

    def _twice(self, what: str, first: Span, again: Span) -> None:
        self.reporter.error("EAP302", again, what=what, related=(Related(first, "first here"),))

    def _rule(self, rule: t.RuleDecl) -> p.Rule | None:
        clauses: dict[str, t.Clause] = {}
        for clause in rule.clauses:
            if clause.word in clauses:
                self._twice(clause.word, clauses[clause.word].span, clause.span)
            clauses.setdefault(clause.word, clause)
        for needed in ("when", "use"):
            if needed not in clauses and not self.parsed.diagnostics:
                self.reporter.error("EAP303", rule.name.span, name=rule.name.text, clause=needed)
        conditions = {
            word: self.expressions.condition(clauses[word].value)  # type: ignore[arg-type] # a condition has a value
            for word in ("when", "until")
            if word in clauses
        }
        durations = {
            word: self._clause_duration(clauses[word])
            for word in ("for", "linger", "hold", "cooldown")
            if word in clauses
        }
        choices = self.choices.check(clauses["use"].choices) if "use" in clauses else ()
        when, until = conditions.get("when"), conditions.get("until")
        if when is None:
            return None
        if until is not None and implies(when, until):
            related = (Related(clauses["when"].span, "`when` is here"),)
            self.reporter.error("EAP304", clauses["until"].span, related=related)
        return p.Rule(
            rule.name.text,
            rule.doc,
            when,
            until,
            durations.get("for"),
            durations.get("linger"),
            durations.get("hold"),
            durations.get("cooldown"),
            "urgent" in clauses,
            choices,
        )

    def _clause_duration(self, clause: t.Clause) -> Expr | None:
        return None if clause.value is None else self._duration(clause.value, f"`{clause.word}`")

    def _duration(self, node: t.Expr, what: str, *, positive: bool = False) -> Expr | None:
        expr = self.expressions.constant(node, Dimension.TIME)
        if expr is not None:
            value = constant_value(expr, self.declarations.param_values)
            if value is not None and value < 0:
                self.reporter.error("EAP307", node.span, what=what)
            elif positive and value == 0:
                self.reporter.error("EAP308", node.span, what=what)
        return expr

    def _otherwise(self, found: list[t.OtherwiseDecl]) -> tuple[p.Choice, ...]:
        if not found:
            if not self.parsed.diagnostics:
                self.reporter.error("EAP301", self.tree.name.span)
            return ()
        for extra in found[1:]:
            self._twice("otherwise", found[0].span, extra.span)
        last = found[0].choices[-1]
        if last.where is not None:
            self.reporter.error("EAP305", last.where.span)
        return self.choices.check(found[0].choices)

    def _guard(self, found: list[t.GuardDecl]) -> p.Guard | None:
        if not found:
            return None
        for extra in found[1:]:
            self._twice("guard", found[0].span, extra.span)
        guard = found[0]
        for again in guard.cooldowns[1:]:
            self._twice("cooldown", guard.cooldowns[0].span, again.span)
        cooldown = self._clause_duration(guard.cooldowns[0]) if guard.cooldowns else None
        limits = (self._at_most(limit) for limit in guard.limits)
        return p.Guard(cooldown, tuple(limit for limit in limits if limit is not None))

    def _at_most(self, node: t.AtMost) -> p.RateLimit | None:
        per = self._duration(node.per, "`per`", positive=True)
        if "." in node.count.digits:
            self.reporter.error("EAP314", node.count.span)
            return None
        # More swaps than a device makes in its life mean no limit, whatever the digits.
        count = int(node.count.digits[:18])
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
