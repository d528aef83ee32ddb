"""Each order over the socket does what the engine's own method does, says what came of it, and is on record."""

from __future__ import annotations

import getpass
import json
import logging
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from edgeadapt.engine import Engine
from edgeadapt.engine.control import ControlSocket, orders
from edgeadapt.engine.control.client import ask
from edgeadapt.engine.control.protocol import FAILED, REFUSED, Answer, Request
from edgeadapt.observability import ObservabilityCollector, OperatorAction
from edgeadapt.observability.sinks.decision_log import DecisionLog
from edgeadapt.policy import RulePolicy
from edgeadapt.registry import ModelFamily

PATIENCE_S = 20.0
BROKEN = OSError("the file is cut off")

Ask = Callable[..., Answer]


@pytest.fixture
def control(socket_path: str) -> Iterator[Callable[[Engine], Ask]]:
    """Give an engine a socket, and return a way to ask it."""
    made: list[ControlSocket] = []

    def give(engine: Engine) -> Ask:
        one = ControlSocket(engine, socket_path)
        one.start()
        made.append(one)
        return lambda order, **fields: ask(socket_path, Request(order, **fields))

    yield give
    for one in made:
        one.close()


def actions(engine: Engine) -> list[tuple[str, str | None, str]]:
    events = engine.observability.events("operator.v1")
    return [(event.action, event.variant, event.why) for event in events if isinstance(event, OperatorAction)]


def test_a_status_is_the_engines_as_json(bench: Any, control: Any) -> None:
    engine = bench.running(50)
    status = control(engine)("status").result["status"]
    assert (status["running"], status["active_variant"], status["policy"]) == (True, "medium", "by_battery")
    assert status["decision"]["target"] == "medium"
    assert status["counters"] == engine.status().counters
    assert status["pin"] is None


def test_a_pin_is_obeyed_waited_for_and_signed_by_the_system(bench: Any, control: Any) -> None:
    engine = bench.running(50)
    result = control(engine)("pin", variant="full", for_s=7200.0, why="heat test").result
    assert (result["variant"], result["outcome"], result["detail"]) == ("full", "serves", "")
    assert result["status"]["pinned_variant"] == "full"
    assert 7000 < result["status"]["pin_left_s"] <= 7200
    who = f"{getpass.getuser()} (uid {os.getuid()}, pid {os.getpid()})"
    assert result["status"]["pin"] == {"who": who, "why": "heat test"}
    (event,) = engine.observability.events("operator.v1")
    assert (event.action, event.variant, event.who, event.why) == ("pin", "full", who, "heat test")


def test_a_pin_whose_load_takes_longer_is_still_loading(
    bench: Any, control: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orders, "SETTLE_S", 0.05)
    gate = threading.Event()
    bench.loader.script("full", gate=gate)
    result = control(bench.running(50))("pin", variant="full").result
    assert (result["outcome"], result["status"]["active_variant"]) == ("loading", "medium")
    gate.set()


def test_a_pin_whose_load_fails_says_why(bench: Any, control: Any) -> None:
    bench.loader.script("full", load_error=BROKEN)
    result = control(bench.running(50))("pin", variant="full").result
    assert result["outcome"] == "failed"
    assert "the file is cut off" in result["detail"]
    assert (result["status"]["pinned_variant"], result["status"]["active_variant"]) == ("full", "medium")


def test_freeze_and_unpin(bench: Any, control: Any) -> None:
    engine = bench.running(50)
    order = control(engine)
    assert order("freeze", why="demo").result["variant"] == "medium"
    assert engine.status().pinned_variant == "medium"
    assert order("unpin", why="over").result["status"]["pinned_variant"] is None
    assert actions(engine) == [("freeze", "medium", "demo"), ("unpin", None, "over")]


def test_a_rollback_is_waited_for(bench: Any, control: Any) -> None:
    engine = bench.running(50, 10)
    bench.poll(engine)
    bench.swapped()
    result = control(engine)("rollback", why="it is worse").result
    assert (result["variant"], result["outcome"]) == ("medium", "serves")
    assert result["status"]["active_variant"] == "medium"
    assert actions(engine) == [("rollback", "medium", "it is worse")]


def test_a_preload_is_waited_for_and_one_of_what_serves_is_ready(bench: Any, control: Any) -> None:
    order = control(bench.running(50))
    assert order("preload", variant="tiny").result["outcome"] == "ready"
    assert order("preload", variant="tiny").result["outcome"] == "ready"
    assert order("status").result["status"]["preloaded"] == ["tiny"]
    bench.loader.script("full", load_error=BROKEN)
    result = order("preload", variant="full").result
    assert (result["outcome"], "the file is cut off" in result["detail"]) == ("failed", True)


def test_a_reload_says_what_became_of_each_file(bench: Any, control: Any, tmp_path: Path) -> None:
    path = tmp_path / "p.eap"
    path.write_text("edition 1 policy p { otherwise use tiny }")
    order = control(bench.running(50, policy=RulePolicy.from_file(path)))
    (file,) = order("reload").result["files"]
    assert (file["what"], file["path"], file["outcome"]) == ("policy", str(path), "unchanged")
    path.write_text("edition 1 policy p { otherwise use tny }")
    (file,) = order("reload").result["files"]
    assert file["outcome"] == "refused"
    assert "tny" in file["detail"]


@pytest.mark.parametrize(
    ("order", "fields", "says"),
    [
        ("pin", {"variant": "ful"}, "family `digits` has no variant `ful`; did you mean `full`?"),
        ("rollback", {}, "none served before this one"),
        ("reload", {}, "neither policy nor family came from one"),
    ],
)
def test_what_the_engine_refuses_is_said_in_its_words(
    bench: Any, control: Any, order: str, fields: dict[str, str], says: str
) -> None:
    answer = control(bench.running(50))(order, **fields)
    assert answer.problem == REFUSED
    assert says in answer.message


def test_an_engine_that_does_not_run_says_so_and_takes_orders_again_later(bench: Any, control: Any) -> None:
    engine = bench.engine(50)
    order = control(engine)
    assert order("status").result["status"]["running"] is False
    assert order("freeze") == Answer({}, REFUSED, "the engine does not run")
    engine.start()
    assert order("freeze").problem == ""
    engine.stop()
    assert order("unpin") == Answer({}, REFUSED, "the engine does not run")


def test_an_order_that_a_callback_holds_up_is_told_and_the_status_goes_on(
    bench: Any, control: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edgeadapt.engine.engine.DEFAULT_STOP_S", 0.05)
    hold, held = threading.Event(), threading.Event()

    def complete(before: str, after: str) -> None:
        held.set()
        hold.wait(PATIENCE_S)

    engine = bench.running(50, 10, on_swap_complete=complete)
    order = control(engine)
    bench.poll(engine)
    assert held.wait(PATIENCE_S)
    answer = order("freeze")
    assert (answer.problem, "will be later" in answer.message) == (FAILED, True)
    assert order("status").result["status"]["active_variant"] == "tiny"
    hold.set()


def test_whatever_a_part_of_the_hosts_raises_the_operator_hears_of_it(bench: Any, control: Any) -> None:
    class Odd(ModelFamily):
        asked = 0

        @property
        def names(self) -> tuple[str, ...]:
            if Odd.asked:
                raise LookupError("the index is gone")
            return super().names

    family = Odd("digits")
    for name in bench.family.names:
        family.add_variant(name, f"{name}.onnx")
    bench.family = family
    order = control(bench.running(50))
    Odd.asked = 1
    assert order("pin", variant="full") == Answer({}, FAILED, "the index is gone")
    Odd.asked = 0
    assert order("status").problem == ""


def test_each_order_is_in_the_decision_log_the_log_and_the_snapshot(
    bench: Any, control: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "edgeadapt")
    log = tmp_path / "decisions.jsonl"
    collector = ObservabilityCollector(sinks=[DecisionLog(log)])
    engine = bench.running(50, observability=collector)
    order = control(engine)
    order("pin", variant="full", for_s=60.0, why="heat test")
    order("pin", variant="ful")
    engine.stop()
    collector.close()
    written = [json.loads(line) for line in log.read_text().splitlines()]
    (event,) = [line for line in written if line.get("kind") == "operator.v1"]
    assert (event["action"], event["variant"], event["why"], event["for_s"]) == (
        "pin",
        "full",
        "heat test",
        60,
    )
    assert event["who"].startswith(f"{getpass.getuser()} (uid ")
    assert event in collector.snapshot()["events"]
    assert f"operator: pin `full` for 60 s by {event['who']}: heat test" in caplog.messages
    # Nothing has changed, but somebody tried.
    assert any(line.startswith("control: pin by ") and "refused" in line for line in caplog.messages)
