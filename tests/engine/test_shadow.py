"""A shadow policy is compared and nothing else: whatever it does, the engine decides and serves as without it."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from edgeadapt.backends.fake import FakeLoader
from edgeadapt.engine import Engine
from edgeadapt.observability import Event, ObservabilityCollector, PolicyStep, ShadowDiffered, Sink
from edgeadapt.policy import BasePolicy, StabilityGuard
from edgeadapt.profiler.recorded import RecordedProfiler
from edgeadapt.registry import ModelFamily
from edgeadapt.state import DeviceState
from tests.engine.files import Files, family_text, save

PATIENCE_S = 20.0


class Ears(Sink):
    """Hears of differences."""

    def __init__(self) -> None:
        self.told: queue.Queue[ShadowDiffered] = queue.Queue()

    def wants(self, event: Event) -> bool:
        return isinstance(event, ShadowDiffered)

    def take(self, event: Event) -> None:
        assert isinstance(event, ShadowDiffered)
        self.told.put(event)

    def next(self) -> ShadowDiffered:
        return self.told.get(timeout=PATIENCE_S)


@pytest.fixture
def ears() -> Ears:
    return Ears()


@pytest.fixture
def shadowed(bench: Any, ears: Ears) -> Iterator[Any]:
    collector = ObservabilityCollector(sinks=[ears])

    def start(*percents: float, shadow: Any, **given: Any) -> Any:
        return bench.running(*percents, shadow=shadow, observability=collector, **given)

    yield start
    collector.close()


def ended(engine: Any) -> Any:
    """Stop the engine, which hears its shadow out, and return its last status."""
    engine.stop()
    return engine.status()


def test_where_a_shadow_would_decide_otherwise_is_told_once_while_it_lasts(
    bench: Any, shadowed: Any, ears: Ears, caplog: pytest.LogCaptureFixture
) -> None:
    bolder = bench.policy(bench_text(15))
    with caplog.at_level(logging.INFO, "edgeadapt.engine"):
        engine = shadowed(50, 18, 18, 10, shadow=bolder)
        bench.poll(engine)
        bench.swapped()
        bench.poll(engine)
        assert ears.next() == ShadowDiffered(
            10.0, False, "tiny", "low", "SWAP_POLICY_RECOMMEND", "medium", "otherwise", "UNCHANGED"
        )
        bench.poll(engine)
        agreed = ears.next()
        assert (agreed.agrees, agreed.variant, agreed.shadow_variant) == (True, "tiny", "tiny")
    assert "shadow `by_battery` wants `medium` by `otherwise`, and the policy `tiny` by `low`" in caplog.text
    status = ended(engine)
    assert (status.counters["shadow_steps"], status.counters["shadow_differences"]) == (3, 1)
    assert status.shadow.agrees
    assert (status.shadow.policy, status.shadow.variant) == ("by_battery", "tiny")
    assert status.shadow.step_ms >= 0
    assert attrs.asdict(status)["shadow"]["decision"]["rule"] == "low"


def bench_text(low: int) -> str:
    return f"""
edition 1
policy by_battery {{
  rule low {{ when battery < {low}% use tiny }}
  rule high {{ when battery >= 80% use full else medium }}
  otherwise use medium
  guard {{ cooldown 0 s }}
}}
"""


def test_a_shadow_never_swaps(bench: Any, shadowed: Any) -> None:
    engine = shadowed(50, 50, 50, shadow=lambda state, family: "tiny")
    for _ in range(2):
        assert bench.poll(engine).target == "medium"
    status = ended(engine)
    assert status.shadow.variant == "tiny"
    assert (status.counters["swaps_attempted"], status.counters["shadow_differences"]) == (0, 1)
    assert [backend.variant for backend in bench.loader.made] == ["medium"]


def test_a_shadows_guard_counts_its_own_swaps(bench: Any, shadowed: Any) -> None:
    guarded = bench_text(20).replace("cooldown 0 s", "cooldown 25 s")
    engine = shadowed(50, 10, 90, 90, 90, shadow=bench.policy(guarded), policy=lambda state, family: "medium")
    for _ in range(4):
        bench.poll(engine)
    status = ended(engine)
    recorded = engine.observability.events("shadow.v1")
    events = [event for event in recorded if isinstance(event, ShadowDiffered)]
    # It would have swapped to tiny at 10 s, and then no sooner than at 35 s to full.
    assert [(event.at_s, event.shadow_variant, event.shadow_reason) for event in events] == [
        (10.0, "tiny", "SWAP_POLICY_RECOMMEND"),
        (40.0, "full", "SWAP_POLICY_RECOMMEND"),
    ]
    assert status.counters["swaps_attempted"] == 0


def test_a_shadow_without_a_guard_gets_the_engines(bench: Any, shadowed: Any) -> None:
    stability = StabilityGuard(lambda state, family: "medium", cooldown_sec=1000.0)
    answers = iter(["medium", "tiny", "full", "full"])
    engine = shadowed(
        50,
        50,
        50,
        50,
        policy=lambda state, family: "medium",
        shadow=lambda state, family: next(answers),
        stability=stability,
    )
    for _ in range(3):
        bench.poll(engine)
    status = ended(engine)
    assert (status.shadow.variant, status.shadow.decision.reason) == ("tiny", "SWAP_SUPPRESSED_COOLDOWN")


@pytest.mark.parametrize("error", [OSError("no idea"), SystemExit(3), KeyboardInterrupt()])
def test_a_shadow_that_raises_disturbs_nothing(bench: Any, shadowed: Any, error: BaseException) -> None:
    def fails(state: Any, family: Any) -> str:
        raise error

    engine = shadowed(50, 10, 10, shadow=fails)
    assert bench.poll(engine).target == "tiny"
    bench.swapped()
    bench.poll(engine)
    status = ended(engine)
    assert (status.counters["shadow_errors"], status.counters["policy_errors"]) == (2, 0)


def test_a_shadow_that_names_no_variant_is_an_error_of_its_own(bench: Any, shadowed: Any) -> None:
    engine = shadowed(50, 10, shadow=lambda state, family: "huge")
    assert bench.poll(engine).target == "tiny"
    status = ended(engine)
    assert (status.counters["shadow_errors"], status.counters["shadow_steps"]) == (1, 0)


class Careless(BasePolicy):
    """Empties what it is given."""

    def select(self, state: Any, family: Any, history: Any) -> str:
        return "medium"

    def session(self, family: ModelFamily, **given: Any) -> Any:
        class Session:
            inputs: tuple[Any, ...] = ()
            active, phases, refused = None, (), ""

            def step(self, state: Any, inputs: Any, variants: Any) -> None:
                variants.clear()
                inputs.clear()

            def committed(self, variant: str, timestamp: float) -> None: ...

        return Session()

    @property
    def has_guard(self) -> bool:
        return True


def test_a_shadow_that_writes_into_what_it_is_given_changes_no_record(bench: Any) -> None:
    class Steps(Sink):
        def __init__(self) -> None:
            self.told: list[PolicyStep] = []

        def wants(self, event: Event) -> bool:
            return isinstance(event, PolicyStep)

        def take(self, event: Event) -> None:
            assert isinstance(event, PolicyStep)
            self.told.append(event)

    steps = Steps()
    engine = bench.running(50, 10, shadow=Careless(), observability=ObservabilityCollector(sinks=[steps]))
    bench.poll(engine)
    ended(engine)
    engine.observability.close()
    assert [list(step.variants) for step in steps.told] == [list(bench.family.names)] * 2


def test_a_shadow_that_hangs_holds_nothing_up(bench: Any, shadowed: Any) -> None:
    gate, asked = threading.Event(), threading.Event()

    def hangs(state: Any, family: Any) -> str:
        asked.set()
        gate.wait(PATIENCE_S)
        return "medium"

    engine = shadowed(*[50] * 80, shadow=hangs)
    bench.poll(engine)
    assert asked.wait(PATIENCE_S)
    for _ in range(70):
        bench.poll(engine)
    assert engine.status().counters["shadow_steps_missed"] == 70 - 64
    assert engine.infer(0) == "medium"
    engine.stop(timeout_s=0.2)
    assert not engine.observability.events("engine_stopped.v1")[0].as_dict()["clean"]
    gate.set()


def test_a_shadow_that_does_not_fit_the_family_is_refused_at_once(bench: Any) -> None:
    with pytest.raises(ValueError, match="uses `huge`, which family `digits` lacks"):
        bench.engine(50, shadow=bench.policy(bench_text(20).replace("use tiny", "use huge")))
    with pytest.raises(TypeError, match="a policy is a BasePolicy or a callable"):
        bench.engine(50, shadow="tiny")


NOISY = """
edition 1
policy noisy {
  input noise: number in 0 .. 10
  rule loud { when noise > 5 use full }
  otherwise use medium
  guard { cooldown 0 s }
}
"""


def test_a_shadow_may_take_inputs_of_its_own(bench: Any, shadowed: Any, ears: Ears) -> None:
    engine = shadowed(50, 50, 50, shadow=bench.policy(NOISY))
    engine.report(noise=8)
    bench.poll(engine)
    assert (ears.next().shadow_rule, engine.infer(0)) == ("loud", "medium")
    # What it can't take is unknown to it, and not the host's mistake.
    engine.report(noise="very")
    with pytest.raises(ValueError, match="no input `nose`"):
        engine.report(nose=1)


def test_a_shadow_goes_on_over_a_changed_family(bench: Any, ears: Ears, tmp_path: Path) -> None:
    collector = ObservabilityCollector(sinks=[ears])
    files = Files(tmp_path)
    lasting = bench_text(20).replace("rule low {", "rule low { for 25 s")
    engine = files.running(
        bench,
        *[10] * 6,
        policy=lambda state, family: "medium",
        shadow=bench.policy(lasting),
        observability=collector,
    )
    bench.poll(engine)
    save(files.family, family_text("full", "medium", "tiny", "micro"))
    engine.reload()
    for _ in range(3):
        bench.poll(engine)
    # Twenty-five seconds after its first step, of which one was under the family of before.
    assert (ears.next().at_s, ended(engine).counters["shadow_errors"]) == (40.0, 0)
    collector.close()


def test_a_shadow_that_a_changed_family_does_not_fit_waits_for_one_that_does(
    bench: Any, tmp_path: Path
) -> None:
    files = Files(tmp_path)
    engine = files.running(
        bench, *[50] * 6, policy=lambda state, family: "medium", shadow=bench.policy(bench_text(20))
    )
    save(files.family, family_text("full", "medium"))
    assert engine.reload()[0].outcome == "reloaded"
    bench.poll(engine)
    bench.poll(engine)
    save(files.family, family_text())
    engine.reload()
    bench.poll(engine)
    counters = ended(engine).counters
    assert (counters["shadow_errors"], counters["shadow_steps"]) == (1, 1)


class Wild(BasePolicy):
    """Names any variant, or raises, as it is told."""

    def __init__(self, answers: list[str]) -> None:
        self._answers = iter(answers)

    def select(self, state: Any, family: Any, history: Any) -> str:
        answer = next(self._answers, "full")
        if answer == "raise":
            raise RuntimeError("wild")
        return answer


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    percents=st.lists(st.sampled_from((5.0, 15.0, 50.0, 90.0)), min_size=2, max_size=12),
    answers=st.lists(st.sampled_from(("tiny", "medium", "full", "huge", "raise")), max_size=12),
)
def test_with_any_shadow_the_engine_does_what_it_does_without(
    percents: list[float], answers: list[str]
) -> None:
    family = ModelFamily("digits")
    for name in ("full", "medium", "tiny"):
        family.add_variant(name, f"{name}.onnx")
    states = [
        DeviceState(percent, False, 40.0, 1000.0, 10.0, None, None, float(at))
        for at, percent in enumerate(percents)
    ]

    def decisions(shadow: BasePolicy | None) -> tuple[list[Any], int]:
        committed: queue.Queue[str] = queue.Queue()
        engine = Engine(
            family,
            lambda state, family: "tiny" if (state.battery_pct or 0.0) < 20 else "full",
            poll_interval_sec=3600.0,
            profiler=RecordedProfiler(states),
            loader=FakeLoader(*family.names),
            stability=StabilityGuard(lambda state, family: "tiny", cooldown_sec=1.5),
            on_swap_complete=lambda before, after: committed.put(after),
            shadow=shadow,
        )
        made = []
        with engine:
            for _ in percents:
                decision = engine.poll()
                assert decision is not None
                if decision.swap:
                    committed.get(timeout=PATIENCE_S)
                made.append((decision, engine.infer(0)))
        return made, engine.status().counters["swaps_attempted"]

    assert decisions(Wild(answers)) == decisions(None)
