"""Applies the safe fixes of a text's problems, again and again until none is left: text in, text out.

Problems of an earlier stage hide those of a later one: a policy with errors is not linted. So a fix is judged by stage:
what it uncovers further on is not its doing, but a round that leaves more of what could be seen before is undone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from edgeadapt.diagnostics.diagnostic import Diagnostic, Edit, Fix
from edgeadapt.diagnostics.source import Source
from edgeadapt.values import frozen

# A fix can make room for another, but only fixes that undo each other would go on for ever.
MOST_ROUNDS = 10


@frozen
class Fixed:
    """A text after its fixes, what is still wrong with it, and how many were applied."""

    source: Source
    problems: tuple[Diagnostic, ...]
    applied: int


def fix_all(
    source: Source,
    check: Callable[[Source], Sequence[Diagnostic]],
    wanted: Callable[[Diagnostic], bool] = lambda _problem: True,
) -> Fixed:
    """Apply the safe fixes of the wanted problems that `check` finds, in at most `MOST_ROUNDS` rounds."""
    now = Fixed(source, tuple(check(source)), 0)
    for _ in range(MOST_ROUNDS):
        fixes = [
            fix for problem in now.problems if wanted(problem) and (fix := safe_fix(problem)) is not None
        ]
        text, applied = apply_fixes(now.source.text, fixes)
        if text == now.source.text:
            break
        changed = Source(source.name, text)
        problems = tuple(check(changed))
        if _badness(problems) > _badness(now.problems):
            break
        now = Fixed(changed, problems, now.applied + applied)
    return now


def safe_fix(problem: Diagnostic) -> Fix | None:
    """Return a problem's fix where it may be applied without asking."""
    return problem.fix if problem.fix is not None and problem.fix.safe else None


def apply_fixes(text: str, fixes: Iterable[Fix]) -> tuple[str, int]:
    """Apply fixes, each whole or not at all: one that touches an earlier one's place waits. Return how many were."""
    taken: list[Edit] = []
    applied = 0
    for fix in fixes:
        edits = sorted(fix.edits, key=_place)
        apart = all(first.span.end <= second.span.start for first, second in pairwise(edits))
        if edits and apart and not any(_touch(edit, other) for edit in edits for other in taken):
            taken += edits
            applied += 1
    # From the end, so that the places before stay where they are.
    for edit in sorted(taken, key=_place)[::-1]:
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text, applied


def _place(edit: Edit) -> tuple[int, int]:
    return edit.span.start, edit.span.end


def _touch(edit: Edit, other: Edit) -> bool:
    # Side by side counts: which of two texts at one place comes first is not said anywhere.
    return edit.span.start <= other.span.end and other.span.start <= edit.span.end


def _badness(problems: Sequence[Diagnostic]) -> tuple[int, int, int]:
    syntax = sum(problem.code.startswith("EAP0") for problem in problems)
    return syntax, sum(problem.is_error for problem in problems), len(problems)
