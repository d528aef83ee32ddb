"""Why a policy would have a variant serve: every candidate, whether it qualifies, its scores, and what decided."""

from __future__ import annotations

from edgeadapt.program.decision import Candidate, ChoiceExplanation, Decision
from edgeadapt.registry.family import ModelFamily
from edgeadapt.values import frozen


@frozen
class Selection:
    """One selection, explained.

    `rule`: what decided, a rule's name or `otherwise`; a Python policy's own name. `candidates` are those of the choice
    that decided, in the family's order; `why` says in a sentence why `variant` won.
    """

    variant: str
    rule: str
    why: str
    candidates: tuple[Candidate, ...]


def selection_of(decision: Decision) -> Selection:
    """Return what a step that was explained, and wants a variant, says of it."""
    explanation, variant = decision.explanation, decision.target
    if explanation is None or variant is None:
        raise ValueError("the step wants no variant, or was not explained: step with `explain=True`")
    phases = {rule.name: rule.phase for rule in explanation.rules}
    if decision.rule in phases:
        given = f"rule `{decision.rule}` is {phases[decision.rule]}"
    else:
        given = "no rule that is active yields a variant" if phases else "the policy has no rules"
    why = f"{given}; {_won(variant, explanation.choices[-1])}"
    return Selection(variant, decision.rule, why, explanation.candidates)


def selection_by_name(variant: str, policy: str, family: ModelFamily) -> Selection:
    """Return what there is to say of a variant that a function named: nothing of why the others were not."""
    candidates = tuple(
        Candidate(name, True, name == variant, (), "" if name == variant else f"`{policy}` named another")
        for name in family.names
    )
    return Selection(variant, policy, f"`{policy}` named `{variant}`", candidates)


def _won(variant: str, choice: ChoiceExplanation) -> str:
    scores = next(candidate.scores for candidate in choice.candidates if candidate.variant == variant)
    if not scores:
        return f"it uses `{choice.text}`"
    worth = ", ".join("unknown" if score is None else f"{score:.6g}" for score in scores)
    qualifying = sum(candidate.qualifies for candidate in choice.candidates)
    return f"{qualifying} of {len(choice.candidates)} variants qualify, and `{variant}` is chosen by `{choice.text}` with {worth}"
