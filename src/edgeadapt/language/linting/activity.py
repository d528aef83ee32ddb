"""When a rule is surely active, whatever came before: what shadowing and its like may count on.

Every claim here follows from the rule machine of language.md, section 5, by the steps written beside it.
"""

from __future__ import annotations

from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.policy_parts import Rule
from edgeadapt.program import expr as p
from edgeadapt.program.conditions import Conditions
from edgeadapt.program.program import Choice, NamedChoice
from edgeadapt.regions import NOTHING, Region
from edgeadapt.registry.family import ModelFamily


def enters(conditions: Conditions, rule: Rule) -> Region:
    """Return the states in which the entry timer runs: `when` holds and `until` does not."""
    until = rule.rule.until
    if until is None:
        return conditions.true(rule.rule.when)
    return conditions.once(
        ("enters", rule.name), lambda: conditions.true(rule.rule.when) & conditions.not_true(until)
    )


def enters_not(conditions: Conditions, rule: Rule) -> Region:
    """Return the states in which the entry timer does not run."""
    until = rule.rule.until
    stopped = NOTHING if until is None else conditions.true(until)
    return conditions.once(("enters not", rule.name), lambda: conditions.not_true(rule.rule.when) | stopped)


def leaves(conditions: Conditions, rule: Rule) -> Region:
    """Return the states in which the exit timer runs: `until` holds, or where none is written `when` does not."""
    until = rule.rule.until
    return conditions.not_true(rule.rule.when) if until is None else conditions.true(until)


def stays(conditions: Conditions, rule: Rule) -> Region:
    """Return the states in which the exit timer does not run."""
    until = rule.rule.until
    return conditions.true(rule.rule.when) if until is None else conditions.not_true(until)


def has_no(ctx: Context, rule: Rule, *words: str) -> bool:
    """Whether durations of a rule are 0, and no parameter can change that."""
    return all(_is_zero(ctx, rule, word) for word in words)


def _is_zero(ctx: Context, rule: Rule, word: str) -> bool:
    match word:
        case "for":
            duration = rule.rule.for_
        case "linger":
            duration = rule.rule.linger
        case "hold":
            duration = rule.rule.hold
        case _:
            duration = rule.rule.cooldown
    return ctx.fixed_ms(duration) == 0.0


def starts_at_once(ctx: Context, rule: Rule) -> bool:
    """Whether a rule is active in every state in which it `enters`.

    Active already: its exit timer does not run, so it stays. Inactive: without `for` and `cooldown` it starts in the
    same step.
    """
    return ctx.once(("starts at once", rule.name), lambda: has_no(ctx, rule, "for", "cooldown"))


def ends_at_once(ctx: Context, rule: Rule) -> bool:
    """Whether a rule is inactive after every step in a state in which it `leaves`."""
    return has_no(ctx, rule, "linger", "hold")


def yields(ctx: Context, rule: Rule) -> bool:
    """Whether a rule's `use` yields a variant in every state, as long as every variant is available."""
    return ctx.once(
        ("yields", rule.name), lambda: any(_always_yields(choice, ctx.family) for choice in rule.rule.choices)
    )


def _always_yields(choice: Choice, family: ModelFamily | None) -> bool:
    if choice.where is not None:
        return False
    if isinstance(choice, NamedChoice):
        return True
    scores = [ranking.score for ranking in choice.rankings]
    if all(_is_always_known(score) for score in scores):
        return True
    if family is None:
        return False
    return any(all(_is_known_of(score, family, name) for score in scores) for name in family.names)


def _is_always_known(score: p.Expr) -> bool:
    return isinstance(score, p.Const) or (
        isinstance(score, p.Coalesce) and isinstance(score.right, (p.Const, p.WordConst, p.ParamRef))
    )


def _is_known_of(score: p.Expr, family: ModelFamily, variant: str) -> bool:
    if isinstance(score, p.Level):
        score = score.operand
    if not isinstance(score, p.AttributeRef):
        return _is_always_known(score)
    value = family.variant(variant).attribute(score.name)
    return value is not None and not isinstance(value, bool)
