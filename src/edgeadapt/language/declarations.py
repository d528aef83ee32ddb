"""Inputs, params and lets: the names that an author adds to the shared namespace."""

from __future__ import annotations

from collections.abc import Sequence

from edgeadapt.diagnostics import Related
from edgeadapt.language import tree as t
from edgeadapt.language.expressions import Expressions
from edgeadapt.language.reporter import Reporter
from edgeadapt.language.scope import user_entry
from edgeadapt.program.constant import constant_value
from edgeadapt.program.kind import Boolean, Kind, Numeric, Word
from edgeadapt.program.program import Input, Let, Param
from edgeadapt.units import UNITS, Dimension

_MEASURES: dict[str, Kind] = {
    dimension.value: Numeric(dimension) for dimension in Dimension if dimension is not Dimension.DIFFERENCE
}
_MEASURES["bool"] = Boolean()


class Declarations:
    """Checks declarations in their order and puts their names in scope."""

    def __init__(self, reporter: Reporter, expressions: Expressions) -> None:
        self._reporter = reporter
        self._expressions = expressions
        self.inputs: list[Input] = []
        self.params: list[Param] = []
        self.lets: list[Let] = []
        self.param_values: dict[str, float | bool] = {}

    def check(self, sections: Sequence[t.Section]) -> None:
        """Check params, then inputs (whose `stale after` may use them), then lets, which see those above them."""
        for section in sections:
            if isinstance(section, t.ParamDecl):
                self._param(section)
        for section in sections:
            if isinstance(section, t.InputDecl):
                self._input(section)
        lets = [section for section in sections if isinstance(section, t.LetDecl)]
        for index, let in enumerate(lets):
            self._expressions.expect_lets([later.name.text for later in lets[index:]])
            typed = self._expressions.typed(let.value)
            if self._declare("a let", let.name, typed.kind if typed else None) and typed is not None:
                self.lets.append(Let(let.name.text, typed))
        self._expressions.expect_lets(())

    def _declare(self, what: str, name: t.Ident, kind: Kind | None) -> bool:
        taken = self._expressions.scope.get(name.text)
        if taken is not None:
            related = () if taken.span is None else (Related(taken.span, "declared here"),)
            self._reporter.error("EAP103", name.span, name=name.text, taken=taken.what, related=related)
            return False
        self._expressions.scope[name.text] = user_entry(what, name.text, kind, name.span)
        return True

    def _param(self, param: t.ParamDecl) -> None:
        kind = self._literal_kind(param.default)
        value = self._expressions.literal(param.default, kind) if kind is not None else None
        low, high = self._range(param.range, kind)
        if value is not None and ((low is not None and value < low) or (high is not None and value > high)):
            self._reporter.error("EAP310", param.default.span)
        if self._declare("a param", param.name, kind) and kind is not None and value is not None:
            self.params.append(Param(param.name.text, kind, value, low, high))
            self.param_values[param.name.text] = value

    def _literal_kind(self, literal: t.Literal) -> Kind | None:
        if isinstance(literal, t.Bool):
            return Boolean()
        if isinstance(literal, t.Number):
            return Numeric(UNITS[literal.unit].dimension if literal.unit else Dimension.NUMBER)
        self._reporter.error("EAP207", literal.span)
        return None

    def _range(self, bounds: t.Range | None, kind: Kind | None) -> tuple[float | None, float | None]:
        if bounds is None or kind is None:
            return None, None
        if not isinstance(kind, Numeric):
            self._reporter.error("EAP204", bounds.span, found="true or false", help="leave the range out")
            return None, None
        low, high = (self._expressions.literal(bound, kind) for bound in (bounds.low, bounds.high))
        if low is not None and high is not None and low > high:
            self._reporter.error("EAP309", bounds.span)
            return None, None
        return low, high

    def _input(self, declared: t.InputDecl) -> None:
        kind = self._input_kind(declared)
        low, high = self._range(declared.range, kind)
        stale = None
        if declared.stale is not None:
            stale = self._expressions.constant(declared.stale, Dimension.TIME)
            value = constant_value(stale, self.param_values) if stale is not None else None
            if value is not None and value <= 0:
                self._reporter.error("EAP308", declared.stale.span, what="`stale after`")
        if self._declare("an input", declared.name, kind) and kind is not None:
            self.inputs.append(Input(declared.name.text, kind, low, high, stale))

    def _input_kind(self, declared: t.InputDecl) -> Kind | None:
        if declared.measure is None:
            words = [word.text for word in declared.words]
            for word in declared.words[1:]:
                if words.count(word.text) > 1:
                    self._reporter.error("EAP102", word.span, what="word", name=word.text)
                    return None
            return Word(tuple(words), declared.ordered)
        kind = _MEASURES.get(declared.measure.text)
        if kind is None:
            self._reporter.error("EAP106", declared.measure.span, name=declared.measure.text)
        return kind
