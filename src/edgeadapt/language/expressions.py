"""Names, kinds and units of expressions: a syntax tree node becomes a typed node of the program, or a diagnostic.

A node that is wrong comes back as None, after its one report; whoever holds it stays silent about it.
"""

from __future__ import annotations

import math
from collections.abc import Collection

from edgeadapt.diagnostics import Edit, Fix, Related, Span
from edgeadapt.language import tree as t
from edgeadapt.language.arithmetic_rules import combine
from edgeadapt.language.reporter import Reporter
from edgeadapt.language.scope import Entry, nearest
from edgeadapt.program import expr as p
from edgeadapt.program.kind import Boolean, Kind, Numeric, Word
from edgeadapt.units import UNITS, Dimension, to_canonical

_EXAMPLES = {Dimension.RATIO: "15%", Dimension.TEMPERATURE: "70 °C", Dimension.DIFFERENCE: "5 K"}
_EXAMPLES |= {Dimension.MEMORY: "512 MB", Dimension.TIME: "10 s", Dimension.POWER: "2 W"}
_EXAMPLES |= {Dimension.FREQUENCY: "30 Hz", Dimension.NUMBER: "0.5"}
_ORDERINGS = (p.CompareOp.LT, p.CompareOp.LE, p.CompareOp.GT, p.CompareOp.GE)


def describe(kind: Kind) -> str:
    """Name a kind in the author's terms."""
    match kind:
        case Boolean():
            return "true or false"
        case Word():
            return "a word"
        case Numeric(dimension=dimension):
            return f"a {dimension.value}"


class Expressions:
    """Checks expressions against one scope; collects the bands it meets, which number themselves in text order."""

    def __init__(self, reporter: Reporter, scope: dict[str, Entry], lost: Collection[str]) -> None:
        self.reporter = reporter
        self.scope = scope
        self.bands: list[p.Band] = []
        self._lost = lost
        self._later: frozenset[str] = frozenset()
        self._candidate = False
        self._band_refusal = ""
        self._attribute_kinds: dict[str, Kind] | None = None
        self._family = ""

    def expect_lets(self, names: Collection[str]) -> None:
        """Tell which names further `let`s will declare."""
        self._later = frozenset(names)

    def know_attributes(self, family: str, kinds: dict[str, Kind]) -> None:
        """Check `variant.KEY` against a family's attributes from now on."""
        self._family, self._attribute_kinds = family, kinds

    def typed(self, node: t.Expr, *, candidate: bool = False, band_refusal: str = "") -> p.Typed | None:
        """Check an expression of any kind; `candidate` knows a variant's attributes."""
        before = (self._candidate, self._band_refusal)
        self._candidate, self._band_refusal = candidate, band_refusal
        try:
            return self._typed(node)
        finally:
            self._candidate, self._band_refusal = before

    def condition(self, node: t.Expr, *, candidate: bool = False, band_refusal: str = "") -> p.Expr | None:
        """Check an expression that must be true or false."""
        if candidate and isinstance(node, t.Attribute) and self._attribute_kinds is None:
            return p.AttributeRef(f"variant.{node.key}")
        typed = self.typed(node, candidate=candidate, band_refusal=band_refusal)
        return self._boolean(typed, node)

    def score(self, node: t.Expr, *, candidate: bool = False) -> p.Typed | None:
        """Check what candidates are ranked by: a number, a quantity or an ordered word."""
        typed = self.typed(node, candidate=candidate, band_refusal="a score has no memory")
        if typed is not None and isinstance(typed.kind, Word) and typed.kind.ordered:
            return typed
        return self._numeric(typed, node)

    def constant(self, node: t.Expr, expected: Dimension, *, after_band: bool = False) -> p.Expr | None:
        """Check a constant expression (parameters count) of one dimension."""
        if after_band and isinstance(node, t.Number) and expected is Dimension.DIFFERENCE and node.unit:
            if UNITS[node.unit].dimension is Dimension.TEMPERATURE:
                return self._literal(node, as_difference=True)
        typed = self._numeric(self.typed(node, band_refusal="a constant has no memory"), node)
        if typed is None:
            return None
        if not all(isinstance(n, (p.Const, p.ParamRef, p.Negate, p.Arithmetic)) for n in p.walk(typed.expr)):
            self.reporter.error("EAP207", node.span)
            return None
        if typed.kind != Numeric(expected):
            names = {
                "expected": expected.value,
                "found": describe(typed.kind),
                "example": _EXAMPLES[expected],
            }
            self.reporter.error("EAP209", node.span, **names)
            return None
        return typed.expr

    def literal(self, node: t.Literal, kind: Kind) -> float | bool | None:
        """Check a literal of a known kind; a word gives its index. None where it is wrong, after a report."""
        if isinstance(kind, Word):
            if isinstance(node, t.Name) and node.text in kind.words:
                return float(kind.words.index(node.text))
            self._word_error(self.reporter.text(node.span), kind, node.span)
            return None
        if isinstance(node, t.Name):
            self.reporter.error("EAP101", node.span, name=node.text, help=nearest(node.text, (), "literals"))
            return None
        typed = self._typed(node)
        if typed is None or not isinstance(typed.expr, p.Const):
            return None
        if typed.kind != kind:
            expected = kind.dimension if isinstance(kind, Numeric) else None
            names = {
                "expected": expected.value if expected else "`true` or `false`",
                "found": describe(typed.kind),
            }
            self.reporter.error(
                "EAP209", node.span, **names, example=_EXAMPLES[expected] if expected else "true"
            )
            return None
        return typed.expr.value

    def _boolean(self, typed: p.Typed | None, node: t.Expr) -> p.Expr | None:
        if typed is None:
            return None
        if not isinstance(typed.kind, Boolean):
            names = {"found": describe(typed.kind), "text": self.reporter.text(node.span)}
            self.reporter.error("EAP203", node.span, **names)
            return None
        return typed.expr

    def _numeric(self, typed: p.Typed | None, node: t.Expr) -> p.Typed | None:
        if typed is None or isinstance(typed.kind, Numeric):
            return typed
        help_ = (
            "`level(…)` makes a number of an ordered word"
            if isinstance(typed.kind, Word)
            else "use a quantity"
        )
        self.reporter.error("EAP204", node.span, found=describe(typed.kind), help=help_)
        return None

    def _typed(self, node: t.Expr) -> p.Typed | None:
        match node:
            case t.Number():
                const = self._literal(node)
                dimension = UNITS[node.unit].dimension if node.unit else Dimension.NUMBER
                return None if const is None else p.Typed(const, Numeric(dimension))
            case t.Bool(value=value):
                return p.Typed(p.Const(value, "true" if value else "false"), Boolean())
            case t.Name():
                return self._name(node)
            case t.Attribute():
                return self._attribute(node)
            case t.LevelOf():
                return self._level(node)
            case t.Unary():
                return self._unary(node)
            case t.Binary():
                return self._coalesce(node) if node.op == "??" else self._arithmetic(node)
            case t.Comparison():
                return self._comparison(node)
            case t.In():
                return self._in(node)
            case t.Known():
                typed = self._typed(node.operand)
                return None if typed is None else p.Typed(p.IsKnown(typed.expr, not node.known), Boolean())
            case t.Logic():
                checked = [self._boolean(self._typed_condition(part), part) for part in node.parts]
                parts = tuple(part for part in checked if part is not None)
                if len(parts) < len(node.parts):
                    return None
                return p.Typed(p.Or(parts) if node.op == "or" else p.And(parts), Boolean())

    def _typed_condition(self, node: t.Expr) -> p.Typed | None:
        if self._candidate and isinstance(node, t.Attribute) and self._attribute_kinds is None:
            return p.Typed(p.AttributeRef(f"variant.{node.key}"), Boolean())
        return self._typed(node)

    def _literal(self, node: t.Number, *, as_difference: bool = False) -> p.Const | None:
        value = to_canonical(node.digits, node.unit, as_difference=as_difference)
        if not math.isfinite(value):
            self.reporter.error("EAP211", node.span)
            return None
        return p.Const(
            value, f"{node.digits}%" if node.unit == "%" else " ".join(filter(None, (node.digits, node.unit)))
        )

    def _name(self, node: t.Name) -> p.Typed | None:
        entry = self.scope.get(node.text)
        if entry is None:
            if node.text in self._later:
                self.reporter.error("EAP104", node.span, name=node.text)
            elif node.text not in self._lost:
                help_ = nearest(node.text, self.scope, "names")
                fix = None
                if help_.startswith(("did you mean", "write ")):
                    word = help_.split("`")[1]
                    fix = Fix(f"write `{word}`", (Edit(node.span, word),), safe=help_.startswith("write "))
                self.reporter.error("EAP101", node.span, name=node.text, help=help_, fix=fix)
            return None
        if isinstance(entry.node, p.AttributeRef) and not self._candidate:
            self.reporter.error("EAP105", node.span, name=node.text)
            return None
        return None if entry.kind is None else p.Typed(entry.node, entry.kind)

    def _attribute(self, node: t.Attribute) -> p.Typed | None:
        name = f"variant.{node.key}"
        if not self._candidate:
            self.reporter.error("EAP105", node.span, name=name)
            return None
        if self._attribute_kinds is None:
            return p.Typed(p.AttributeRef(name), Numeric(Dimension.NUMBER))
        kind = self._attribute_kinds.get(node.key)
        if kind is None:
            help_ = nearest(node.key, tuple(self._attribute_kinds), "attributes")
            self.reporter.error("EAP313", node.span, family=self._family, name=name, help=help_)
            return None
        return p.Typed(p.AttributeRef(name), kind)

    def _level(self, node: t.LevelOf) -> p.Typed | None:
        typed = self._typed(node.operand)
        if typed is None:
            return None
        if not isinstance(typed.kind, Word) or not typed.kind.ordered:
            help_ = "`level` takes an ordered word, such as `power`"
            self.reporter.error("EAP204", node.operand.span, found=describe(typed.kind), help=help_)
            return None
        return p.Typed(p.Level(typed.expr, len(typed.kind.words)), Numeric(Dimension.NUMBER))

    def _unary(self, node: t.Unary) -> p.Typed | None:
        if node.op == "not":
            operand = self._boolean(self._typed_condition(node.operand), node.operand)
            return None if operand is None else p.Typed(p.Not(operand), Boolean())
        typed = self._numeric(self._typed(node.operand), node.operand)
        if typed is None:
            return None
        if typed.kind == Numeric(Dimension.TEMPERATURE):
            self.reporter.error("EAP205", node.span, what="negated")
            return None
        return p.Typed(p.Negate(typed.expr), typed.kind)

    def _pair(self, left: t.Expr, right: t.Expr) -> tuple[p.Typed, p.Typed] | None:
        """Check two operands, each of which may be a word of the other's enumeration."""
        first: p.Typed | None
        second: p.Typed | None
        if self._is_free_word(left) and self._is_free_word(right):
            first, second = self._typed(left), self._typed(right)
        elif self._is_free_word(left):
            second = self._typed(right)
            first = self._word(left, second)
        else:
            first = self._typed(left)
            second = self._word(right, first)
        return None if first is None or second is None else (first, second)

    def _is_free_word(self, node: t.Expr) -> bool:
        return isinstance(node, t.Name) and node.text not in self.scope

    def _word(self, node: t.Expr, other: p.Typed | None) -> p.Typed | None:
        if other is None or not isinstance(other.kind, Word) or not isinstance(node, t.Name):
            # Where the other side is wrong already, a name that only it could explain is not reported too.
            return None if other is None and self._is_free_word(node) else self._typed(node)
        if node.text in other.kind.words:
            return p.Typed(p.WordConst(other.kind.words.index(node.text), node.text), other.kind)
        if node.text in self.scope:
            return self._typed(node)
        self._word_error(node.text, other.kind, node.span)
        return None

    def _word_error(self, word: str, kind: Word, span: Span) -> None:
        self.reporter.error("EAP210", span, word=word, words=", ".join(kind.words))

    def _coalesce(self, node: t.Binary) -> p.Typed | None:
        pair = self._pair(node.left, node.right)
        if pair is None or not self._same_kind("??", node, pair):
            return None
        return p.Typed(p.Coalesce(pair[0].expr, pair[1].expr), pair[0].kind)

    def _arithmetic(self, node: t.Binary) -> p.Typed | None:
        left = self._numeric(self._typed(node.left), node.left)
        right = self._numeric(self._typed(node.right), node.right)
        if left is None or right is None:
            return None
        if not isinstance(left.kind, Numeric) or not isinstance(right.kind, Numeric):
            return None
        combined = combine(node.op, left.kind.dimension, right.kind.dimension)
        if combined is None:
            self._mismatch(node.op, node, left.kind, right.kind)
            return None
        return p.Typed(p.Arithmetic(combined.op, left.expr, right.expr), Numeric(combined.dimension))

    def _mismatch(self, op: str, node: t.Binary | t.Comparison | t.In, left: Kind, right: Kind) -> None:
        ends = (node.operand, node.high) if isinstance(node, t.In) else (node.left, node.right)
        related = tuple(
            Related(end.span, describe(kind)) for end, kind in zip(ends, (left, right), strict=True)
        )
        dimensions = {kind.dimension for kind in (left, right) if isinstance(kind, Numeric)}
        if dimensions == {Dimension.NUMBER, Dimension.RATIO}:
            number = next((end for end in ends if isinstance(end, t.Number)), None)
            help_ = "a ratio is written with `%`, a number without, such as `accuracy >= 0.9` or `100% - cpu`"
            if number is not None and number.unit is None:
                help_ = f"write `{number.digits}%`; {help_}"
            self.reporter.error("EAP202", node.span, op=op, help=help_, related=related)
        elif op in ("+", "*", "/") and Dimension.TEMPERATURE in dimensions:
            what = {"+": "added to this", "*": "scaled", "/": "divided"}[op]
            self.reporter.error("EAP205", node.span, what=what, related=related)
        else:
            missing = next(
                (
                    k.dimension
                    for k in (left, right)
                    if isinstance(k, Numeric) and k.dimension is not Dimension.NUMBER
                ),
                None,
            )
            help_ = (
                f"write the unit, such as `{_EXAMPLES[missing]}`"
                if missing
                else "both sides must be of one kind"
            )
            names = {"op": op, "left": describe(left), "right": describe(right), "help": help_}
            self.reporter.error("EAP201", node.span, related=related, **names)

    def _same_kind(
        self, op: str, node: t.Binary | t.Comparison | t.In, pair: tuple[p.Typed, p.Typed]
    ) -> bool:
        if pair[0].kind == pair[1].kind:
            return True
        self._mismatch(op, node, pair[0].kind, pair[1].kind)
        return False

    def _comparison(self, node: t.Comparison) -> p.Typed | None:
        op = p.CompareOp(node.op)
        pair = self._pair(node.left, node.right)
        if pair is None:
            return None
        left, right = pair
        if (
            isinstance(left.kind, Boolean)
            and isinstance(right.kind, Numeric)
            and isinstance(right.expr, p.AttributeRef)
        ):
            right = p.Typed(right.expr, Boolean())
        elif (
            isinstance(right.kind, Boolean)
            and isinstance(left.kind, Numeric)
            and isinstance(left.expr, p.AttributeRef)
        ):
            left = p.Typed(left.expr, Boolean())
        if not self._same_kind(node.op, node, (left, right)):
            return None
        if op in _ORDERINGS and (
            isinstance(left.kind, Boolean) or (isinstance(left.kind, Word) and not left.kind.ordered)
        ):
            self.reporter.error("EAP206", node.span, op=node.op)
            return None
        if node.band is None:
            return p.Typed(p.Compare(op, left.expr, right.expr), Boolean())
        return self._band(node, op, left, right)

    def _band(self, node: t.Comparison, op: p.CompareOp, left: p.Typed, right: p.Typed) -> p.Typed | None:
        assert node.band is not None
        refusal = self._band_refusal
        if op not in _ORDERINGS:
            refusal = "a band needs one of `<`, `<=`, `>`, `>=`"
        elif not isinstance(left.kind, Numeric):
            refusal = "a band is about numbers and quantities"
        if refusal or not isinstance(left.kind, Numeric):
            self.reporter.error("EAP208", node.band.span, help=refusal)
            return None
        is_point = left.kind.dimension is Dimension.TEMPERATURE
        width = self.constant(
            node.band, Dimension.DIFFERENCE if is_point else left.kind.dimension, after_band=True
        )
        if width is None:
            return None
        band = p.Band(len(self.bands), op, left.expr, right.expr, width)
        self.bands.append(band)
        return p.Typed(band, Boolean())

    def _in(self, node: t.In) -> p.Typed | None:
        operand = self._typed(node.operand)
        low, high = self._word(node.low, operand), self._word(node.high, operand)
        if operand is None or low is None or high is None:
            return None
        if not self._same_kind("in", node, (operand, low)) or not self._same_kind(
            "in", node, (operand, high)
        ):
            return None
        if isinstance(operand.kind, Boolean) or (isinstance(operand.kind, Word) and not operand.kind.ordered):
            self.reporter.error("EAP206", node.span, op="in")
            return None
        return p.Typed(p.InRange(operand.expr, low.expr, high.expr), Boolean())
