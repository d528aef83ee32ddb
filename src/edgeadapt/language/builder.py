"""Lark's parse tree to the typed tree: shape only, no meaning."""

from __future__ import annotations

from collections.abc import Sequence

from lark import Token, Tree

from edgeadapt.language import tree as t
from edgeadapt.language.expression_builder import ExpressionBuilder, Node


class Builder(ExpressionBuilder):
    """Builds the head and the sections of a policy."""

    def policy(
        self, tokens: Sequence[Token], head: Node | None, sections: Sequence[t.Section]
    ) -> t.PolicyTree:
        """Put a policy together; where its head is lost, what can be told of it is taken from the tokens."""
        whole = self.span(tokens[0]).to(self.span(tokens[-1]))
        if head is None:
            is_edition = [token.type for token in tokens[:2]] == ["EDITION", "NUMBER"]
            edition = self.number(tokens[1]) if is_edition else None
            return t.PolicyTree(edition, None, "", tuple(sections), whole)
        parts = list(head.children)
        edition = self.number(parts.pop(0).children[0]) if isinstance(parts[0], Tree) else None
        doc = parts[1].value[1:-1] if len(parts) > 1 else ""
        return t.PolicyTree(edition, self.ident(parts[0]), doc, tuple(sections), whole)

    def section(self, node: Node) -> t.Section:
        """Turn a section's node into its typed one."""
        section: t.Section = getattr(self, f"_section_{node.data}")(node)
        return section

    def _section_family(self, node: Node) -> t.Ident:
        return self.ident(node.children[0])

    def _section_input(self, node: Node) -> t.InputDecl:
        name, kind, *rest = node.children
        stale = self.expr(rest[0].children[0]) if rest else None
        if kind.data == "measure":
            measure, *bounds = kind.children
            span = self._range(bounds[0]) if bounds else None
            return t.InputDecl(self.ident(name), self.ident(measure), (), False, span, stale, self.span(node))
        words = tuple(self.ident(word) for word in kind.children if word.type == "NAME")
        ordered = kind.children[-1].type == "ORDERED"
        return t.InputDecl(self.ident(name), None, words, ordered, None, stale, self.span(node))

    def _range(self, node: Node) -> t.Range:
        low, high = (self.literal(bound) for bound in node.children)
        return t.Range(low, high, self.span(node))

    def _section_param(self, node: Node) -> t.ParamDecl:
        name, default, *bounds = node.children
        span = self._range(bounds[0]) if bounds else None
        return t.ParamDecl(self.ident(name), self.literal(default), span, self.span(node))

    def _section_let(self, node: Node) -> t.LetDecl:
        return t.LetDecl(self.ident(node.children[0]), self.expr(node.children[1]), self.span(node))

    def _section_rule(self, node: Node) -> t.RuleDecl:
        name, *rest = node.children
        doc = rest.pop(0).value[1:-1] if rest and isinstance(rest[0], Token) else ""
        return t.RuleDecl(
            self.ident(name), doc, tuple(self._clause(child) for child in rest), self.span(node)
        )

    def _clause(self, node: Node) -> t.Clause:
        word = str(node.data).rstrip("_")
        if word == "use":
            return t.Clause(
                word, None, tuple(self._choice(child) for child in node.children), self.span(node)
            )
        value = self.expr(node.children[0]) if node.children else None
        return t.Clause(word, value, (), self.span(node))

    def _choice(self, node: Node) -> t.ChoiceClause:
        body, *rest = node.children
        where = self.expr(rest[0].children[0]) if rest else None
        if body.data == "named":
            return t.ChoiceClause(self.ident(body.children[0]), (), None, where, self.span(node))
        rankings = tuple(self._ranking(child) for child in body.children if child.data == "ranking")
        last = body.children[-1]
        tolerance = self.expr(last.children[0]) if last.data == "tolerance" else None
        return t.ChoiceClause(None, rankings, tolerance, where, self.span(node))

    def _ranking(self, node: Node) -> t.RankingClause:
        order, score = node.children
        return t.RankingClause(order.type == "HIGHEST", self.expr(score), self.span(node))

    def _section_otherwise(self, node: Node) -> t.OtherwiseDecl:
        return t.OtherwiseDecl(tuple(self._choice(child) for child in node.children), self.span(node))

    def _section_guard(self, node: Node) -> t.GuardDecl:
        cooldowns = tuple(self._clause(child) for child in node.children if child.data == "cooldown")
        limits = tuple(self._at_most(child) for child in node.children if child.data == "at_most")
        return t.GuardDecl(cooldowns, limits, self.span(node))

    def _at_most(self, node: Node) -> t.AtMost:
        count, per = node.children
        return t.AtMost(self.number(count), self.expr(per), self.span(node))

    def _section_property(self, node: Node) -> t.PropertyDecl:
        name, body = node.children
        return t.PropertyDecl(
            self.ident(name),
            self._at_most(body) if body.data == "at_most" else self._promise(body),
            self.span(node),
        )

    def _promise(self, node: Node) -> t.Promise:
        order, *rest = node.children
        variants = tuple(self.ident(child) for child in rest if isinstance(child, Token))
        when, *for_ = (child for child in rest if isinstance(child, Tree))
        held = self.expr(for_[0].children[0]) if for_ else None
        return t.Promise(order.type == "ALWAYS", variants, self.expr(when), held, self.span(node))

    def _section_test(self, node: Node) -> t.TestDecl:
        name, *steps = node.children
        return t.TestDecl(self.ident(name), tuple(self._step(step) for step in steps), self.span(node))

    def _step(self, node: Node) -> t.Step:
        at, *rest = node.children
        assigns = tuple(self._assign(child) for child in rest if child.data == "assign")
        expect = next((self.ident(child.children[0]) for child in rest if child.data == "expect"), None)
        return t.Step(self.expr(at), assigns, expect, self.span(node))

    def _assign(self, node: Node) -> t.Assign:
        name, value = node.children
        literal = None if isinstance(value, Token) else self.literal(value)
        return t.Assign(self.ident(name), literal, self.span(node))
