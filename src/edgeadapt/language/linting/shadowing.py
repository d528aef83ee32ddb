"""Whether a rule can ever win, given the rules above it; all variants taken for available.

One rule above is enough if it is active whenever the lower one is. By induction over steps: it is active when the lower
one starts (it enters wherever that does, has no `cooldown`, and no longer `for`), and it ends only when the lower one does
(it leaves only where that does, and the lower one lingers no longer and holds nothing). Several above are enough together
if each starts at once, and together they enter in every state that the lower one can be active in.
"""

from __future__ import annotations

from edgeadapt.language.linting.activity import (
    ends_at_once,
    enters,
    enters_not,
    has_no,
    leaves,
    starts_at_once,
    stays,
    yields,
)
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.policy_parts import Rule
from edgeadapt.language.linting.samples import State, samples
from edgeadapt.program import expr as p
from edgeadapt.program.conditions import Conditions
from edgeadapt.regions import BEYOND, Answer, Region

# Past this many pieces, whether several rules cover a lower one is not decided: it would take too long.
_MOST_PIECES = 16


def winners_over(ctx: Context, rule: Rule) -> tuple[Rule, ...]:
    """Return the rules above that win whenever `rule` is active; none where that is not sure."""
    return ctx.once(("winners over", rule.name), lambda: _winners_over(ctx, rule))


def _winners_over(ctx: Context, rule: Rule) -> tuple[Rule, ...]:
    above = _yielding(ctx, rule)
    states = samples(ctx.first, enters(ctx.first, rule))
    for other in _never_refuted(ctx, above, states):
        if _wins_alone(ctx, other, rule):
            return (other,)
    together = [other for other in above if starts_at_once(ctx, other)]
    if len(together) < 2 or not ends_at_once(ctx, rule):
        return ()
    # A state in which the rule enters, and none above does, refutes it too.
    entered = [enters(ctx.first, other) for other in together]
    if not all(any(region.contains(state) for region in entered) for state in states):
        return ()
    return _cover_together(ctx, rule, together)


def _yielding(ctx: Context, rule: Rule) -> list[Rule]:
    return [other for other in ctx.rules[: rule.index] if yields(ctx, other)]


def _never_refuted(ctx: Context, above: list[Rule], states: list[State]) -> list[Rule]:
    """Return the rules that enter in each of these states."""
    pairs = [(other, enters(ctx.first, other)) for other in above]
    for state in states:
        pairs = [pair for pair in pairs if pair[1].contains(state)]
    return [other for other, _ in pairs]


def covered_by(ctx: Context, rule: Rule, part: p.Expr) -> Rule | None:
    """Return a rule above that is active and wins in every state in which `part` is true; None where none is sure."""
    above = [other for other in _yielding(ctx, rule) if starts_at_once(ctx, other)]
    for other in _never_refuted(ctx, above, samples(ctx.first, ctx.first.true(part))):
        if _covers(ctx, other, part):
            return other
    return None


def _covers(ctx: Context, above: Rule, part: p.Expr) -> bool:
    # A part that is never true has a lint of its own.
    return ctx.is_impossible(lambda c: c.true(part) & enters_not(c, above)) and ctx.is_possible(
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
    return ctx.is_impossible(lambda c: enters(c, rule) & enters_not(c, above)) and ctx.is_impossible(
        lambda c: leaves(c, above) & stays(c, rule)
    )


def _cover_together(ctx: Context, rule: Rule, above: list[Rule]) -> tuple[Rule, ...]:
    """Return rules that together enter wherever `rule` can be active, few of them; none if all leave something."""
    # The wide ones first: what they leave is soon in few pieces.
    above = sorted(
        above, key=lambda other: min((len(box) for box in enters(ctx.any, other).boxes), default=0)
    )
    rest, needed = _left_over(ctx.any, rule, above)
    if not ctx.is_impossible(lambda c: rest if c is ctx.any else _left_over(c, rule, above)[0]):
        return ()
    for other in tuple(reversed(needed)):
        fewer = [one for one in needed if one is not other]
        if _left_over(ctx.any, rule, fewer)[0].empty is Answer.YES:
            needed = fewer
    return tuple(sorted(needed, key=lambda one: one.index))


def _left_over(c: Conditions, rule: Rule, above: list[Rule]) -> tuple[Region, list[Rule]]:
    """Take from where a rule can be active what others cover; return the rest, and the rules that took something."""
    rest = stays(c, rule)
    took = []
    for other in above:
        smaller = rest - enters(c, other)
        if smaller is rest:
            continue
        took.append(other)
        rest = smaller
        if not rest.boxes:
            break
        if len(rest.boxes) > _MOST_PIECES:
            return BEYOND, took
    return rest, took
