from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from edgeadapt.errors import ActivationError
from edgeadapt.observability import Failure

PATIENCE_S = 20.0

HOLDING = """
edition 1
policy holding {
  rule low { when battery < 20% for 10 s hold 60 s use tiny }
  otherwise use medium
  guard { cooldown 0 s }
}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "edgeadapt.state"


def time_passes(path: Path, seconds: float) -> None:
    data = json.loads(path.read_text())
    data["saved_at_s"] -= seconds
    path.write_text(json.dumps(data))


def failures(engine: Any) -> list[str]:
    events = engine.observability.events("failure.v1")
    return [event.error for event in events if isinstance(event, Failure)]


def test_a_hold_timer_and_the_active_variant_survive(bench: Any, path: Path) -> None:
    policy = bench.policy(HOLDING)
    engine = bench.running(10, 10, 90, policy=policy, state_file=path)
    bench.poll(engine)
    assert bench.swapped() == ("medium", "tiny")
    engine.stop()
    time_passes(path, 30)
    # Held for 30 s by the first step: the hold lasts for as much again.
    engine = bench.running(90, 90, 90, 90, 90, policy=policy, state_file=path)
    assert engine.active_variant == "tiny"
    assert engine.status().phases == {"low": "ending"}
    assert [bench.poll(engine).target for _ in range(2)] == ["tiny", "tiny"]
    assert bench.poll(engine).target == "medium"


def test_what_was_restored_is_no_swap(bench: Any, path: Path) -> None:
    policy = bench.policy(HOLDING)
    bench.running(50, policy=policy, state_file=path).stop()
    engine = bench.running(50, policy=policy, state_file=path, initial_variant="full")
    assert engine.active_variant == "medium"
    assert json.loads(path.read_text())["session"]["commits"] == []


def test_the_memory_is_written_when_a_phase_changes(bench: Any, path: Path) -> None:
    gate = threading.Event()
    bench.loader.script("tiny", gate=gate)
    engine = bench.running(50, 10, 10, policy=bench.policy(HOLDING), state_file=path)
    bench.poll(engine)
    assert json.loads(path.read_text())["session"]["rules"][0]["phase"] == "pending"
    bench.poll(engine)
    bench.loading("tiny")
    data = json.loads(path.read_text())
    assert (data["session"]["rules"][0]["phase"], data["activating"]) == ("active", ["tiny"])
    gate.set()
    bench.swapped()
    bench.poll(engine)
    assert bench.noted(path)["session"]["active"] == "tiny"


def test_where_nothing_changes_the_memory_is_written_once_a_minute(bench: Any, path: Path) -> None:
    engine = bench.running(*[50] * 12, state_file=path)
    bench.noted(path)
    written: list[float] = []
    for _ in range(11):
        path.unlink()
        bench.poll(engine)
        if path.exists():
            written.append(engine.device_state.timestamp)
        path.touch()
    assert written == [10.0, 70.0]


def test_a_variant_that_ended_the_process_is_quarantined_at_the_next_start(bench: Any, path: Path) -> None:
    bench.running(90, state_file=path).stop()
    data = json.loads(path.read_text())
    data["activating"] = ["full"]
    path.write_text(json.dumps(data))
    engine = bench.running(90, 90, 90, state_file=path)
    assert engine.active_variant == "medium"
    assert "activated" in engine.status().unavailable["full"]
    # The note is gone, the quarantine is not.
    data = bench.noted(path)
    assert data["quarantine"]["full"]["failures"] == 1


def test_a_crash_leaves_the_note_of_what_really_was_loaded(bench: Any, path: Path) -> None:
    gate = threading.Event()
    bench.loader.script("tiny", gate=gate)
    engine = bench.running(50, 10, 90, state_file=path)
    bench.poll(engine)
    bench.loading("tiny")
    # It can't be cancelled: until it ends, it is what would take the process with it.
    bench.poll(engine)
    assert engine.status().pending_variant == "full"
    assert json.loads(path.read_text())["activating"] == ["tiny"]
    full = threading.Event()
    bench.loader.script("full", gate=full)
    gate.set()
    bench.loading("full")
    assert json.loads(path.read_text())["activating"] == ["full"]
    full.set()
    assert bench.swapped() == ("medium", "full")
    bench.noted(path)


def test_all_that_were_being_activated_are_suspects(bench: Any, path: Path) -> None:
    bench.running(90, state_file=path).stop()
    data = json.loads(path.read_text())
    data["activating"] = ["full", "medium"]
    path.write_text(json.dumps(data))
    engine = bench.running(90, 90, state_file=path)
    assert engine.active_variant == "tiny"
    assert set(engine.status().unavailable) == {"full", "medium"}


def test_a_load_that_hangs_over_a_stop_stays_noted(bench: Any, path: Path) -> None:
    gate = threading.Event()
    bench.loader.script("tiny", gate=gate)
    engine = bench.running(50, 10, state_file=path)
    bench.poll(engine)
    tiny = bench.loading("tiny")
    engine.stop(0.2)
    assert json.loads(path.read_text())["activating"] == ["tiny"]
    gate.set()
    assert tiny.unloaded.wait(PATIENCE_S)
    # By then the file may be another engine's.
    assert json.loads(path.read_text())["activating"] == ["tiny"]


ABORTING = """
import os, sys
from edgeadapt.backends.fake import FakeBackend
from edgeadapt.engine import Engine
from edgeadapt.profiler.recorded import RecordedProfiler
from edgeadapt.registry import ModelFamily
from edgeadapt.state import DeviceState

class Aborting(FakeBackend):
    def load(self):
        if self.variant == "full":
            os.abort()
        super().load()

family = ModelFamily("digits")
for name in ("full", "medium", "tiny"):
    family.add_variant(name, name + ".onnx")
engine = Engine(
    family,
    lambda state, family: "full",
    initial_variant="tiny",
    profiler=RecordedProfiler([DeviceState(50.0, None, None, None, None, None, None, 0.0)]),
    loader=Aborting,
    state_file=sys.argv[1],
)
with engine:
    engine.preload("full").wait(60)
"""


def test_a_model_that_takes_the_process_with_it_does_so_once(bench: Any, path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", ABORTING, str(path)], capture_output=True, timeout=60, check=False
    )
    assert ran.returncode < 0
    assert json.loads(path.read_text())["activating"] == ["full"]
    engine = bench.running(90, 90, state_file=path, policy=lambda state, family: "full")
    assert engine.infer(0) != "full"
    assert "the process ended while it was being activated" in engine.status().unavailable["full"]


def test_a_crash_loop_keeps_the_variant_out_longer_each_time(bench: Any, path: Path) -> None:
    for crashes in (1, 2, 3):
        engine = bench.running(90, state_file=path)
        engine.stop()
        data = json.loads(path.read_text())
        data["activating"] = ["full"]
        data["quarantine"].get("full", {})["left_s"] = 0.0
        path.write_text(json.dumps(data))
        engine = bench.running(90, state_file=path)
        left_s = json.loads(path.read_text())["quarantine"]["full"]["left_s"]
        assert left_s == 10.0 * 2 ** (crashes - 1)
        engine.stop()


def test_a_lone_variant_that_ended_the_process_does_not_end_it_again_at_once(bench: Any, path: Path) -> None:
    bench.family = bench.family.without({"medium", "tiny"})
    policy = bench.policy("edition 1 policy p { otherwise use full guard { cooldown 0 s } }")
    bench.running(90, policy=policy, state_file=path).stop()
    data = json.loads(path.read_text())
    data["activating"] = ["full"]
    path.write_text(json.dumps(data))
    engine = bench.engine(90, policy=policy, state_file=path)
    with pytest.raises(ActivationError, match="ended while it was being activated"):
        engine.start()
    time_passes(path, 60)
    engine = bench.running(90, policy=policy, state_file=path)
    assert engine.infer(0) == "full"


@pytest.mark.parametrize(
    "content", [b"", b"\xff\x00", b'{"format": "other"}', b'{"format": "edgeadapt-state"}']
)
def test_a_file_of_no_use_is_set_aside_and_never_keeps_the_engine_from_serving(
    bench: Any, path: Path, content: bytes
) -> None:
    path.write_bytes(content)
    engine = bench.running(50, state_file=path)
    assert engine.infer(0) == "medium"
    assert "moved to" in failures(engine)[0]
    assert path.with_name("edgeadapt.state.unusable").read_bytes() == content
    assert engine.status().counters["state_file_errors"] == 1
    engine.stop()
    assert json.loads(path.read_text())["session"]["active"] == "medium"


def test_the_memory_of_another_policy_is_refused_and_said(bench: Any, path: Path) -> None:
    bench.running(50, state_file=path).stop()
    engine = bench.running(50, policy=bench.policy(HOLDING), state_file=path)
    assert "another policy" in failures(engine)[0]
    assert engine.infer(0) == "medium"


def test_a_file_that_cannot_be_written_never_keeps_the_engine_from_serving(
    bench: Any, tmp_path: Path
) -> None:
    path = tmp_path / "missing" / "edgeadapt.state"
    engine = bench.running(50, 10, state_file=path)
    bench.poll(engine)
    assert bench.swapped() == ("medium", "tiny")
    assert engine.status().counters["state_file_errors"] > 1
    # One text, so that the log has it once.
    assert set(failures(engine)) == {f"cannot write `{path}`: No such file or directory"}


def test_a_path_that_is_a_folder_never_keeps_the_engine_from_serving(bench: Any, tmp_path: Path) -> None:
    engine = bench.running(50, state_file=tmp_path)
    assert engine.infer(0) == "medium"
    assert "cannot read" in failures(engine)[0]


def test_the_history_of_a_callable_survives_too(bench: Any, path: Path) -> None:
    def policy(state: Any, family: Any) -> str:
        return "tiny" if state.battery_pct < 20 else "medium"

    engine = bench.running(50, 10, policy=policy, state_file=path)
    bench.poll(engine)
    bench.swapped()
    engine.stop()
    engine = bench.running(profiler=bench.recording(50, 50, step_s=1.0), policy=policy, state_file=path)
    assert engine.active_variant == "tiny"
    # The cooldown of five seconds began before the restart.
    assert bench.poll(engine).reason == "SWAP_SUPPRESSED_COOLDOWN"


def test_a_stop_and_a_start_keep_the_memory_without_a_file(bench: Any) -> None:
    engine = bench.running(10, 10, 90, 90, policy=bench.policy(HOLDING))
    bench.poll(engine)
    bench.swapped()
    engine.stop()
    engine.start()
    assert engine.active_variant == "tiny"
    assert engine.status().phases == {"low": "ending"}


def test_a_stop_and_a_start_keep_the_quarantine(bench: Any) -> None:
    bench.loader.script("full", load_error=OSError("the file is cut off"))
    engine = bench.running(profiler=bench.recording(50, 90, 90, step_s=1.0))
    bench.poll(engine)
    bench.fell_back()
    engine.stop()
    engine.start()
    assert "failed once" in engine.status().unavailable["full"]
