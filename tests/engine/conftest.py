"""An engine over fake backends and a recording that goes on by one row a poll: nothing here waits for a clock."""

from __future__ import annotations

import json
import queue
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edgeadapt.backends.fake import FakeBackend, FakeLoader
from edgeadapt.engine import Engine
from edgeadapt.policy import RulePolicy
from edgeadapt.profiler.recorded import RecordedProfiler
from edgeadapt.program import Decision
from edgeadapt.registry import ModelFamily, VariantMetadata
from edgeadapt.registry.activation import ActivationRules
from edgeadapt.state import DeviceState

PATIENCE_S = 20.0
# Polls are made by the tests; the schedule never comes to one.
NEVER_S = 3600.0

BY_BATTERY = """
edition 1
policy by_battery {
  rule low { when battery < 20% use tiny }
  rule high { when battery >= 80% use full else medium }
  otherwise use medium
  guard { cooldown 0 s }
}
"""


def battery(percent: float, at_s: float) -> DeviceState:
    return DeviceState(percent, False, 40.0, 1000.0, 10.0, None, None, at_s)


def a_family(**activation: Any) -> ModelFamily:
    """Three variants, whose activation goes by the rules given."""
    family = ModelFamily("digits", activation=ActivationRules(**activation))
    for name, memory_mb in (("full", 300.0), ("medium", 100.0), ("tiny", 10.0)):
        family.add_variant(name, f"{name}.onnx", metadata=VariantMetadata(memory_footprint_mb=memory_mb))
    return family


class Bench:
    """What a test of an engine needs: parts to make one of, and ears for its callbacks."""

    def __init__(self) -> None:
        self.family = a_family()
        self.loader = FakeLoader(*self.family.names)
        self.made: queue.Queue[FakeBackend] = queue.Queue()
        self.started: queue.Queue[tuple[str, str]] = queue.Queue()
        self.completed: queue.Queue[tuple[str, str]] = queue.Queue()
        self.fallbacks: queue.Queue[tuple[str, BaseException]] = queue.Queue()
        self.engines: list[Engine] = []

    def rules(self, **activation: Any) -> None:
        """Have activation go by these rules."""
        self.family = a_family(**activation)

    def load(self, variant: str) -> FakeBackend:
        backend = self.loader(variant)
        self.made.put(backend)
        return backend

    def loading(self, variant: str) -> FakeBackend:
        """Wait until a backend of a variant is being loaded."""
        while (backend := self.made.get(timeout=PATIENCE_S)).variant != variant:
            pass
        assert backend.load_started.wait(PATIENCE_S)
        return backend

    def policy(self, text: str = BY_BATTERY, **params: str) -> RulePolicy:
        return RulePolicy.from_text(text, params=params or None)

    def recording(self, *percents: float, step_s: float = 10.0) -> RecordedProfiler:
        """A row each `step_s` seconds; a start takes the first one, each poll the next, and the last one stays."""
        return RecordedProfiler([battery(percent, index * step_s) for index, percent in enumerate(percents)])

    def engine(self, *percents: float, policy: Any = None, **settings: Any) -> Engine:
        defaults: dict[str, Any] = {
            "poll_interval_sec": NEVER_S,
            "profiler": self.recording(*percents) if percents else self.recording(50),
            "loader": self.load,
            "on_swap_start": lambda before, after: self.started.put((before, after)),
            "on_swap_complete": lambda before, after: self.completed.put((before, after)),
            "on_fallback": lambda variant, error: self.fallbacks.put((variant, error)),
        }
        engine = Engine(self.family, self.policy() if policy is None else policy, **{**defaults, **settings})
        self.engines.append(engine)
        return engine

    def running(self, *percents: float, **settings: Any) -> Engine:
        engine = self.engine(*percents, **settings)
        engine.start()
        return engine

    def poll(self, engine: Engine) -> Decision:
        decision = engine.poll(PATIENCE_S)
        assert decision is not None
        return decision

    def swapped(self) -> tuple[str, str]:
        """Wait for a swap to be complete."""
        return self.completed.get(timeout=PATIENCE_S)

    def told(self, engine: Engine, code: str) -> None:
        """Wait until the control thread has taken up a swap's event; a poll comes after all that it makes of it."""
        until = time.monotonic() + PATIENCE_S
        while not any(
            event.as_dict()["code"] == code for event in engine.observability.events("swap_stage.v1")
        ):
            assert time.monotonic() < until

    def noted(self, path: Path) -> dict[str, Any]:
        """Wait until a state file names no variant as being activated, and return its content."""
        until = time.monotonic() + PATIENCE_S
        while (content := json.loads(path.read_text()))["activating"]:
            assert time.monotonic() < until
        return dict(content)

    def fell_back(self) -> tuple[str, BaseException]:
        """Wait for a load to have failed."""
        return self.fallbacks.get(timeout=PATIENCE_S)


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    for engine in made.engines:
        engine.stop()
