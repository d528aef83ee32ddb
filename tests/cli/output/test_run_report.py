"""A running engine's events, as lines for a person."""

from __future__ import annotations

import pytest

from edgeadapt.cli.output.run_report import event_line
from edgeadapt.observability import (
    Event,
    NativeFallback,
    OperatorAction,
    PropertyViolated,
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
        (OperatorAction(2.0, "pin", "full", "Ann", "a test"), "1.0 s  Ann said: pin full, for a test"),
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
