"""Whatever becomes of a family while it serves, something serves, and soon it is what the family has now."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from edgeadapt.backends.fake import FakeBackend
from edgeadapt.engine import Engine, launch
from edgeadapt.policy import RulePolicy
from edgeadapt.profiler.recorded import RecordedProfiler
from edgeadapt.registry import ModelFamily
from edgeadapt.state import DeviceState
from tests.engine.files import MEMORY_MB, family_text, save

PATIENCE_S = 20.0
POLICY = """\
edition 1
policy any {
  rule low { when battery < 20% use lowest memory }
  rule high { when battery >= 80% use highest memory }
  otherwise use lowest latency else highest memory
  guard { cooldown 0 s }
}
"""
VARIANTS = st.sampled_from(sorted(MEMORY_MB))


def by_path(family: ModelFamily, **_: Any) -> Callable[..., FakeBackend]:
    """Make backends that answer with the path of their model."""
    return lambda name, **_: FakeBackend(name, output=Path(family.variant(name).path).name)


class Families(RuleBasedStateMachine):
    """Reloads, swaps, pins and preloads in any order."""

    @initialize()
    def start(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "f.yaml"
        save(self.path, family_text())
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(launch, "default_loader", by_path)
        percents = [50.0, 10.0, 90.0, 50.0, 10.0, 10.0] * 60
        rows = [
            DeviceState(percent, False, 40.0, 1000.0, 10.0, None, None, float(at))
            for at, percent in enumerate(percents)
        ]
        self.engine = Engine(
            ModelFamily.from_yaml(self.path),
            RulePolicy.from_text(POLICY),
            poll_interval_sec=3600.0,
            profiler=RecordedProfiler(rows),
            can_activate_variant=lambda variant: True,
        )
        self.engine.start()

    @property
    def family(self) -> ModelFamily:
        return self.engine._launch.in_use.family

    @rule(paths=st.dictionaries(VARIANTS, st.sampled_from(("x.onnx", "y.onnx")), min_size=1))
    def reload(self, paths: dict[str, str]) -> None:
        save(self.path, family_text(*paths, **paths))
        (result,) = self.engine.reload()
        assert result.outcome in ("reloaded", "unchanged")
        assert set(self.family.names) == set(paths)

    @rule()
    def poll(self) -> None:
        assert self.engine.poll() is not None

    @rule(variant=VARIANTS)
    def pin(self, variant: str) -> None:
        if variant in self.family:
            self.engine.pin(variant)
        else:
            with pytest.raises(ValueError, match="has no variant"):
                self.engine.pin(variant)

    @rule()
    def unpin(self) -> None:
        self.engine.unpin()

    @rule(variant=VARIANTS)
    def preload(self, variant: str) -> None:
        if variant in self.family:
            self.engine.preload(variant)

    @rule()
    def settle(self) -> None:
        """Let what is wanted come about, under a state that lasts."""
        until = time.monotonic() + PATIENCE_S
        while True:
            decision = self.engine.poll()
            assert decision is not None
            status = self.engine.status()
            wanted = status.pinned_variant or decision.target
            if status.active_variant == wanted and status.pending_variant is None:
                break
            assert time.monotonic() < until
        assert wanted is not None
        assert wanted in self.family
        while self.engine.infer(0) != Path(self.family.variant(wanted).path).name:
            self.engine.poll()
            assert time.monotonic() < until

    @invariant()
    def it_serves(self) -> None:
        answer = self.engine.infer_detailed(0)
        assert answer.variant in MEMORY_MB
        assert answer.outputs.endswith(".onnx")
        assert self.engine.status().pinned_variant in (None, *self.family.names)

    @invariant()
    def nothing_fails(self) -> None:
        counters = self.engine.status().counters
        failures = ("policy_errors", "swaps_failed", "callback_errors", "reloads_refused", "unload_errors")
        assert [counters[name] for name in failures] == [0] * len(failures)

    def teardown(self) -> None:
        if hasattr(self, "engine"):
            self.engine.stop()
            self.patch.undo()
            self.folder.cleanup()


TestFamilies = Families.TestCase
TestFamilies.settings = settings(
    max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
