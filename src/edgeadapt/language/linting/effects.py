"""What a property forbids, and which rules decide where it speaks."""

from __future__ import annotations

from edgeadapt.language.linting.activity import enters
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.policy_parts import Rule
from edgeadapt.program import program as pp
from edgeadapt.program.conditions import Conditions
from edgeadapt.regions import Region


def forbids(prop: pp.UseProperty, variant: str) -> bool:
    """Whether a property, where it speaks, is broken by choosing a variant."""
    return (variant in prop.variants) is not prop.always


def first_variant(choices: tuple[pp.Choice, ...]) -> str | None:
    """Return the variant that a `use` yields whenever all are available; None where that depends on more."""
    first = choices[0]
    return first.variant if isinstance(first, pp.NamedChoice) and first.where is None else None


def none_enters(c: Conditions, rules: tuple[Rule, ...]) -> Region:
    """Return the states in which no `when` of these rules holds: while they last, none of them starts."""
    states = c.not_true(None)
    for rule in rules:
        states &= c.not_true(rule.rule.when)
    return states


def breaking_states(
    c: Conditions, prop: pp.UseProperty, rule: Rule | None, rules: tuple[Rule, ...]
) -> Region:
    """Return the states in which a property speaks and, while they last, this rule and none above it is active.

    None for `rule` is `otherwise`.
    """
    above = rules if rule is None else rules[: rule.index]
    states = c.true(prop.when) & none_enters(c, above)
    return states if rule is None else states & enters(c, rule)


def guard_cooldown_ms(ctx: Context) -> float | None:
    """Return the guard's `cooldown`, 0 where there is none; None where a parameter can change it."""
    return 0.0 if ctx.guard is None else ctx.fixed_ms(ctx.guard.cooldown)
