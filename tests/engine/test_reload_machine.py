"""Laws of reloading: whatever happens to the files, the engine serves by their last good state; memory that is kept is whole."""

from __future__ import annotations

import os
import queue
import tempfile
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from edgeadapt.backends.fake import FakeLoader
from edgeadapt.engine import Engine
from edgeadapt.policy import RulePolicy
from edgeadapt.profiler.recorded import RecordedProfiler
from edgeadapt.registry import ModelFamily
from edgeadapt.state import DeviceState
from tests.engine.files import MEMORY_MB, family_text, policy_text, save

PATIENCE_S = 20.0
BAD_POLICIES = ("", "edition 1\npolicy p {", policy_text().replace("20%", "20 °C"))
BAD_FAMILIES = ("", "schema_version: 1\n", family_text(name="faces"))
LOWS = st.sampled_from((10, 20, 30))
PATHS = st.sampled_from(("tiny.onnx", "new.onnx", "newer.onnx"))


def states(percents: list[float], step_s: float = 1.0) -> RecordedProfiler:
    rows = enumerate(percents)
    return RecordedProfiler(
        [DeviceState(percent, False, 40.0, 1000.0, 10.0, None, None, at * step_s) for at, percent in rows]
    )


class Reloading(RuleBasedStateMachine):
    """The model: the last good text of each file, as the engine last looked at it."""

    @initialize()
    def start(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.policy, self.family = (Path(self.folder.name) / name for name in ("p.eap", "f.yaml"))
        self.good_policy, self.good_family = policy_text(), family_text()
        save(self.policy, self.good_policy)
        save(self.family, self.good_family)
        self.on_disk: dict[str, str | None] = {"policy": self.good_policy, "family": self.good_family}
        self.engine = Engine(
            ModelFamily.from_yaml(self.family),
            RulePolicy.from_file(self.policy),
            poll_interval_sec=3600.0,
            profiler=states([50.0, 25.0, 15.0, 5.0, 50.0, 90.0] * 20),
            loader=FakeLoader(*MEMORY_MB),
        )
        self.engine.start()

    @rule(low=LOWS)
    def write_a_policy(self, low: int) -> None:
        self.on_disk["policy"] = policy_text(low=low)
        save(self.policy, policy_text(low=low))

    @rule(text=st.sampled_from(BAD_POLICIES))
    def spoil_the_policy(self, text: str) -> None:
        self.on_disk["policy"] = None
        self.policy.write_text(text, encoding="utf-8")

    @rule(path=PATHS)
    def write_a_family(self, path: str) -> None:
        self.on_disk["family"] = family_text(tiny=path)
        save(self.family, family_text(tiny=path))

    @rule(text=st.sampled_from(BAD_FAMILIES))
    def spoil_the_family(self, text: str) -> None:
        self.on_disk["family"] = None
        self.family.write_text(text, encoding="utf-8")

    @rule(what=st.sampled_from(("policy", "family")))
    def remove(self, what: str) -> None:
        self.on_disk[what] = None
        {"policy": self.policy, "family": self.family}[what].unlink(missing_ok=True)

    @rule(what=st.sampled_from(("policy", "family")))
    def swap_a_link(self, what: str) -> None:
        path = {"policy": self.policy, "family": self.family}[what]
        text = self.on_disk[what]
        if text is not None:
            target = path.with_name(f"{os.urandom(4).hex()}{path.suffix}")
            target.write_text(text, encoding="utf-8")
            link = path.with_name("link")
            link.symlink_to(target.name)
            os.replace(link, path)

    @rule(is_asked=st.booleans())
    def reload(self, is_asked: bool) -> None:
        before = {"policy": self.good_policy, "family": self.good_family}
        if is_asked:
            found = {it.what: it.outcome for it in self.engine.reload()}
            for what, text in self.on_disk.items():
                expected = "refused" if text is None else "unchanged" if text == before[what] else "reloaded"
                assert found[what] == expected
        else:
            serving: Any = self.engine._running()
            serving.do("a look", serving.reloader.look, 20.0)
        self.good_policy = self.on_disk["policy"] or self.good_policy
        self.good_family = self.on_disk["family"] or self.good_family

    @rule()
    def poll(self) -> None:
        decision = self.engine.poll()
        assert decision is not None
        assert decision.target is not None

    @invariant()
    def it_serves(self) -> None:
        assert self.engine.infer(0) in MEMORY_MB

    @invariant()
    def what_is_in_use_is_the_last_good_state(self) -> None:
        in_use = self.engine._launch.in_use
        assert isinstance(in_use.given, RulePolicy)
        assert in_use.given.program.digest == RulePolicy.from_text(self.good_policy).program.digest
        tiny = in_use.family.variant("tiny")
        assert f"tiny\n    path: {Path(tiny.path).name}" in self.good_family

    @invariant()
    def nothing_fails(self) -> None:
        counters = self.engine.status().counters
        assert (counters["policy_errors"], counters["swaps_failed"]) == (0, 0)

    def teardown(self) -> None:
        if hasattr(self, "engine"):
            self.engine.stop()
            self.folder.cleanup()


TestReloading = Reloading.TestCase
TestReloading.settings = settings(
    max_examples=20,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

# Timers, hysteresis, a cool-down, a band and a guard: all that a memory holds.
RICH = """\
edition 1
policy rich {
  let low = battery < 30% band 10%
  rule dying { when battery < 10% until battery >= 20% urgent use tiny }
  rule low { when low for 2 s linger 2 s hold 3 s cooldown 4 s use tiny }
  rule high { when battery >= 80% for 3 s use full }
  otherwise use medium
  guard { cooldown 2 s at most 3 swaps per 20 s }
}
"""
PERCENTS = st.sampled_from((5.0, 15.0, 25.0, 35.0, 50.0, 90.0))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    percents=st.lists(PERCENTS, min_size=4, max_size=30),
    step_s=st.sampled_from((0.7, 1.0, 3.3)),
    reloads=st.sets(st.integers(0, 29), max_size=4),
)
def test_memory_that_is_kept_decides_as_if_nothing_had_been_reloaded(
    percents: list[float], step_s: float, reloads: set[int]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        policy, family = Path(folder) / "p.eap", Path(folder) / "f.yaml"
        save(policy, RICH)

        def decisions(reloading: set[int]) -> list[Any]:
            save(family, family_text())
            made = []
            committed: queue.Queue[str] = queue.Queue()
            with Engine(
                ModelFamily.from_yaml(family),
                RulePolicy.from_file(policy),
                poll_interval_sec=3600.0,
                profiler=states(percents, step_s),
                loader=FakeLoader(*MEMORY_MB),
                on_swap_complete=lambda before, after: committed.put(after),
            ) as engine:
                for index in range(len(percents) - 1):
                    if index in reloading:
                        # A figure that this policy does not read.
                        save(family, family_text().replace("mb: 300", f"mb: {301 + index}"))
                        assert engine.reload()[1].memory_kept
                    decision = engine.poll()
                    assert decision is not None
                    if decision.swap:
                        assert committed.get(timeout=PATIENCE_S) == decision.target
                    made.append((decision, engine.status().phases))
            return made

        assert decisions(reloads) == decisions(set())
