"""What a `use` chooses from: variants, rankings, tolerances and conditions on the candidate."""

from __future__ import annotations

from edgeadapt.language import tree as t
from edgeadapt.language.expressions import Expressions
from edgeadapt.language.reporter import Reporter
from edgeadapt.language.scope import nearest
from edgeadapt.program.kind import Boolean, Kind, Numeric
from edgeadapt.program.program import Choice, NamedChoice, RankedChoice, Ranking
from edgeadapt.registry.family import ModelFamily
from edgeadapt.units import Dimension

_NO_BAND = "`where` is about the candidate of one step, and has no memory: put the band in a `let`"


class Choices:
    """Checks choices against a family, where one is given."""

    def __init__(self, reporter: Reporter, expressions: Expressions, family: ModelFamily | None) -> None:
        self._reporter = reporter
        self._expressions = expressions
        self._family = family
        if family is not None:
            expressions.know_attributes(family.name, _attribute_kinds(family))

    def check(self, choices: tuple[t.ChoiceClause, ...]) -> tuple[Choice, ...]:
        """Check a chain of choices; those that are wrong are left out, after their report."""
        checked = (self._choice(choice) for choice in choices)
        return tuple(choice for choice in checked if choice is not None)

    def known_variant(self, variant: t.Ident) -> None:
        """Report a variant that the family lacks."""
        if self._family is not None and variant.text not in self._family:
            help_ = nearest(variant.text, self._family.names, "variants")
            names = {"family": self._family.name, "variant": variant.text, "help": help_}
            self._reporter.error("EAP306", variant.span, **names)

    def _choice(self, choice: t.ChoiceClause) -> Choice | None:
        where = None
        if choice.where is not None:
            where = self._expressions.condition(choice.where, candidate=True, band_refusal=_NO_BAND)
        if choice.variant is not None:
            self.known_variant(choice.variant)
            return NamedChoice(choice.variant.text, where)
        scores = [self._expressions.score(ranking.score, candidate=True) for ranking in choice.rankings]
        tolerance = None
        if choice.tolerance is not None and scores[0] is not None and isinstance(scores[0].kind, Numeric):
            first = scores[0].kind.dimension
            expected = Dimension.DIFFERENCE if first is Dimension.TEMPERATURE else first
            tolerance = self._expressions.constant(choice.tolerance, expected)
        rankings = tuple(
            Ranking(ranking.highest, score.expr)
            for ranking, score in zip(choice.rankings, scores, strict=True)
            if score is not None
        )
        return RankedChoice(rankings, tolerance, where) if len(rankings) == len(scores) else None


def _attribute_kinds(family: ModelFamily) -> dict[str, Kind]:
    kinds: dict[str, Kind] = {}
    for variant in family.variants:
        for key, value in variant.attribute_pairs:
            kinds.setdefault(key, Boolean() if isinstance(value, bool) else Numeric(Dimension.NUMBER))
    return kinds
