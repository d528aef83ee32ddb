"""`--watch`: a table that is drawn in its place on a terminal, a line a snapshot elsewhere."""

import io

import pytest
from rich.console import Console

from edgeadapt.cli.profile_watch import watch_line, watching
from edgeadapt.state import DeviceState


def state(timestamp: float, **values) -> DeviceState:
    known = {"battery_pct": 80.0, "available_ram_mb": 1500.0, **values}
    nothing = dict.fromkeys(
        ("is_charging", "thermal_zone_c", "cpu_utilization_pct", "gpu_utilization_pct", "network_quality")
    )
    return DeviceState(timestamp=timestamp, **{**nothing, **known})


def test_a_line_has_what_is_known_and_when() -> None:
    assert watch_line(state(61.0)) == "1 min 1 s: battery 80%, memory_available 1500 MB"


def test_a_line_without_anything_known_says_so() -> None:
    assert watch_line(state(0.0, battery_pct=None, available_ram_mb=None)) == "0 s: nothing is known"


@pytest.fixture
def terminal(monkeypatch) -> Console:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    return Console(file=io.StringIO(), force_terminal=True, width=80, height=30)


def test_the_table_is_drawn_over_the_last_one(terminal: Console) -> None:
    with watching(terminal) as show:
        show(state(0.0))
        first = terminal.file.getvalue()
        show(state(1.0, cpu_utilization_pct=12.5))
    second = terminal.file.getvalue()[len(first) :]
    assert "battery" in first
    assert "cpu  " not in first
    assert "\x1b[1A" in second  # up, over the first one's lines
    assert "12.5%" in second
    assert "after 1 s; Ctrl-C ends it" in second


def test_a_value_that_was_out_of_range_is_marked(terminal: Console) -> None:
    with watching(terminal) as show:
        show(state(0.0, battery_pct=130.0))
    assert "100% (clamped: it was out of its range)" in terminal.file.getvalue()


def test_what_is_unknown_is_named_below_the_table(terminal: Console) -> None:
    with watching(terminal) as show:
        show(state(0.0))
    assert "unknown here: charging, temperature, cpu," in terminal.file.getvalue()
