"""Lark's tree of an expression to the typed one. The parser bounds nesting, so recursion is safe here."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from lark import Token

from edgeadapt.diagnostics import Span
from edgeadapt.language import tree as t
from edgeadapt.units.slips import spelt_right

_QUANTITY = re.compile(r"([0-9.]+)[ \t]*(.*)\Z", re.DOTALL)
Node = Any  # Lark's trees are untyped: Tree | Token


class ExpressionBuilder:
    """Builds names, literals and expressions; `start` and `end` map offsets of the parsed text to the author's."""

    def __init__(self, start: Callable[[int], int], end: Callable[[int], int]) -> None:
        self._start = start
        self._end = end

    def span(self, node: Node) -> Span:
        """Return where a node or token stands in the author's text."""
        if isinstance(node, Token):
            return Span(self._start(node.start_pos or 0), self._end(node.end_pos or 0))
        meta = node.meta
        return Span(0, 0) if meta.empty else Span(self._start(meta.start_pos), self._end(meta.end_pos))

    def ident(self, token: Token) -> t.Ident:
        """Build a name, or a quoted one without its quotes."""
        text = token.value[1:-1] if token.type == "STRING" else str(token)
        return t.Ident(text, self.span(token))

    def number(self, token: Token, sign: str = "", start: Span | None = None) -> t.Number:
        """Build a number or quantity; a sign belongs to it and stands at `start`."""
        match = _QUANTITY.match(str(token))
        digits, unit = match.groups() if match else (str(token), "")
        span = self.span(token)
        return t.Number(sign + digits, spelt_right(unit), start.to(span) if start else span)

    def literal(self, node: Node) -> t.Literal:
        """Build a number, quantity, truth value or word."""
        *sign, token = node.children
        if token.type in ("TRUE", "FALSE"):
            return t.Bool(token.type == "TRUE", self.span(token))
        if token.type == "NAME":
            return t.Name(str(token), self.span(token))
        return self.number(token, "-" if sign else "", self.span(sign[0]) if sign else None)

    def expr(self, node: Node) -> t.Expr:
        """Build an expression of any kind."""
        kids, span = node.children, self.span(node)
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
        return self._operation(node, kids, span)

    def _operation(self, node: Node, kids: list[Node], span: Span) -> t.Expr:
        match node.data:
            case "minus":
                return self._minus(kids[1], span)
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

    def _minus(self, operand: Node, span: Span) -> t.Expr:
        # A `-` directly before a literal belongs to it: `-5 °C` is a point, and points can't be negated.
        if operand.data in ("number", "quantity"):
            return self.number(operand.children[0], "-", span)
        if operand.data == "default" and operand.children[0].data in ("number", "quantity"):
            literal, rest = operand.children
            signed = self.number(literal.children[0], "-", Span(span.start, self.span(literal).end))
            return t.Binary("??", signed, self.expr(rest), span)
        return t.Unary("-", self.expr(operand), span)
