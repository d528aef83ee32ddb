"""A running engine's events, as lines for a person."""

from __future__ import annotations

import pytest

from edgeadapt.cli.output.run_report import event_line
from edgeadapt.observability import (
    Event,
    NativeFallback,
    OperatorAction,
    PropertyViolated,
    Reloaded,
    SwapRefused,
    SwapStage,
)


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (SwapStage(2.0, "SWAP_ROLLED_BACK", "tiny", "full"), "1.0 s  went back from full to tiny"),
        (
            SwapStage(2.0, "SWAP_ROLLED_BACK", "tiny", "full", error="a broken kernel"),
            "1.0 s  went back from full to tiny: a broken kernel",
        ),
        (
            SwapStage(2.0, "SWAP_PRELOADED", "tiny", "full", load_time_s=0.25),
            "1.0 s  tiny is ready, loaded in 250 ms",
        ),
        (
            SwapStage(2.0, "SWAP_SKIPPED_MEMORY", "full", "tiny", error="2 MB are left"),
            "1.0 s  full does not fit, tiny goes on: 2 MB are left",
        ),
        (
            SwapRefused(2.0, "SWAP_PINNED", "full", "high"),
            "1.0 s  full is wanted, but the operator's pin holds it back",
        ),
        (OperatorAction(2.0, "unpin"), "1.0 s  the operator said: unpin"),
        (OperatorAction(2.0, "pin", "full", "Ann", "a test"), "1.0 s  Ann said: pin full: a test"),
        (
            OperatorAction(2.0, "pin", "full", "Ann", "a test", 7200.0),
            "1.0 s  Ann said: pin full for 2 h: a test",
        ),
        (
            OperatorAction(2.0, "pin_ended", "full", why="its time is over"),
            "1.0 s  the pin of full has ended: its time is over",
        ),
        (
            Reloaded(2.0, "policy", "/etc/p.eap", "reloaded", who="SIGHUP"),
            "1.0 s  the policy is reloaded from p.eap, as SIGHUP asked",
        ),
        (
            Reloaded(2.0, "policy", "/etc/p.eap", "reloaded", "the policy starts afresh: rules differ"),
            "1.0 s  the policy is reloaded from p.eap: the policy starts afresh: rules differ",
        ),
        (
            Reloaded(2.0, "family", "/etc/f.yaml", "unchanged", who="Ann"),
            "1.0 s  the family in use is what f.yaml has, as Ann asked",
        ),
        (
            Reloaded(2.0, "policy", "/etc/p.eap", "refused", "p.eap:1:3: error"),
            "1.0 s  the policy in use goes on, for p.eap is refused: p.eap:1:3: error",
        ),
        (
            PropertyViolated(2.0, "spare", "the policy wants `full`"),
            "1.0 s  the policy breaks its property spare: the policy wants `full`",
        ),
        (
            NativeFallback(2.0, "full", "no library"),
            "1.0 s  full runs through Python's ONNX Runtime: no library",
        ),
    ],
)
def test_each_outcome_is_told_in_words(event: Event, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    told = event_line(event, 1.0)
    assert told is not None
    assert told.strip() == line
