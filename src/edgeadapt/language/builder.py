"""Lark's parse tree to the typed tree: shape only, no meaning."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from lark import Token, Tree

from edgeadapt.diagnostics import Span
from edgeadapt.language import tree as t

_QUANTITY = re.compile(r"([0-9.]+)[ \t]*(.*)\Z", re.DOTALL)
Node = Any  # Lark's trees are untyped: Tree | Token
T = TypeVar("T")


def build(node: Node, at: Callable[[int], int]) -> t.PolicyTree:
    """Turn the `start` node into a PolicyTree; `at` maps an offset of the parsed text to one of the author's."""
    return _Builder(at).policy(node)


class _Builder:
    def __init__(self, at: Callable[[int], int]) -> None:
        self._at = at

    def span(self, node: Node) -> Span:
        if isinstance(node, Token):
            return Span(self._at(node.start_pos or 0), self._at(node.end_pos or 0))
        meta = node.meta
        return Span(0, 0) if meta.empty else Span(self._at(meta.start_pos), self._at(meta.end_pos))

    def policy(self, start: Node) -> t.PolicyTree:
        edition = next((self.number(e.children[0]) for e in start.find_data("edition")), None)
        node = next(iter(start.find_data("policy")))
        name, *rest = node.children
        doc = rest.pop(0).value[1:-1] if rest and isinstance(rest[0], Token) else ""
        sections = tuple(getattr(self, f"section_{child.data}")(child) for child in rest)
        return t.PolicyTree(edition, self.ident(name), doc, sections, self.span(node))

    def ident(self, token: Node) -> t.Ident:
        text = token.value[1:-1] if token.type == "STRING" else str(token)
        return t.Ident(text, self.span(token))

    def number(self, token: Node, sign: str = "", start: Span | None = None) -> t.Number:
        match = _QUANTITY.match(str(token))
        digits, unit = match.groups() if match else (str(token), "")
        span = self.span(token)
        unit = unit.replace("µ", "u").replace("μ", "u")
        return t.Number(sign + digits, unit or None, start.to(span) if start else span)

    def literal(self, node: Node) -> t.Literal:
        *sign, token = node.children
        if token.type in ("TRUE", "FALSE"):
            return t.Bool(token.type == "TRUE", self.span(token))
        if token.type == "NAME":
            return t.Name(str(token), self.span(token))
        return self.number(token, "-" if sign else "", self.span(sign[0]) if sign else None)

    # Sections.

    def section_family(self, node: Node) -> t.Ident:
        return self.ident(node.children[0])

    def section_input(self, node: Node) -> t.InputDecl:
        name, kind, *rest = node.children
        stale = self.expr(rest[0].children[0]) if rest else None
        if kind.data == "measure":
            measure, *bounds = kind.children
            span = self.range(bounds[0]) if bounds else None
            return t.InputDecl(self.ident(name), self.ident(measure), (), False, span, stale, self.span(node))
        words = tuple(self.ident(word) for word in kind.children if word.type == "NAME")
        ordered = kind.children[-1].type == "ORDERED"
        return t.InputDecl(self.ident(name), None, words, ordered, None, stale, self.span(node))

    def range(self, node: Node) -> t.Range:
        low, high = (self.literal(bound) for bound in node.children)
        return t.Range(low, high, self.span(node))

    def section_param(self, node: Node) -> t.ParamDecl:
        name, default, *bounds = node.children
        span = self.range(bounds[0]) if bounds else None
        return t.ParamDecl(self.ident(name), self.literal(default), span, self.span(node))

    def section_let(self, node: Node) -> t.LetDecl:
        return t.LetDecl(self.ident(node.children[0]), self.expr(node.children[1]), self.span(node))

    def section_rule(self, node: Node) -> t.RuleDecl:
        name, *rest = node.children
        doc = rest.pop(0).value[1:-1] if rest and isinstance(rest[0], Token) else ""
        return t.RuleDecl(self.ident(name), doc, tuple(self.clause(child) for child in rest), self.span(node))

    def clause(self, node: Node) -> t.Clause:
        word = str(node.data).rstrip("_")
        if word == "use":
            return t.Clause(word, None, tuple(self.choice(child) for child in node.children), self.span(node))
        value = self.expr(node.children[0]) if node.children else None
        return t.Clause(word, value, (), self.span(node))

    def choice(self, node: Node) -> t.ChoiceClause:
        body, *rest = node.children
        where = self.expr(rest[0].children[0]) if rest else None
        if body.data == "named":
            return t.ChoiceClause(self.ident(body.children[0]), (), None, where, self.span(node))
        rankings = tuple(self.ranking(child) for child in body.children if child.data == "ranking")
        last = body.children[-1]
        tolerance = self.expr(last.children[0]) if last.data == "tolerance" else None
        return t.ChoiceClause(None, rankings, tolerance, where, self.span(node))

    def ranking(self, node: Node) -> t.RankingClause:
        order, score = node.children
        return t.RankingClause(order.type == "HIGHEST", self.expr(score), self.span(node))

    def section_otherwise(self, node: Node) -> t.OtherwiseDecl:
        return t.OtherwiseDecl(tuple(self.choice(child) for child in node.children), self.span(node))

    def section_guard(self, node: Node) -> t.GuardDecl:
        cooldowns = tuple(self.clause(child) for child in node.children if child.data == "cooldown")
        limits = tuple(self.at_most(child) for child in node.children if child.data == "at_most")
        return t.GuardDecl(cooldowns, limits, self.span(node))

    def at_most(self, node: Node) -> t.AtMost:
        count, per = node.children
        return t.AtMost(self.number(count), self.expr(per), self.span(node))

    def section_property(self, node: Node) -> t.PropertyDecl:
        name, body = node.children
        return t.PropertyDecl(
            self.ident(name),
            self.at_most(body) if body.data == "at_most" else self.promise(body),
            self.span(node),
        )

    def promise(self, node: Node) -> t.Promise:
        order, *rest = node.children
        variants = tuple(self.ident(child) for child in rest if isinstance(child, Token))
        when, *for_ = (child for child in rest if isinstance(child, Tree))
        held = self.expr(for_[0].children[0]) if for_ else None
        return t.Promise(order.type == "ALWAYS", variants, self.expr(when), held, self.span(node))

    def section_test(self, node: Node) -> t.TestDecl:
        name, *steps = node.children
        return t.TestDecl(self.ident(name), tuple(self.step(step) for step in steps), self.span(node))

    def step(self, node: Node) -> t.Step:
        at, *rest = node.children
        assigns = tuple(self.assign(child) for child in rest if child.data == "assign")
        expect = next((self.ident(child.children[0]) for child in rest if child.data == "expect"), None)
        return t.Step(self.expr(at), assigns, expect, self.span(node))

    def assign(self, node: Node) -> t.Assign:
        name, value = node.children
        literal = None if isinstance(value, Token) else self.literal(value)
        return t.Assign(self.ident(name), literal, self.span(node))

    # Expressions. The parser bounds nesting, so recursion is safe here.

    def expr(self, node: Node) -> t.Expr:
        span = self.span(node)
        kids = node.children
        match node.data:
            case "number" | "quantity":
                return self.number(kids[0])
            case "boolean":
                return t.Bool(kids[0].type == "TRUE", span)
            case "name":
                return t.Name(str(kids[0]), span)
            case "attribute":
                return t.Attribute(str(kids[1]), span)
            case "level":
                return t.LevelOf(self.expr(kids[0]), span)
            case "group":
                return self.expr(kids[0])
            case "minus":
                # A `-` directly before a literal belongs to it: `-5 °C` is a point, and points can't be negated.
                if kids[1].data in ("number", "quantity"):
                    return self.number(kids[1].children[0], "-", span)
                return t.Unary("-", self.expr(kids[1]), span)
            case "negation":
                return t.Unary("not", self.expr(kids[0]), span)
            case "arithmetic":
                return t.Binary(str(kids[1]), self.expr(kids[0]), self.expr(kids[2]), span)
            case "default":
                return t.Binary("??", self.expr(kids[0]), self.expr(kids[1]), span)
            case "compare":
                band = self.expr(kids[3].children[0]) if len(kids) > 3 else None
                return t.Comparison(str(kids[1]), self.expr(kids[0]), self.expr(kids[2]), band, span)
            case "in_range":
                return t.In(self.expr(kids[0]), self.expr(kids[1]), self.expr(kids[2]), span)
            case "is_known":
                return t.Known(self.expr(kids[0]), kids[1].type == "KNOWN", span)
            case "or_" | "all_":
                return t.Logic("or" if node.data == "or_" else "and", tuple(map(self.expr, kids)), span)
        raise AssertionError(f"no such expression: {node.data}")
