"""Which variant a `use` yields: section 4 of the language.

A variant that is not available is no candidate; one whose condition or score is unknown does not qualify, except in
the last choice of `otherwise`, where an unknown score ranks last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from edgeadapt.program.program import Choice, NamedChoice, RankedChoice
from edgeadapt.program.status import VariantStatus
from edgeadapt.registry.family import ModelFamily
from edgeadapt.registry.variant import VARIANT_ATTRIBUTES, ModelVariant
from edgeadapt.runtime.evaluate import Scope, Value, number, truth


@attrs.frozen
class Contender:
    """A variant as a choice may see it: name and attributes, in the family's order."""

    name: str
    attributes: Mapping[str, Value]


@attrs.frozen
class Judged:
    """A contender that a choice has looked at: whether it qualifies, and its scores (empty where not needed)."""

    contender: Contender
    available: bool
    where: bool | None
    scores: tuple[float | None, ...]
    qualifies: bool


def contenders(family: ModelFamily) -> tuple[Contender, ...]:
    """Return a family's variants with every attribute a policy can ask for."""
    return tuple(Contender(variant.name, _attributes(variant)) for variant in family.variants)


def _attributes(variant: ModelVariant) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for name, row in VARIANT_ATTRIBUTES.items():
        value = variant.attribute(name)
        values[name] = float(row.words.index(value)) if isinstance(value, str) else value
    values.update((f"variant.{key}", value) for key, value in variant.attribute_pairs)
    return values


def judge(
    choice: Choice,
    field: Sequence[Contender],
    statuses: Mapping[str, VariantStatus],
    scope: Scope,
    *,
    total: bool,
) -> list[Judged]:
    """Look at each contender that a choice speaks of; `total` marks the last choice of `otherwise`."""
    if isinstance(choice, NamedChoice):
        field = [contender for contender in field if contender.name == choice.variant]
    judged = []
    for contender in field:
        status = statuses.get(contender.name)
        available = status is None or status.available
        scope.attributes = contender.attributes
        where = True if choice.where is None else truth(choice.where, scope)
        scores: tuple[float | None, ...] = ()
        if isinstance(choice, RankedChoice):
            scores = tuple(number(ranking.score, scope) for ranking in choice.rankings)
        qualifies = available and where is True and (total or None not in scores)
        judged.append(Judged(contender, available, where, scores, qualifies))
    return judged


def pick(choice: Choice, judged: Sequence[Judged], active: str | None, tolerance: float | None) -> str | None:
    """Return the best of those that qualify, or the active one if it is close enough to the best; None if none is."""
    qualified = [entry for entry in judged if entry.qualifies]
    if not qualified:
        return None
    if isinstance(choice, NamedChoice):
        return qualified[0].contender.name
    highest = tuple(ranking.highest for ranking in choice.rankings)
    # `max` keeps the first of equals, which is the family's order.
    best = max(qualified, key=lambda entry: _rank(entry.scores, highest))
    if tolerance is not None:
        close = _within(qualified, active, best.scores[0], tolerance)
        if close is not None:
            return close
    return best.contender.name


def _rank(scores: tuple[float | None, ...], highest: tuple[bool, ...]) -> tuple[tuple[bool, float], ...]:
    return tuple(
        (False, 0.0) if score is None else (True, score if up else -score)
        for score, up in zip(scores, highest, strict=True)
    )


def _within(
    qualified: Sequence[Judged], active: str | None, best: float | None, tolerance: float
) -> str | None:
    for entry in qualified:
        score = entry.scores[0]
        if entry.contender.name == active and score is not None and best is not None:
            return active if abs(best - score) <= tolerance else None
    return None
