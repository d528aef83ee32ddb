"""What came of a family's variants, a line each, or with what each was checked for."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from edgeadapt.cli.output.columns import UNBROKEN, columns, wrapped
from edgeadapt.cli.output.terminal import printable, wants_colour
from edgeadapt.cli.output.words import digits
from edgeadapt.tooling.family_check import CheckedVariant
from edgeadapt.tooling.variant_trial import STAGES, VariantTrial

_COLOURS = {"ok": "green", "failed": "red", "skipped": "yellow"}


class FamilyTable:
    """Writes each variant as it is done."""

    def __init__(self, explain: bool) -> None:
        self._explain = explain

    def lines(self, each: CheckedVariant) -> Iterator[str]:
        """Yield a variant's lines."""
        trial = each.trial
        outcome = "skipped" if trial.skipped else "failed" if trial.stage else "ok"
        word = click.style(outcome, fg=_COLOURS[outcome]) if wants_colour(sys.stdout) else outcome
        name = printable(trial.variant)
        if not self._explain:
            yield f"{name}: {word}{_told(trial)}"
            return
        yield f"{name}: {word}"
        rows = [(stage, _status(trial, stage), what) for stage, what in each.checks]
        yield from columns(
            [(stage, status, printable(what)) for stage, status, what in _once(rows)], indent="  "
        )
        reason = trial.reason or trial.skipped
        if reason:
            yield from wrapped("  ", printable(reason))
        yield ""


def _told(trial: VariantTrial) -> str:
    if trial.skipped:
        return f", {printable(trial.skipped)}"
    return (
        f" while {trial.stage}"
        if trial.stage
        else f", loaded and run in {_milliseconds(sum(trial.seconds.values()))}".replace(UNBROKEN, " ")
    )


def _status(trial: VariantTrial, stage: str) -> str:
    if stage in trial.seconds:
        return f"ok, {_milliseconds(trial.seconds[stage])}"
    if trial.stage == stage:
        return "failed"
    reached = trial.stage and STAGES.index(stage) < STAGES.index(trial.stage)
    return "ok" if reached else "not tried"


def _once(rows: list[tuple[str, str, str]]) -> Iterator[tuple[str, str, str]]:
    """Name each stage and its status in its first row only."""
    before = ""
    for stage, status, what in rows:
        yield ("", "", what) if stage == before else (stage, status, what)
        before = stage


def _milliseconds(seconds: float) -> str:
    return f"{digits(seconds * 1000)}{UNBROKEN}ms"
