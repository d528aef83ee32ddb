"""Inputs, params and lets: the names that an author adds to the shared namespace."""

from __future__ import annotations

from collections.abc import Sequence

from edgeadapt.diagnostics import Edit, Fix, Related
from edgeadapt.language import tree as t
from edgeadapt.language.constants import constant, literal, literal_kind, report_not_literal
from edgeadapt.language.expressions import Expressions
from edgeadapt.language.nearness import nearest
from edgeadapt.language.reporter import Reporter, shorten
from edgeadapt.language.wishes import KINDS, TRUTHS
from edgeadapt.program.kind import Boolean, Kind, Numeric, Word
from edgeadapt.program.program import Input, Let, Param
from edgeadapt.units import UNITS, Dimension
from edgeadapt.units.slips import meant_unit

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

    def check(self, sections: Sequence[t.Section]) -> None:
        """Check params, then inputs (whose `stale after` may use them), then lets, which see those above them."""
        for section in sections:
            if isinstance(section, t.ParamDecl):
                self._param(section)
        for section in sections:
            if isinstance(section, t.InputDecl):
                self._input(section)
        lets = [section for section in sections if isinstance(section, t.LetDecl)]
        scope = self._expressions.scope
        scope.expect_lets({let.name.text for let in lets})
        for let in lets:
            scope.enter_let(let.name.text)
            typed = self._expressions.typed(let.value)
            scope.enter_let("")
            if self._declare("a let", let.name, typed.kind if typed else None) and typed is not None:
                self.lets.append(Let(let.name.text, typed))

    def _declare(self, what: str, name: t.Ident, kind: Kind | None) -> bool:
        taken = self._expressions.scope.get(name.text)
        if taken is not None:
            related = () if taken.span is None else (Related(taken.span, "declared here"),)
            self._reporter.error("EAP103", name.span, name=name.text, taken=taken.what, related=related)
            return False
        self._expressions.scope.declare(what, name, kind)
        return True

    def _param(self, param: t.ParamDecl) -> None:
        kind, value = self._default(param.default)
        low, high = self._range(param.range, kind)
        if value is not None and ((low is not None and value < low) or (high is not None and value > high)):
            related = () if param.range is None else (Related(param.range.span, "its range"),)
            self._reporter.error("EAP310", param.default.span, related=related)
        if self._declare("a param", param.name, kind) and kind is not None and value is not None:
            self.params.append(Param(param.name.text, kind, value, low, high))
            self._expressions.param_values[param.name.text] = value

    def _default(self, default: t.Literal) -> tuple[Kind | None, float | bool | None]:
        if isinstance(default, t.Name):
            if default.text in TRUTHS:
                self._expressions.scope.report_truth(default.text, default.span)
            else:
                report_not_literal(self._expressions, default.span)
            return None, None
        kind = literal_kind(default)
        value = literal(self._expressions, default, kind)
        return (None if value is None else kind), value

    def _range(self, bounds: t.Range | None, kind: Kind | None) -> tuple[float | None, float | None]:
        if bounds is None or kind is None:
            return None, None
        if not isinstance(kind, Numeric):
            self._reporter.error("EAP204", bounds.span, found="true or false", help="leave the range out")
            return None, None
        low, high = (literal(self._expressions, bound, kind) for bound in (bounds.low, bounds.high))
        if low is not None and high is not None and low > high:
            self._reporter.error("EAP309", bounds.span)
            return None, None
        return low, high

    def _input(self, declared: t.InputDecl) -> None:
        kind = self._input_kind(declared)
        low, high = self._range(declared.range, kind)
        stale = None
        if declared.stale is not None:
            what = "`stale after`"
            stale = constant(self._expressions, declared.stale, Dimension.TIME, what, positive=True)
        if self._declare("an input", declared.name, kind) and kind is not None:
            self.inputs.append(Input(declared.name.text, kind, low, high, stale))

    def _input_kind(self, declared: t.InputDecl) -> Kind | None:
        if declared.measure is None:
            return self._words(declared)
        kind = _MEASURES.get(declared.measure.text)
        if kind is None:
            name, span = declared.measure.text, declared.measure.span
            right, help_, is_sure = _meant_measure(name)
            fix = Fix(f"write `{right}`", (Edit(span, right),), safe=is_sure) if right else None
            self._reporter.error("EAP106", span, name=shorten(name), help=help_, fix=fix)
        return kind

    def _words(self, declared: t.InputDecl) -> Kind | None:
        first: dict[str, t.Ident] = {}
        for word in declared.words:
            if word.text in first:
                related = (Related(first[word.text].span, "first here"),)
                help_ = "leave one of them out"
                self._reporter.error(
                    "EAP102", word.span, what="word", name=word.text, help=help_, related=related
                )
            first.setdefault(word.text, word)
        if len(declared.words) == 1:
            self._reporter.error("EAP318", declared.words[0].span)
        return Word(tuple(first), declared.ordered)


def _meant_measure(name: str) -> tuple[str, str, bool]:
    """Return the kind that another language's or a misspelt one stands for, the help, and whether that is sure."""
    right = KINDS.get(name)
    if right == "one of":
        return "", "words are declared by `one of a, b`", False
    if right:
        return right, f"write `{right}`", True
    unit = meant_unit(name)
    if unit is not None:
        dimension = Dimension.TEMPERATURE if unit == "K" else UNITS[unit].dimension
        # Not sure: the host may feed its numbers in that unit.
        return dimension.value, f"write `{dimension.value}`: a kind is no unit", False
    near = nearest(name, _MEASURES)
    if near:
        return near, f"did you mean `{near}`?", False
    return "", f"kinds are {', '.join(_MEASURES)}, or `one of a, b`", False
