"""An explained decision for a person to read: what was decided, and everything that it was decided on."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from edgeadapt.cli.output.columns import UNBROKEN, columns, wrapped
from edgeadapt.cli.output.terminal import say, wants_colour
from edgeadapt.cli.output.words import outcome, timer, winner
from edgeadapt.program.decision import (
    Candidate,
    ChoiceExplanation,
    ConditionPart,
    Decision,
    Explanation,
    RuleExplanation,
)
from edgeadapt.replay.sentences import sentences

_TRUTH = {True: "true", False: "false", None: "unknown"}
_COLOURS = {"true": "green", "false": "red", "unknown": "yellow"}
_PHASE_COLOURS = {"active": "green", "pending": "yellow", "ending": "yellow"}


def show_explanation(decision: Decision, before: str | None) -> None:
    """Print an explained decision; `before` is the variant that was active."""
    explanation = decision.explanation
    assert explanation is not None
    _decision(decision, before)
    if explanation.rules:
        say("\nRules, from the top:")
    for rule in explanation.rules:
        for line in _rule(rule, wins=rule.name == decision.rule):
            say(line)
    for choice in explanation.choices:
        say()
        for line in (*_asked(choice), *_candidates(choice)):
            say(line)
    say()
    for line in _guard(explanation):
        say(line)


def show_sentences(decision: Decision, before: str | None) -> None:
    """Print an explained decision in a few sentences; `before` is the variant that was active."""
    _decision(decision, before)
    say()
    for sentence in sentences(decision):
        for line in wrapped("  ", sentence):
            say(line)


def _decision(decision: Decision, before: str | None) -> None:
    what = outcome(decision, before)
    text = f"{what}, by {winner(decision)}  ({decision.reason})"
    # Wrapped as it is seen, then coloured: a colour takes no room.
    first, *more = wrapped("Decision: ", text)
    say("\n".join([first.replace(what, _bold(what), 1), *more]))


def _rule(rule: RuleExplanation, *, wins: bool) -> Iterator[str]:
    mark = ">" if wins else " "
    phase = _styled(rule.phase, _PHASE_COLOURS.get(rule.phase))
    timers = "; ".join(timer(state) for state in rule.timers)
    yield f"{mark} {_bold(rule.name)}: {phase}" + (f"  ({timers})" if timers else "")
    yield from _condition("when ", rule.when, 0)
    if rule.until is not None:
        yield from _condition("until ", rule.until, 0)


def _condition(word: str, part: ConditionPart, depth: int) -> Iterator[str]:
    """Write a condition's truth, its text and its values, then its parts below it."""
    inner = part.parts
    values = part.values
    if len(inner) == 1 and not inner[0].parts and part.text == f"not {inner[0].text}":
        # `not charging` needs no line of its own for `charging`.
        values = inner[0].values
        inner = ()
    known = _TRUTH[part.value]
    # A boolean's own name says all there is to say next to its value.
    facts = ", ".join(_unbroken(f"{name} is {text}") for name, text in values if part.text != name)
    text = f"{word}{part.text}" + (f"   [{facts}]" if facts else "")
    start = f"    {known:<8}" + "  " * depth
    first, *rest = wrapped(start, text)
    yield _styled(first[: len(start)], _COLOURS[known]) + first[len(start) :]
    yield from rest
    for child in inner:
        yield from _condition("", child, depth + 1)


def _asked(choice: ChoiceExplanation) -> list[str]:
    yields = "yields nothing" if choice.picked is None else f"yields {choice.picked}"
    owner = "`otherwise`" if choice.rule == "otherwise" else f"rule `{choice.rule}`"
    return wrapped(f"Choice of {owner}: ", f"`use {choice.text}` {yields}")


def _candidates(choice: ChoiceExplanation) -> list[str]:
    ranks = max((len(candidate.scores) for candidate in choice.candidates), default=0)
    if ranks == 0:
        # A choice by name has one candidate, of which there is only something to say where it is refused.
        refused = [candidate for candidate in choice.candidates if not candidate.qualifies]
        return [
            line
            for candidate in refused
            for line in wrapped(f"    {candidate.variant}: ", _refusal(candidate, choice))
        ]
    scores = ["score"] if ranks == 1 else [f"score {i + 1}" for i in range(ranks)]
    kept = _is_kept(choice)
    rows = [_candidate(candidate, choice, kept=kept) for candidate in choice.candidates]
    return columns(rows, ["  variant", "qualifies", *scores, "why not"], "  ")


def _candidate(candidate: Candidate, choice: ChoiceExplanation, *, kept: bool) -> list[str]:
    picked = candidate.variant == choice.picked
    scores = ["unknown" if score is None else f"{score:.6g}" for score in candidate.scores]
    note = "(active, and within `tolerance` of the best)" if picked and kept else _refusal(candidate, choice)
    name = ("> " if picked else "  ") + candidate.variant
    return [name, "yes" if candidate.qualifies else "no", *scores, note]


def _is_kept(choice: ChoiceExplanation) -> bool:
    """Whether a choice's tolerance has kept the active variant from the best one."""
    first = {c.variant: c.scores[0] for c in choice.candidates if c.qualifies}
    known = [score for score in first.values() if score is not None]
    if not known or choice.picked is None:
        return False
    return first[choice.picked] != (max(known) if choice.text.startswith("highest") else min(known))


def _refusal(candidate: Candidate, choice: ChoiceExplanation) -> str:
    if not candidate.available:
        return f"not available: {candidate.reason}"
    # The whole condition stands above the table already; a part of it has to be named.
    _, where, condition = choice.text.partition(" where ")
    return candidate.reason.replace(f"`{condition}`", "`where`", 1) if where else candidate.reason


def _unbroken(text: str) -> str:
    return text.replace(" ", UNBROKEN)


def _guard(explanation: Explanation) -> Iterator[str]:
    yield from wrapped("Guard: ", explanation.guard)
    for state in explanation.guard_timers:
        yield f"    {timer(state)}"


def _bold(text: str) -> str:
    return click.style(text, bold=True) if wants_colour(sys.stdout) else text


def _styled(text: str, colour: str | None) -> str:
    return click.style(text, fg=colour) if colour and wants_colour(sys.stdout) else text
