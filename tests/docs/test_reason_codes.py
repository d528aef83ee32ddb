"""docs/reference/reason-codes.md is written from the engine's own tables; EDGEADAPT_UPDATE_CORPUS=1 writes it anew."""

from __future__ import annotations

import os
from pathlib import Path

from edgeadapt import swap_codes
from edgeadapt.observability import COUNTERS, OUTCOMES, Event
from edgeadapt.observability.outcomes import counters_of

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "reason-codes.md"
UPDATE = os.environ.get("EDGEADAPT_UPDATE_CORPUS") == "1"

INTRODUCTION = """\
# Reason codes, events and counters

A swap's reason is `CODE:variant` or `CODE:variant:detail`, as in `engine.last_swap_reason`. The detail is the rule that
wanted the swap, the operator's action, or what went wrong. Codes, kinds of events and counters are stable names.

An event reaches the host through `engine.observability.events()`; its counters are in `engine.status().counters`.
`edgeadapt.swap_codes` has the codes as constants.

"""


def page() -> str:
    lines = ["| code | event | counters | meaning |", "| --- | --- | --- | --- |"]
    for outcome in OUTCOMES:
        counters = ", ".join(f"`{counter}`" for counter in outcome.counters)
        lines.append(f"| `{outcome.code}` | `{outcome.event}` | {counters} | {outcome.meaning} |")
    counts = ["| counter | counts |", "| --- | --- |"]
    counts += [f"| `{name}` | {meaning} |" for name, meaning in COUNTERS.items()]
    kinds = ["| event | meaning |", "| --- | --- |"]
    kinds += [
        f"| `{kind.kind}` | {(kind.__doc__ or '').splitlines()[0]} |"
        for kind in sorted(Event.__subclasses__(), key=lambda kind: kind.kind)
        if "__attrs_attrs__" in vars(kind)
    ]
    return (
        INTRODUCTION
        + "\n".join(lines)
        + "\n\n## Counters\n\nOnce nothing loads, `swaps_attempted` = `swaps_succeeded` + `swaps_failed` + "
        "`swaps_superseded` + `swaps_cancelled` + `swaps_timed_out`. A preload is no swap, and neither is a rollback "
        "that errors led to: both count apart.\n\n"
        + "\n".join(counts)
        + "\n\n## Events\n\n"
        + "\n".join(kinds)
        + "\n"
    )


def test_the_page_says_what_the_tables_say() -> None:
    if UPDATE:
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_code_is_in_the_table_and_once_an_event() -> None:
    codes = {value for name, value in vars(swap_codes).items() if name.isupper()}
    assert {outcome.code for outcome in OUTCOMES} == codes
    pairs = [(outcome.code, outcome.event) for outcome in OUTCOMES]
    assert len(set(pairs)) == len(pairs)


def test_every_event_and_counter_in_the_table_exists() -> None:
    kinds = {kind.kind for kind in Event.__subclasses__()}
    assert {outcome.event for outcome in OUTCOMES} <= kinds
    assert {counter for outcome in OUTCOMES for counter in outcome.counters} <= set(COUNTERS)


def test_a_code_without_a_row_counts_nothing() -> None:
    assert counters_of("SWAP_COMMITTED", "swap_refused.v1") == ()
