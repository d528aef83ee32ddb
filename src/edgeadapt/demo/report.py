"""The demo's outcome in words and columns, for somebody who sees EdgeAdapt for the first time."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from edgeadapt.demo.accounting import Totals
from edgeadapt.demo.bystanders import NOTABLE
from edgeadapt.demo.day import clock_text
from edgeadapt.demo.outcome import Outcome, Settings
from edgeadapt.demo.swaps import Swap

_WIDTH = 100


def introduction(settings: Settings, rate_hz: float, deadline_s: float) -> str:
    """Say what will be played."""
    busy = (
        f"{settings.burners} other processes compete for the {settings.cores} processors as the day says."
        if settings.burns
        else "No other process competes for the processors, as you asked."
    )
    return (
        "A phone reads handwritten digits all day, and its day is not always the same: the battery drains, it gets hot,\n"
        "memory tightens, other applications want the processor. One family of five models, from a fast one to an\n"
        "accurate one; a policy says which of them serves when, and EdgeAdapt swaps them while requests go on.\n"
        "\n"
        f"The day is recorded (its signals are simulated) and played in {settings.play_s:.3g} s; models, requests and times are real.\n"
        f"{rate_hz:.0f} images a second arrive at random on their own clock; an answer is useful if it is right and\n"
        f"comes within {deadline_s * 1000:.0f} ms. {busy}\n"
        "First under the policy, then with each model alone, on the same requests.\n"
    )


def report(outcome: Outcome) -> list[str]:
    """Return the report's lines."""
    return [
        "",
        *_swap_lines(outcome),
        "",
        *_service_lines(outcome),
        "",
        *_comparison_lines(outcome),
        "",
        *(
            line
            for sentence in (*outcome.verdict, *_note(outcome))
            for line in textwrap.wrap(sentence, _WIDTH)
        ),
    ]


def _note(outcome: Outcome) -> list[str]:
    if outcome.disturbed < NOTABLE:
        return []
    share = f"Note: other programs took up to {100 * outcome.disturbed:.0f} % of the processors during a run"
    return [f"{share}, so the runs are hard to compare; play the day again on a quiet machine."]


def _swap_lines(outcome: Outcome) -> list[str]:
    run = outcome.run
    rows: list[tuple[str, ...]] = [("when", "from", "to", "rule", "load ms", "what happened")]
    rows += [_swap_row(swap) for swap in run.swaps]
    lines = ["The day's swaps, decided by the policy `" + outcome.policy_name + "`:", ""]
    lines += [*table(rows, right=(4,)), ""]
    if run.spoiled is not None:
        day = outcome.day
        broken, repaired = (
            clock_text(day.time_of_day(part * day.play_s))
            for part in (run.spoiled.from_part, run.spoiled.to_part)
        )
        lines += [
            f"At {broken} the demo broke the model file of {run.spoiled.variant}, and repaired it at {repaired}.",
        ]
    failures = [_failure_line(swap) for swap in run.swaps if swap.failed]
    return [*lines, *(line for failure in failures for line in _wrapped(failure))]


def _swap_row(swap: Swap) -> tuple[str, ...]:
    happened = f"FAILED: {swap.previous} went on serving" if swap.failed else "swapped"
    return (
        clock_text(swap.time_of_day_s),
        swap.previous,
        swap.variant,
        swap.rule or "-",
        f"{swap.load_s * 1000:.0f}",
        happened,
    )


def _failure_line(swap: Swap) -> str:
    again = f"; tried {swap.again} more times until {clock_text(swap.last_s)}" if swap.again else ""
    return (
        f"The load of {swap.variant} at {clock_text(swap.time_of_day_s)} failed: {_short(swap.error)}{again}."
    )


def _short(error: str) -> str:
    # The whole error names the variant and the stage once more, and a path of the demo's own.
    return "its file is not the declared one (its sha256 differs)" if "sha256" in error else error[:60]


def _service_lines(outcome: Outcome) -> list[str]:
    policy, run = outcome.policy, outcome.run
    loads = sum(1 + swap.again for swap in run.swaps)
    answers = f"{policy.differing} answers that differ from the serving variant's own"
    work = f"{len(run.steps)} decisions and {loads} loads"
    lines = [
        f"{policy.requests} requests: {policy.dropped} dropped, {policy.late} late, {answers}.",
        f"EdgeAdapt's own share: {run.overhead_cpu_s:.2f} CPU-seconds for {work} in this short day.",
    ]
    errors = sorted({request.error for request in run.requests if request.error})
    return lines + [f"  dropped: {error}" for error in errors[:5]]


def _comparison_lines(outcome: Outcome) -> list[str]:
    rows: list[tuple[str, ...]] = [
        ("", "answered", "late", "accuracy", "effective", "CPU-s", "strained", "gain", "CPU x")
    ]
    rows.append((f"policy {outcome.policy_name}", *_sums(outcome.policy), "", ""))
    for totals, row in zip(outcome.alone, outcome.against, strict=True):
        gain = f"{row.points:+.1f}" if row.certain else f"({row.points:+.1f})"
        rows.append((totals.name, *_sums(totals), gain, f"{row.cpu_ratio:.2f}"))
    return [
        f"The same {outcome.policy.requests} requests, by the policy and by each model alone, without EdgeAdapt:",
        "",
        *table(rows, right=range(1, 9)),
        "",
        "  effective  right and within the deadline, of all requests; accuracy is of those that were answered",
        "  CPU-s      processor time of answering; strained: of it, spent at 70 °C and above or below 20 % battery",
        "  gain       the policy's effective accuracy minus this one's, in points; (in brackets where chance explains it)",
        "  CPU x      the policy's processor time divided by this one's",
        "  A model alone skips what is late before it begins; the policy answers everything.",
    ]


def _sums(totals: Totals) -> tuple[str, ...]:
    return (
        f"{100 * (1 - totals.dropped / totals.requests):.1f} %",
        f"{100 * totals.late / totals.requests:.1f} %",
        f"{100 * totals.accuracy:.1f} %",
        f"{100 * totals.effective_accuracy:.1f} %",
        f"{totals.cpu_s:.2f}",
        f"{totals.strained_cpu_s:.2f}",
    )


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH)


def table(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> list[str]:
    """Lay out rows below their heads, columns in `right` aligned to the right."""
    sizes = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    laid = []
    for row in rows:
        cells = [
            cell.rjust(size) if column in right else cell.ljust(size)
            for column, (cell, size) in enumerate(zip(row, sizes, strict=True))
        ]
        laid.append(("  " + "  ".join(cells)).rstrip())
    rule = "  " + "-" * max(len(line) - 2 for line in laid)
    return [laid[0], rule, *laid[1:]]
