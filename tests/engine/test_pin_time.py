"""A pin may end by itself; its time goes on through a stop and a restart."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from edgeadapt.observability import OperatorAction


def orders(engine: Any) -> list[tuple[str, str | None, float | None]]:
    events = engine.observability.events("operator.v1")
    return [(it.action, it.variant, it.for_s) for it in events if isinstance(it, OperatorAction)]


def test_a_pin_with_a_time_ends_at_the_first_poll_after_it(bench: Any) -> None:
    engine = bench.running(50, 50, 50, 50, 50)
    engine.pin("full", for_s=15.0, who="night shift")
    bench.swapped()
    assert engine.status().pin_left_s == 15.0
    bench.poll(engine)
    assert (engine.status().pinned_variant, engine.status().pin_left_s) == ("full", 5.0)
    bench.poll(engine)
    # The clock is the states': the last one is at 20 s.
    bench.poll(engine)
    assert (engine.status().pinned_variant, engine.status().pin_left_s) == (None, None)
    assert bench.swapped() == ("full", "medium")
    assert orders(engine) == [("pin", "full", 15.0), ("pin_ended", "full", None)]
    ended = engine.observability.events("operator.v1")[-1]
    assert isinstance(ended, OperatorAction)
    assert (ended.who, ended.why) == ("", "its time is over")
    # Nobody asked for that.
    assert engine.status().counters["operator_actions"] == 1


@pytest.mark.parametrize("order", ["pin", "freeze", "unpin"])
def test_a_later_order_takes_the_time_with_it(bench: Any, order: str) -> None:
    engine = bench.running(*[50] * 6)
    engine.pin("medium", for_s=5.0)
    {"pin": lambda: engine.pin("medium"), "freeze": engine.freeze, "unpin": engine.unpin}[order]()
    assert engine.status().pin_left_s is None
    for _ in range(3):
        bench.poll(engine)
    assert engine.status().pinned_variant == (None if order == "unpin" else "medium")
    assert "pin_ended" not in [action for action, _, _ in orders(engine)]


def test_a_rollback_takes_the_pins_time_along(bench: Any) -> None:
    engine = bench.running(50, 50)
    engine.pin("full", for_s=100.0)
    bench.swapped()
    engine.rollback()
    assert (engine.status().pinned_variant, engine.status().pin_left_s) == ("medium", 100.0)


def test_the_time_goes_on_while_the_engine_is_stopped(bench: Any) -> None:
    engine = bench.running(50, 50, 50, 50)
    engine.pin("full", for_s=5.0)
    bench.swapped()
    engine.stop()
    # Its recording goes on by a row with each start.
    engine.start()
    bench.poll(engine)
    assert engine.status().pinned_variant is None


@pytest.mark.parametrize(("away_s", "left_s"), [(100.0, 500.0), (700.0, None)])
def test_the_time_goes_on_over_a_restart_by_the_wall_clock(
    bench: Any, tmp_path: Path, away_s: float, left_s: float | None
) -> None:
    path = tmp_path / "edgeadapt.state"
    engine = bench.running(50, state_file=path)
    engine.pin("full", for_s=600.0)
    bench.swapped()
    engine.stop()
    saved = json.loads(path.read_text())
    assert (saved["pinned"], saved["pin_left_s"]) == ("full", 600.0)
    path.write_text(json.dumps({**saved, "saved_at_s": time.time() - away_s}))
    engine = bench.running(50, 50, state_file=path)
    status = engine.status()
    if left_s is None:
        assert (status.pinned_variant, status.pin_left_s) == (None, None)
        assert orders(engine) == [("pin_ended", "full", None)]
    else:
        assert (status.pinned_variant, engine.infer(0)) == ("full", "full")
        assert status.pin_left_s == pytest.approx(left_s, abs=30.0)


def test_a_state_file_without_the_time_has_a_pin_that_lasts(bench: Any, tmp_path: Path) -> None:
    path = tmp_path / "edgeadapt.state"
    engine = bench.running(50, state_file=path)
    engine.pin("full")
    bench.swapped()
    engine.stop()
    saved = json.loads(path.read_text())
    del saved["pin_left_s"]
    path.write_text(json.dumps(saved))
    engine = bench.running(50, state_file=path)
    assert (engine.status().pinned_variant, engine.status().pin_left_s) == ("full", None)


@pytest.mark.parametrize("left", ["soon", -1.0, 1e300, True])
def test_a_state_file_with_a_time_that_is_none_is_of_no_use(bench: Any, tmp_path: Path, left: Any) -> None:
    path = tmp_path / "edgeadapt.state"
    engine = bench.running(50, state_file=path)
    engine.stop()
    saved = json.loads(path.read_text())
    path.write_text(json.dumps({**saved, "pinned": "full", "pin_left_s": left}))
    engine = bench.running(50, state_file=path)
    assert engine.status().counters["state_file_errors"] == (0 if left is True else 1)


@pytest.mark.parametrize(
    ("for_s", "says"),
    [
        ("2h", "`for_s` is a number of seconds"),
        (0, "`for_s` is above 0"),
        (float("nan"), "`for_s` is above 0"),
    ],
)
def test_what_is_no_time_is_refused(bench: Any, for_s: Any, says: str) -> None:
    engine = bench.running(50)
    with pytest.raises((TypeError, ValueError), match=says):
        engine.pin("full", for_s=for_s)
    assert engine.status().pinned_variant is None
