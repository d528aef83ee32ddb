"""The tables behind docs/reference/reason-codes.md leave nothing out."""

from __future__ import annotations

from edgeadapt import swap_codes
from edgeadapt.observability import COUNTERS, OUTCOMES, Event
from edgeadapt.observability.outcomes import counters_of


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
