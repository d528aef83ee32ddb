"""Why a rule or a variant did not win a step, and the smallest change that would have made it win.

A change is tried by making it on a copy of the policy's memory and stepping: nothing is reported that was not seen to
win. Candidates are the thresholds of what the rule and those above it read, and the times left on running timers.
"""

from __future__ import annotations

import attrs

from edgeadapt.program import expr as p
from edgeadapt.program.decision import Decision
from edgeadapt.program.program import Choice, RankedChoice
from edgeadapt.replay.changes import Change
from edgeadapt.replay.obstacles import obstacles
from edgeadapt.replay.search import Search
from edgeadapt.replay.trial_steps import Moment, TrialSteps
from edgeadapt.runtime.session import OTHERWISE
from edgeadapt.swap_codes import NO_CANDIDATE
from edgeadapt.wording import did_you_mean, shown

# How many steps a search makes at most; a step of a copy takes a fraction of a millisecond.
MOST_STEPS = 2000
MOST_ALTERNATIVES = 5


@attrs.frozen
class Alternative:
    """Changes that, made together, let the rule or variant win, and the decision that follows.

    `suppressed` is the guard's verdict where the variant is then wanted but its swap has to wait; else empty.
    """

    changes: tuple[Change, ...]
    decision: Decision
    suppressed: str = ""

    @property
    def size(self) -> tuple[int, float]:
        """What alternatives are ordered by: how many changes, then the sum of their sizes."""
        return len(self.changes), sum(change.size for change in self.changes)

    @property
    def text(self) -> str:
        """The changes in words: `temperature 1.4 K higher, at 75 °C, and 10 s later`."""
        words = ", and ".join(change.text for change in self.changes)
        return f"{words} (the guard then {self.suppressed})" if self.suppressed else words


@attrs.frozen
class WhyNot:
    """The answer: what stood in the way, and the changes that were found, smallest first.

    `decision` is the step as it was, explained. `is_complete` says that the search ended by itself and not at
    MOST_STEPS; `steps` is how many were made.
    """

    rule: str | None
    variant: str | None
    decision: Decision
    wins: bool
    obstacles: tuple[str, ...]
    alternatives: tuple[Alternative, ...]
    steps: int
    is_complete: bool

    @property
    def subject(self) -> str:
        """What was asked for, as a sentence begins: rule `low`, or `tiny`."""
        if self.variant is not None:
            return f"`{self.variant}`"
        return f"`{OTHERWISE}`" if self.rule == OTHERWISE else f"rule `{self.rule}`"

    @property
    def verdict(self) -> str:
        """What the search found, in one sentence."""
        if self.wins:
            return f"{self.subject} does win"
        if self.alternatives:
            return f"{self.subject} would win with: {self.alternatives[0].text}"
        if self.is_complete:
            return f"no change of up to two values and the time was found that lets {self.subject} win"
        return f"no change that lets {self.subject} win was found within {self.steps} trial steps"


def why_not(moment: Moment, *, rule: str | None = None, variant: str | None = None) -> WhyNot:
    """Say why a rule (`otherwise` is one) or a variant is not the one that a step decides for.

    A wait keeps every value, and the host goes on feeding its inputs. Raises ValueError for a name that the policy or
    the family lacks, for neither or both of `rule` and `variant`, and for a snapshot of another policy.
    """
    _check(moment, rule, variant)
    steps = TrialSteps(moment, MOST_STEPS)
    decision = steps.decide((), explain=True)

    def wins(found: Decision) -> bool:
        if variant is not None:
            return found.target == variant
        return found.rule == rule and found.reason != NO_CANDIDATE

    if wins(decision):
        return WhyNot(rule, variant, decision, True, (), (), steps.made, True)
    search = Search(moment, steps, wins, decision, rule, *_relevant(moment, rule))
    alternatives = [_alternative(steps, changes) for changes in search.run()]
    alternatives.sort(key=lambda alternative: alternative.size)
    return WhyNot(
        rule,
        variant,
        decision,
        False,
        obstacles(moment, decision, rule, variant),
        tuple(alternatives[:MOST_ALTERNATIVES]),
        steps.made,
        search.is_complete,
    )


def _alternative(steps: TrialSteps, changes: tuple[Change, ...]) -> Alternative:
    decision = steps.decide(changes, explain=True)
    assert decision.explanation is not None
    waits = decision.reason.startswith("SWAP_SUPPRESSED")
    return Alternative(changes, decision, decision.explanation.guard if waits else "")


def _check(moment: Moment, rule: str | None, variant: str | None) -> None:
    if (rule is None) is (variant is None):
        raise ValueError("give either a rule or a variant")
    rules = [entry.name for entry in moment.program.rules]
    if rule is not None and rule not in (*rules, OTHERWISE):
        raise ValueError(
            f"policy `{moment.program.name}` has no rule {shown(rule)}; "
            + did_you_mean(rule, rules, "it has")
        )
    if variant is not None and variant not in moment.family:
        raise ValueError(
            f"family `{moment.family.name}` has no variant {shown(variant)}; "
            + did_you_mean(variant, moment.family.names, "it has")
        )


def _relevant(moment: Moment, rule: str | None) -> tuple[tuple[p.Expr, ...], tuple[p.Expr, ...]]:
    """Return the conditions and scores that decide whether a rule wins: its own and those of rules above, or all."""
    program = moment.program
    names = [entry.name for entry in program.rules]
    rules = program.rules[: names.index(rule) + 1] if rule in names else program.rules
    conditions: list[p.Expr] = []
    # The rule's own come first: of changes of one size, the first found is reported first.
    choices: list[Choice] = []
    for entry in reversed(rules):
        conditions += [entry.when, *([] if entry.until is None else [entry.until])]
        choices += entry.choices
    if rule not in names:
        choices += program.otherwise
    conditions += [choice.where for choice in choices if choice.where is not None]
    ranked = [choice for choice in choices if isinstance(choice, RankedChoice)]
    scores = [ranking.score for choice in ranked for ranking in choice.rankings]
    return tuple(conditions), tuple(scores)
