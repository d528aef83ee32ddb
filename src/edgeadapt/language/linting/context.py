"""What a lint looks at: one checked policy, its parts with their places, and exact answers about its conditions."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import TypeVar, cast

import attrs

from edgeadapt.diagnostics import Diagnostic, Fix, Related, Severity, Source, Span
from edgeadapt.language import tree as t
from edgeadapt.language.linting.ignores import Ignore
from edgeadapt.language.linting.policy_parts import (
    Choice,
    Condition,
    Property,
    Rule,
    choices_of,
    conditions_of,
    properties_of,
    rules_of,
)
from edgeadapt.language.trials import PolicyTest
from edgeadapt.program import expr as p
from edgeadapt.program.conditions import Conditions, View
from edgeadapt.program.constant import constant_value
from edgeadapt.program.kind import Boolean
from edgeadapt.program.program import Guard, Program, RankedChoice
from edgeadapt.regions import Answer, Region
from edgeadapt.registry.family import ModelFamily

Named = p.SignalRef | p.InputRef
ResultT = TypeVar("ResultT")
SectionT = TypeVar("SectionT", t.LetDecl, t.ParamDecl, t.InputDecl, t.GuardDecl, t.TestDecl)


@attrs.frozen(eq=False)
class Context:
    """One policy as every lint sees it; `kept` holds what lints share.

    `asked`, where it is a list, gets the answer to every exact question, for statistics.
    """

    source: Source
    tree: t.PolicyTree
    program: Program
    family: ModelFamily | None
    rules: tuple[Rule, ...]
    choices: tuple[Choice, ...]
    properties: tuple[Property, ...]
    conditions: tuple[Condition, ...]
    any: Conditions
    first: Conditions
    tests: tuple[PolicyTest, ...] = ()
    ignores: tuple[Ignore, ...] = ()
    known_codes: frozenset[str] = frozenset()
    silenced: frozenset[tuple[int, str]] = frozenset()
    asked: list[Answer] | None = None
    kept: dict[Hashable, object] = attrs.field(factory=dict)

    @classmethod
    def of(
        cls,
        source: Source,
        tree: t.PolicyTree,
        program: Program,
        tests: tuple[PolicyTest, ...] = (),
        family: ModelFamily | None = None,
    ) -> Context:
        """Pair a policy's tree with its program."""
        rules = rules_of(tree, program)
        choices = choices_of(tree, program, rules)
        properties = properties_of(tree, program)
        booleans = frozenset(let.name for let in program.lets if isinstance(let.value.kind, Boolean))
        conditions = conditions_of(tree, program, rules, choices, properties, booleans)
        views = (Conditions(program, View.ANY), Conditions(program, View.FIRST))
        return cls(source, tree, program, family, rules, choices, properties, conditions, *views, tests)

    def never(self, states: Callable[[Conditions], Region]) -> Answer:
        """Whether no state can be in the set that `states` makes.

        YES holds for every value of the parameters and whatever bands remember; NO is shown by a state that a session
        can start in, at the parameters' defaults.
        """
        answer = states(self.any).empty
        if answer is not Answer.YES:
            answer = Answer.NO if states(self.first).empty is Answer.NO else Answer.NOT_DECIDED
        if self.asked is not None:
            self.asked.append(answer)
        return answer

    def is_impossible(self, states: Callable[[Conditions], Region]) -> bool:
        """Whether it is sure that no state can be in the set."""
        if self.asked is not None:
            return self.never(states) is Answer.YES
        return states(self.any).empty is Answer.YES

    def is_possible(self, states: Callable[[Conditions], Region]) -> bool:
        """Whether it is sure that some state is in the set."""
        if self.asked is not None:
            return self.never(states) is Answer.NO
        return states(self.first).empty is Answer.NO

    def once(self, key: Hashable, make: Callable[[], ResultT]) -> ResultT:
        """Return what `make` gave when it was first asked for under this key."""
        if key not in self.kept:
            self.kept[key] = make()
        return cast(ResultT, self.kept[key])

    def fixed_ms(self, expr: p.Expr | None) -> float | None:
        """Return a duration that no parameter can change, 0 where it is not written; None for any other."""
        if expr is None:
            return 0.0
        value = constant_value(expr, {})
        return None if value is None else float(value)

    def all_nodes(self, expr: p.Expr | None) -> Iterator[p.Expr]:
        """Yield an expression's nodes, those of the lets it names included."""
        lets = {let.name: let.value.expr for let in self.program.lets}
        seen: set[str] = set()
        stack = [] if expr is None else [expr]
        while stack:
            for node in p.walk(stack.pop()):
                yield node
                if isinstance(node, p.LetRef) and node.name not in seen:
                    seen.add(node.name)
                    stack.append(lets[node.name])

    @property
    def expressions(self) -> Iterator[tuple[t.Expr, p.Expr]]:
        """Every condition, `let` and score with its place; each once."""
        yield from (
            (condition.node, condition.expr) for condition in self.conditions if condition.role != "let"
        )
        yield from (
            (node.value, let.value.expr)
            for node, let in zip(self.sections(t.LetDecl), self.program.lets, strict=True)
        )
        for choice in self.choices:
            if isinstance(choice.choice, RankedChoice):
                pairs = zip(choice.node.rankings, choice.choice.rankings, strict=True)
                yield from ((node.score, ranking.score) for node, ranking in pairs)

    def reads(self, *exprs: p.Expr | None) -> tuple[Named, ...]:
        """Return the signals and inputs that expressions read, each once, through lets too."""
        found: dict[Named, None] = {}
        for expr in exprs:
            found.update(dict.fromkeys(self._reads(expr)))
        return tuple(found)

    def _reads(self, expr: p.Expr | None) -> tuple[Named, ...]:
        if expr is None:
            return ()
        # With the expression, so that no other one can take its identity.
        return self.once(("reads", id(expr)), lambda: (expr, self._own_reads(expr, self._let_reads)))[1]

    @property
    def _let_reads(self) -> dict[str, tuple[Named, ...]]:
        return self.once("let reads", self._read_lets)

    def _read_lets(self) -> dict[str, tuple[Named, ...]]:
        found: dict[str, tuple[Named, ...]] = {}
        for let in self.program.lets:
            found[let.name] = self._own_reads(let.value.expr, found)
        return found

    def _own_reads(self, expr: p.Expr, lets: dict[str, tuple[Named, ...]]) -> tuple[Named, ...]:
        names: dict[Named, None] = {}
        for node in p.walk(expr):
            if isinstance(node, (p.SignalRef, p.InputRef)):
                names[node] = None
            elif isinstance(node, p.LetRef):
                names.update(dict.fromkeys(lets[node.name]))
        return tuple(names)

    def uses_params(self, *exprs: p.Expr | None) -> bool:
        """Whether a parameter can change what an expression says."""
        return any(isinstance(node, p.ParamRef) for expr in exprs for node in self.all_nodes(expr))

    def text(self, span: Span) -> str:
        """Return the author's text at a place, on one line and not long."""
        text = " ".join(self.source.text[span.start : span.end].split())
        return text if len(text) <= 40 else text[:37] + "…"

    @property
    def guard(self) -> Guard | None:
        """The policy's guard."""
        return self.program.guard

    def sections(self, kind: type[SectionT]) -> list[SectionT]:
        """Return the sections of one kind, in the author's order."""
        return [section for section in self.tree.sections if isinstance(section, kind)]

    def diagnostic(
        self,
        lint: tuple[str, Severity],
        span: Span,
        message: str,
        label: str = "",
        help: str = "",  # noqa: A002 - the diagnostic's own word
        related: tuple[Related, ...] = (),
        fix: Fix | None = None,
    ) -> Diagnostic:
        """Make a lint's diagnostic; `lint` is its code and severity."""
        code, severity = lint
        return Diagnostic(code, severity, message, self.source, span, label, help, related, fix)
