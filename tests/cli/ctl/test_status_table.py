"""An engine's status at a glance: what is usual is left out."""

from __future__ import annotations

from typing import Any

import pytest

from edgeadapt.cli.ctl.status_table import status_lines

STATUS: dict[str, Any] = {
    "running": True,
    "family": "digits",
    "policy": "phone",
    "active_variant": "medium",
    "pending_variant": None,
    "pinned_variant": None,
    "pin_left_s": None,
    "pin": None,
    "previous_variant": None,
    "preloaded": [],
    "stage": "idle",
    "waiting_for_room": False,
    "oldest_lease_age_s": None,
    "decision": {"target": "medium", "rule": "otherwise"},
    "last_swap_reason": "",
    "unavailable": {},
    "calls": 12,
    "inference_latency_ms": None,
    "inference_rate_hz": None,
    "counters": {
        "swaps_succeeded": 3,
        "swaps_failed": 1,
        "swaps_timed_out": 1,
        "swaps_suppressed": 4,
        "swaps_pinned": 2,
    },
}


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")


def table(**changed: Any) -> dict[str, str]:
    """Return the table as name → text."""
    lines = status_lines({**STATUS, **changed})
    return {
        name: text for name, _, text in (line.partition("  ") for line in lines) for text in [text.strip()]
    }


def test_an_engine_at_rest_takes_five_lines() -> None:
    assert status_lines(STATUS) == [
        "serves    medium",
        "policy    phone: wants medium, by otherwise",
        "family    digits",
        "requests  12 since the last swap",
        "swaps     3 done, 2 failed, 6 held back",
    ]


@pytest.mark.parametrize(
    ("left_s", "signed", "text"),
    [
        (None, {"who": "", "why": ""}, "small"),
        (None, {"who": "ann (uid 7, pid 8)", "why": ""}, "small, by ann (uid 7, pid 8)"),
        (7140.4, {"who": "ann", "why": "a test"}, "small, for another 1 h 59 min, by ann: a test"),
    ],
)
def test_an_order_is_shown_with_who_why_and_how_long(left_s: Any, signed: Any, text: str) -> None:
    assert table(pinned_variant="small", pin_left_s=left_s, pin=signed)["pinned"] == text


def test_a_load_is_shown_with_its_stage_and_what_it_waits_for() -> None:
    assert table(pending_variant="full", stage="warming")["loading"] == "full (warming)"
    waits = {"pending_variant": "full", "waiting_for_room": True}
    assert table(**waits)["loading"] == "full (idle): waits until an old model has gone"
    assert table(**waits, oldest_lease_age_s=75.2)["loading"].endswith(
        ", and a lease has been held for 1 min 15 s"
    )


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"active_variant": None}, "nothing for now: one variant makes room for another"),
        ({"active_variant": None, "running": False}, "nothing: the engine does not run"),
    ],
)
def test_nothing_serves_for_a_reason(changed: dict[str, Any], text: str) -> None:
    assert table(**changed)["serves"] == text


@pytest.mark.parametrize(
    ("decision", "text"),
    [
        ({"target": "tiny", "rule": "low"}, "phone: wants tiny, by rule low"),
        ({"target": None, "rule": "low"}, "phone: has found no variant"),
        (None, "phone: has found no variant"),
    ],
)
def test_the_policys_wish_is_shown_whatever_serves(decision: Any, text: str) -> None:
    assert table(decision=decision)["policy"] == text


def test_the_rest_is_shown_where_there_is_any() -> None:
    shown = table(
        previous_variant="tiny",
        preloaded=["full", "small"],
        unavailable={"int8": "no driver"},
        last_swap_reason="SWAP_COMMITTED:medium:otherwise",
        inference_latency_ms=3.14159,
        inference_rate_hz=49.96,
    )
    assert shown["rollback"] == "leads to tiny"
    assert shown["ready"] == "full, small"
    assert shown["kept out"] == "int8: no driver"
    assert shown["last swap"] == "SWAP_COMMITTED:medium:otherwise"
    assert shown["requests"] == "12 since the last swap, 3.14 ms each, 50 a second"


def test_what_an_operator_wrote_can_not_move_the_cursor() -> None:
    shown = table(pinned_variant="small", pin={"who": "ann", "why": "\x1b[2Jgone"})
    assert shown["pinned"] == "small, by ann: \N{REPLACEMENT CHARACTER}[2Jgone"
