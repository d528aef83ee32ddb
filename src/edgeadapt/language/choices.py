"""What a `use` chooses from: variants, rankings, tolerances and conditions on the candidate."""

from __future__ import annotations

from edgeadapt.diagnostics import Edit, Fix
from edgeadapt.language import tree as t
from edgeadapt.language.constants import constant
from edgeadapt.language.expressions import Expressions
from edgeadapt.language.kinds import OPEN
from edgeadapt.language.nearness import meant, nearest
from edgeadapt.language.reporter import Reporter
from edgeadapt.language.wishes import OVER_VARIANTS, STEPS, WISHES
from edgeadapt.program.expr import Expr
from edgeadapt.program.kind import Boolean, Kind, Numeric
from edgeadapt.program.program import Choice, NamedChoice, RankedChoice, Ranking
from edgeadapt.registry.family import ModelFamily
from edgeadapt.units import Dimension
from edgeadapt.wording import shown

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
        if self._family is None or variant.text in self._family:
            return
        names = self._family.names
        right = nearest(variant.text, names)
        wish = WISHES.get(variant.text)
        help_, fix = meant(variant.text, names, "it has") or "see the family's file for its variants", None
        if right is not None:
            written = right if right.isidentifier() and right.islower() else f'"{right}"'
            fix = Fix(f"write `{written}`", (Edit(variant.span, written),), safe=False)
        elif wish in (STEPS, OVER_VARIANTS):
            help_ = f"{wish.what}: {wish.instead}"
        self._reporter.error(
            "EAP306",
            variant.span,
            family=shown(self._family.name),
            variant=shown(variant.text),
            help=help_,
            fix=fix,
        )

    def _choice(self, choice: t.ChoiceClause) -> Choice | None:
        where = None
        if choice.where is not None:
            where = self._expressions.condition(choice.where, candidate=True, band_refusal=_NO_BAND)
        if choice.variant is not None:
            self.known_variant(choice.variant)
            return NamedChoice(choice.variant.text, where)
        scores = [self._expressions.score(ranking.score) for ranking in choice.rankings]
        tolerance = None
        if choice.tolerance is not None and scores[0] is not None:
            tolerance = self._tolerance(choice.tolerance, scores[0].kind)
        rankings = tuple(
            Ranking(ranking.highest, score.expr)
            for ranking, score in zip(choice.rankings, scores, strict=True)
            if score is not None
        )
        return RankedChoice(rankings, tolerance, where) if len(rankings) == len(scores) else None

    def _tolerance(self, node: t.Expr, first: Kind) -> Expr | None:
        if not isinstance(first, Numeric):
            help_ = "words have no distance: rank by `level(…)` to give one a tolerance"
            self._reporter.error("EAP204", node.span, found="the tolerance of a ranking by words", help=help_)
            return None
        dimension = first.dimension
        if dimension is Dimension.TEMPERATURE:
            dimension = Dimension.DIFFERENCE
        return constant(self._expressions, node, dimension, "`tolerance`")


def _attribute_kinds(family: ModelFamily) -> dict[str, Kind]:
    """Return the kind of each key; one that some variants have as a number and others as a flag is what its use says."""
    kinds: dict[str, Kind] = {}
    for variant in family.variants:
        for key, value in variant.attribute_pairs:
            kind: Kind = Boolean() if isinstance(value, bool) else Numeric(Dimension.NUMBER)
            kinds[key] = kind if kinds.get(key, kind) == kind else OPEN
    return kinds
