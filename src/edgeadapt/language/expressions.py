"""Names, kinds and units of expressions: a syntax tree node becomes a typed node of the program, or a diagnostic.

A node that is wrong comes back as None, after its one report; whoever holds it stays silent about it.
"""

from __future__ import annotations

import math

from edgeadapt.diagnostics import Edit, Fix, Span
from edgeadapt.language import tree as t
from edgeadapt.language.arithmetic_rules import combine
from edgeadapt.language.constants import constant, literal_kind
from edgeadapt.language.kinds import OPEN, describe
from edgeadapt.language.mismatch import Side, report_mismatch
from edgeadapt.language.nearness import meant, nearest
from edgeadapt.language.reporter import Reporter
from edgeadapt.language.scope import Scope
from edgeadapt.program import expr as p
from edgeadapt.program.kind import Boolean, Kind, Numeric, Word
from edgeadapt.units import Dimension, to_canonical
from edgeadapt.wording import shown

_ORDERINGS = (p.CompareOp.LT, p.CompareOp.LE, p.CompareOp.GT, p.CompareOp.GE)
# A double holds no more than this many digits tell, and exact conversion of more would take long.
_MOST_DIGITS = 400


class Expressions:
    """Checks expressions against one scope; collects the bands it meets."""

    def __init__(self, reporter: Reporter, scope: Scope) -> None:
        self.reporter = reporter
        self.scope = scope
        self.bands: list[p.Band] = []
        self.param_values: dict[str, float | bool] = {}
        self.doubtful: frozenset[int] = frozenset()
        self._candidate = False
        self._band_refusal = ""
        self._attribute_kinds: dict[str, Kind] | None = None
        self._family = ""

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
        return self._boolean(self.typed(node, candidate=candidate, band_refusal=band_refusal), node)

    def score(self, node: t.Expr) -> p.Typed | None:
        """Check what candidates are ranked by: a number, a quantity or an ordered word."""
        typed = self.typed(
            node, candidate=True, band_refusal="a score has no memory: put the band in a `let`"
        )
        if typed is not None and isinstance(typed.kind, Word) and typed.kind.ordered:
            return typed
        return self.numeric(typed, node)

    def numeric(self, typed: p.Typed | None, node: t.Expr) -> p.Typed | None:
        """Return a typed expression that is a number or quantity; None, after a report, for another."""
        if typed is None or isinstance(typed.kind, Numeric):
            return typed
        help_ = "a condition has no size: use a quantity"
        if isinstance(typed.kind, Word):
            help_ = "`level(…)` makes a number of an ordered word"
        self.reporter.error("EAP204", node.span, found=describe(typed.kind), help=help_)
        return None

    def number(self, node: t.Number, *, as_difference: bool = False) -> p.Const | None:
        """Convert a literal to its canonical unit."""
        if len(node.digits) > _MOST_DIGITS:
            self.reporter.error(
                "EAP211", node.span, what="long", help=f"at most {_MOST_DIGITS} digits are read"
            )
            return None
        value = to_canonical(node.digits, node.unit, as_difference=as_difference)
        if not math.isfinite(value):
            self.reporter.error("EAP211", node.span, what="large", help="the largest is about 1.8e308")
            return None
        text = f"{node.digits}%" if node.unit == "%" else " ".join(filter(None, (node.digits, node.unit)))
        return p.Const(value, text)

    def _boolean(self, typed: p.Typed | None, node: t.Expr) -> p.Expr | None:
        if typed is None:
            return None
        if isinstance(typed.kind, Boolean) or typed.kind is OPEN:
            return typed.expr
        text = self.reporter.text(node.span)
        help_ = (
            f"compare it, such as `{text} > …`"
            if isinstance(typed.kind, Numeric)
            else f"compare it, such as `{text} == …`"
        )
        self.reporter.error("EAP203", node.span, found=describe(typed.kind), help=help_)
        return None

    def _typed(self, node: t.Expr) -> p.Typed | None:
        match node:
            case t.Number():
                const = None if node.span.start in self.doubtful else self.number(node)
                return None if const is None else p.Typed(const, literal_kind(node))
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
                return self._known(node)
            case t.Logic():
                return self._logic(node)

    def _known(self, node: t.Known) -> p.Typed | None:
        typed = self._typed(node.operand)
        return None if typed is None else p.Typed(p.IsKnown(typed.expr, not node.known), Boolean())

    def _logic(self, node: t.Logic) -> p.Typed | None:
        checked = [self._boolean(self._typed(part), part) for part in node.parts]
        parts = tuple(part for part in checked if part is not None)
        if len(parts) < len(node.parts):
            return None
        return p.Typed(p.Or(parts) if node.op == "or" else p.And(parts), Boolean())

    def _name(self, node: t.Name) -> p.Typed | None:
        entry = self.scope.get(node.text)
        if entry is None:
            self.scope.report_unknown(node.text, node.span, candidate=self._candidate)
            return None
        if isinstance(entry.node, p.AttributeRef) and not self._candidate:
            self.scope.report_no_candidate(node.text, node.span)
            return None
        return None if entry.kind is None else p.Typed(entry.node, entry.kind)

    def _attribute(self, node: t.Attribute) -> p.Typed | None:
        name = f"variant.{node.key}"
        if not self._candidate:
            self.scope.report_no_candidate(name, node.span)
            return None
        if self._attribute_kinds is None:
            return p.Typed(p.AttributeRef(name), OPEN)
        kind = self._attribute_kinds.get(node.key)
        if kind is None:
            known = tuple(self._attribute_kinds)
            help_ = meant(node.key, known, "attributes") or "see the family's `attributes:`"
            right = nearest(node.key, known)
            fix = (
                Fix(f"write `{right}`", (Edit(node.span, f"variant.{right}"),), safe=False) if right else None
            )
            self.reporter.error(
                "EAP313", node.span, family=shown(self._family), name=name, help=help_, fix=fix
            )
            return None
        return p.Typed(p.AttributeRef(name), kind)

    def _level(self, node: t.LevelOf) -> p.Typed | None:
        typed = self._typed(node.operand)
        if typed is None:
            return None
        if not isinstance(typed.kind, Word) or not typed.kind.ordered:
            found = "a word without order" if isinstance(typed.kind, Word) else describe(typed.kind)
            self.reporter.error("EAP212", node.operand.span, found=found)
            return None
        return p.Typed(p.Level(typed.expr, len(typed.kind.words)), Numeric(Dimension.NUMBER))

    def _unary(self, node: t.Unary) -> p.Typed | None:
        if node.op == "not":
            operand = self._boolean(self._typed(node.operand), node.operand)
            return None if operand is None else p.Typed(p.Not(operand), Boolean())
        typed = self.numeric(self._typed(node.operand), node.operand)
        if typed is None:
            return None
        if typed.kind == Numeric(Dimension.TEMPERATURE):
            self.reporter.error("EAP205", node.span, what="negated", label="this is a point on a scale")
            return None
        return p.Typed(p.Negate(typed.expr), typed.kind)

    def _pair(self, left: t.Expr, right: t.Expr) -> tuple[p.Typed, p.Typed] | None:
        """Check two operands, each of which may be a word of the other's enumeration."""
        first: p.Typed | None
        second: p.Typed | None
        if self._is_free(left) and self._is_free(right):
            self._two_words(left, right)
            return None
        if self._is_free(left):
            second = self._typed(right)
            first = self._beside(left, second)
        else:
            first = self._typed(left)
            second = self._beside(right, first)
            if first is not None and second is not None and not isinstance(first.kind, Word):
                first = self._as_word(left, second.kind) or first
        return None if first is None or second is None else (first, second)

    def _two_words(self, left: t.Expr, right: t.Expr) -> None:
        """Report two names of which neither stands for anything: a word beside a typo explains itself."""
        nodes = [node for node in (left, right) if isinstance(node, t.Name)]
        strangers = [node for node in nodes if self.scope.owner_of(node.text) is None]
        plain = [node for node in strangers if not self.scope.is_quoted(node.span)]
        if len(plain) == 1 and len(strangers) == 2:
            # The quotes tell a word from a name, and are reported.
            word = next(node.text for node in strangers if node is not plain[0])
            self.scope.report_unknown(plain[0].text, plain[0].span, candidate=self._candidate, word=word)
            return
        for node in strangers or nodes[:1]:
            self.scope.report_unknown(node.text, node.span, candidate=self._candidate)

    def _is_free(self, node: t.Expr) -> bool:
        return isinstance(node, t.Name) and node.text not in self.scope

    def _as_word(self, node: t.Expr, kind: Kind) -> p.Typed | None:
        if not isinstance(node, t.Name):
            return None
        index = self.scope.index_of(node.text, kind)
        return None if index is None else p.Typed(p.WordConst(index, node.text), kind)

    def _beside(self, node: t.Expr, other: p.Typed | None) -> p.Typed | None:
        """Check an operand beside another one, whose enumeration it may be a word of."""
        if other is None:
            # Where the other side is wrong already, a name that only it could explain is not reported too.
            return None if self._is_free(node) else self._typed(node)
        word = self._as_word(node, other.kind)
        if word is not None or not isinstance(node, t.Name):
            return word or self._typed(node)
        if isinstance(other.kind, Word) and self._is_free(node):
            self.scope.report_word(node.text, other.kind, node.span)
            return None
        return self._typed(node)

    def _coalesce(self, node: t.Binary) -> p.Typed | None:
        pair = self._pair(node.left, node.right)
        if pair is None or not self._same_kind("??", node.span, (node.left, pair[0]), (node.right, pair[1])):
            return None
        kind = pair[1].kind if pair[0].kind is OPEN else pair[0].kind
        return p.Typed(p.Coalesce(pair[0].expr, pair[1].expr), kind)

    def _arithmetic(self, node: t.Binary) -> p.Typed | None:
        left = self.numeric(self._typed(node.left), node.left)
        right = self.numeric(self._typed(node.right), node.right)
        if left is None or right is None:
            return None
        if not isinstance(left.kind, Numeric) or not isinstance(right.kind, Numeric):
            return None
        combined = combine(node.op, left.kind.dimension, right.kind.dimension)
        if combined is None:
            sides = (Side(node.left, left.kind), Side(node.right, right.kind))
            report_mismatch(self.reporter, node.op, node.span, *sides)
            return None
        return p.Typed(p.Arithmetic(combined.op, left.expr, right.expr), Numeric(combined.dimension))

    def _same_kind(
        self, op: str, span: Span, left: tuple[t.Expr, p.Typed], right: tuple[t.Expr, p.Typed]
    ) -> bool:
        kinds = (left[1].kind, right[1].kind)
        if kinds[0] == kinds[1]:
            return True
        if any(kind is OPEN for kind in kinds) and any(isinstance(kind, Boolean) for kind in kinds):
            return True
        report_mismatch(self.reporter, op, span, Side(left[0], kinds[0]), Side(right[0], kinds[1]))
        return False

    def _ordered(self, op: str, span: Span, *kinds: Kind) -> bool:
        """Report an order asked of values that have none."""
        for kind in kinds:
            if isinstance(kind, Boolean) or (isinstance(kind, Word) and not kind.ordered):
                found = "true or false" if isinstance(kind, Boolean) else "this list of words"
                self.reporter.error("EAP206", span, op=op, found=found)
                return False
        return True

    def _comparison(self, node: t.Comparison) -> p.Typed | None:
        op = p.CompareOp(node.op)
        pair = self._pair(node.left, node.right)
        if pair is None:
            return None
        left, right = pair
        if not self._same_kind(node.op, node.span, (node.left, left), (node.right, right)):
            return None
        if op in _ORDERINGS and not self._ordered(node.op, node.span, left.kind, right.kind):
            return None
        if node.band is None:
            return p.Typed(p.Compare(op, left.expr, right.expr), Boolean())
        return self._band(node.band, op, left, right)

    def _band(self, width: t.Expr, op: p.CompareOp, left: p.Typed, right: p.Typed) -> p.Typed | None:
        refusal = self._band_refusal
        if op not in _ORDERINGS:
            refusal = "a band needs one of `<`, `<=`, `>`, `>=`"
        elif not isinstance(left.kind, Numeric):
            refusal = "a band is about numbers and quantities"
        if refusal or not isinstance(left.kind, Numeric):
            text = self.reporter.source.text
            start = max(text.rfind("band", 0, width.span.start), 0)
            self.reporter.error("EAP208", Span(start, width.span.end), help=refusal)
            return None
        dimension = left.kind.dimension
        if dimension is Dimension.TEMPERATURE:
            dimension = Dimension.DIFFERENCE
        fixed = constant(self, width, dimension, "the width of a `band`", after_band=True)
        if fixed is None:
            return None
        band = p.Band(len(self.bands), op, left.expr, right.expr, fixed)
        self.bands.append(band)
        return p.Typed(band, Boolean())

    def _in(self, node: t.In) -> p.Typed | None:
        operand = self._typed(node.operand)
        low, high = self._beside(node.low, operand), self._beside(node.high, operand)
        if operand is None or low is None or high is None:
            return None
        for end, typed in ((node.low, low), (node.high, high)):
            if not self._same_kind("in", end.span, (node.operand, operand), (end, typed)):
                return None
        if not self._ordered("in", node.span, operand.kind, low.kind, high.kind):
            return None
        return p.Typed(p.InRange(operand.expr, low.expr, high.expr), Boolean())
