"""Whether a rule can ever win, given the rules above it; all variants taken for available.

One rule above is enough if it is active whenever the lower one is. By induction over steps: it is active when the lower
one starts (it enters wherever that does, has no `cooldown`, and no longer `for`), and it ends only when the lower one does
(it leaves only where that does, and the lower one lingers no longer and holds nothing). Several above are enough together
if each starts at once, and together they enter in every state that the lower one can be active in.
"""

from __future__ import annotations

from functools import reduce
from operator import or_

from edgeadapt.language.linting.activity import (
    ends_at_once,
    enters,
    has_no,
    leaves,
    starts_at_once,
    stays,
    yields,
)
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.policy_parts import Rule
from edgeadapt.program import expr as p
from edgeadapt.program.conditions import Conditions
from edgeadapt.regions import NOTHING, Region

_MOST_SHOWN = 3


def winners_over(ctx: Context, rule: Rule) -> tuple[Rule, ...]:
    """Return the rules above that win whenever `rule` is active; none where that is not sure."""
    above = [other for other in ctx.rules[: rule.index] if yields(ctx, other)]
    start = enters(ctx.first, rule)
    seen = start.witness()
    if seen is not None:
        # A session that starts in this state has the rule enter: unless one above does too, nothing shadows it.
        met = [other for other in above if enters(ctx.first, other).contains(seen)]
        if not met:
            return ()
    else:
        met = above
    for other in met:
        if _wins_alone(ctx, other, rule):
            return (other,)
    together = [other for other in above if starts_at_once(ctx, other)]
    if len(together) > 1 and ends_at_once(ctx, rule) and _cover_together(ctx, rule, together):
        return _needed(ctx, rule, together)
    return ()


def covered_by(ctx: Context, rule: Rule, part: p.Expr) -> Rule | None:
    """Return a rule above that is active and wins in every state in which `part` is true; None where none is sure."""
    for above in ctx.rules[: rule.index]:
        if yields(ctx, above) and starts_at_once(ctx, above) and _covers(ctx, above, part):
            return above
    return None


def _covers(ctx: Context, above: Rule, part: p.Expr) -> bool:
    # A part that is never true has a lint of its own.
    return ctx.is_impossible(lambda c: c.true(part) & _not_entered(c, above)) and ctx.is_possible(
        lambda c: c.true(part)
    )


def _wins_alone(ctx: Context, above: Rule, rule: Rule) -> bool:
    if not has_no(ctx, above, "cooldown") or not has_no(ctx, rule, "hold"):
        return False
    fors = (ctx.fixed_ms(above.rule.for_), ctx.fixed_ms(rule.rule.for_))
    lingers = (ctx.fixed_ms(rule.rule.linger), ctx.fixed_ms(above.rule.linger))
    for shorter, longer in (fors, lingers):
        if shorter is None or longer is None or shorter > longer:
            return False
    return ctx.is_impossible(lambda c: enters(c, rule) & _not_entered(c, above)) and ctx.is_impossible(
        lambda c: leaves(c, above) & stays(c, rule)
    )


def _not_entered(c: Conditions, rule: Rule) -> Region:
    stopped = NOTHING if rule.rule.until is None else c.true(rule.rule.until)
    return c.not_true(rule.rule.when) | stopped


def _entered(c: Conditions, rules: list[Rule]) -> Region:
    return reduce(or_, (enters(c, rule) for rule in rules))


def _needed(ctx: Context, rule: Rule, together: list[Rule]) -> tuple[Rule, ...]:
    """Leave out the rules that the others do without, the lowest first, to name few."""
    kept = list(together)
    for other in reversed(together):
        fewer = [one for one in kept if one is not other]
        if fewer and _cover_together(ctx, rule, fewer):
            kept = fewer
    return tuple(kept[:_MOST_SHOWN])


def _cover_together(ctx: Context, rule: Rule, above: list[Rule]) -> bool:
    return ctx.is_impossible(lambda c: stays(c, rule) - _entered(c, above))
