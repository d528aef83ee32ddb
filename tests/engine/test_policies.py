from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from edgeadapt.observability import Failure
from edgeadapt.policy import LambdaPolicy, StabilityGuard
from edgeadapt.program import Decision

UNGUARDED = """
edition 1
policy unguarded {
  rule low { when battery < 20% use tiny }
  otherwise use medium
}
"""


def by_battery(state: Any, family: Any) -> str:
    return "tiny" if state.battery_pct < 20 else "medium"


def test_a_policy_may_be_any_callable(bench: Any) -> None:
    engine = bench.running(50, 10, policy=by_battery)
    assert engine.status().policy == "by_battery"
    assert engine.infer(0) == "medium"
    bench.poll(engine)
    assert bench.swapped() == ("medium", "tiny")


@pytest.mark.parametrize("kind", ["callable", "rules"])
def test_a_policy_without_a_guard_gets_the_default_one(bench: Any, kind: str) -> None:
    policy = by_battery if kind == "callable" else bench.policy(UNGUARDED)
    engine = bench.running(policy=policy, profiler=bench.recording(50, 10, 50, 50, step_s=3.0))
    bench.poll(engine)
    bench.swapped()
    # The default cooldown is five seconds.
    assert bench.poll(engine).reason == "SWAP_SUPPRESSED_COOLDOWN"
    assert bench.poll(engine).reason == "SWAP_POLICY_RECOMMEND"


def test_a_given_guard_lends_its_settings_to_the_policy(bench: Any) -> None:
    guard = StabilityGuard(LambdaPolicy(lambda state, family: "full"), cooldown_sec=0.0)
    engine = bench.running(50, 10, 50, policy=by_battery, stability=guard)
    bench.poll(engine)
    assert bench.swapped() == ("medium", "tiny")
    bench.poll(engine)
    assert bench.swapped() == ("tiny", "medium")


def test_two_guards_are_refused(bench: Any) -> None:
    with pytest.raises(ValueError, match="`by_battery` has a guard of its own"):
        bench.engine(stability=StabilityGuard(by_battery))


def test_a_guarded_policy_is_not_guarded_again(bench: Any) -> None:
    engine = bench.running(50, 10, 50, policy=StabilityGuard(by_battery, cooldown_sec=0.0))
    bench.poll(engine)
    bench.swapped()
    assert bench.poll(engine).swap


@pytest.mark.parametrize("stability", [5, "strict", lambda policy: policy])
def test_a_stability_that_is_no_guard_is_refused(bench: Any, stability: Any) -> None:
    with pytest.raises(TypeError, match="StabilityGuard"):
        bench.engine(policy=by_battery, stability=stability)


def test_what_is_no_policy_is_refused(bench: Any) -> None:
    with pytest.raises(TypeError, match="callable"):
        bench.engine(policy=5)
    with pytest.raises(TypeError, match="a class of policies"):
        bench.engine(policy=Nameless)


@pytest.mark.parametrize("error", [RuntimeError("out of ideas"), SystemExit(1), RecursionError()])
def test_a_policy_that_raises_leaves_the_active_variant_serving(bench: Any, error: BaseException) -> None:
    def policy(state: Any, family: Any) -> str:
        if state.battery_pct == 50:
            return "medium"
        if state.battery_pct == 10:
            raise error
        return "tiny"

    engine = bench.running(50, 10, 10, 5, policy=policy)
    assert engine.poll() is None
    assert engine.poll() is None
    assert engine.infer(0) == "medium"
    assert engine.status().counters["policy_errors"] == 2
    failures = engine.observability.events("failure.v1")
    assert [event.what for event in failures if isinstance(event, Failure)] == ["policy", "policy"]
    bench.poll(engine)
    assert bench.swapped() == ("medium", "tiny")


def test_a_policy_that_names_no_variant_leaves_the_active_one_serving(bench: Any) -> None:
    engine = bench.running(
        50, 10, policy=lambda state, family: "medium" if state.battery_pct == 50 else "medum"
    )
    assert engine.poll() is None
    assert engine.infer(0) == "medium"
    assert engine.status().counters["policy_errors"] == 1


def test_a_failure_that_lasts_is_logged_once(bench: Any, caplog: pytest.LogCaptureFixture) -> None:
    def policy(state: Any, family: Any) -> str:
        if state.battery_pct == 50:
            return "medium"
        raise RuntimeError("out of ideas")

    engine = bench.running(50, 10, 10, 10, policy=policy)
    for _ in range(3):
        engine.poll()
    warnings = [record for record in caplog.records if record.levelname == "WARNING"]
    assert [record.message for record in warnings] == ["policy failed: out of ideas"]


def test_a_profiler_that_fails_leaves_everything_as_it_is(bench: Any) -> None:
    recording = bench.recording(50, 10)

    class Failing(type(recording)):  # type: ignore[misc]  # the class is the fixture's
        broken = False

        def snapshot(self) -> Any:
            if self.broken:
                raise OSError("no such sensor")
            return super().snapshot()

        def now(self) -> float:
            if self.broken:
                raise OSError("no such clock")
            return super().now()

    profiler = Failing(recording.trace)
    engine = bench.running(profiler=profiler)
    profiler.broken = True
    assert engine.poll() is None
    assert engine.infer(0) == "medium"
    assert engine.status().counters["profile_errors"] == 1
    profiler.broken = False
    assert bench.poll(engine).target == "tiny"
    bench.swapped()


class Nameless(LambdaPolicy):
    @property
    def name(self) -> str:
        return ""


def test_a_policy_without_a_name_swaps_again_and_again(bench: Any) -> None:
    engine = bench.running(50, 10, 50, policy=StabilityGuard(Nameless(by_battery), cooldown_sec=0.0))
    bench.poll(engine)
    assert bench.swapped() == ("medium", "tiny")
    bench.poll(engine)
    assert bench.swapped() == ("tiny", "medium")


class OwnSession:
    """A host's own session: it answers as it is told, and may fail when it is told of a commit."""

    inputs = ()
    phases: ClassVar[dict[str, str]] = {}
    clamped: ClassVar[dict[str, int]] = {}
    refused = ""
    active = None

    def __init__(self, answers: list[Any], committed: Callable[[], None]) -> None:
        self._answers = iter(answers)
        self._committed = committed

    def step(self, *_arguments: object) -> Any:
        return next(self._answers)

    def committed(self, variant: str, timestamp: float) -> None:
        self._committed()

    def snapshot(self) -> dict[str, Any]:
        return {}


class OwnPolicy(LambdaPolicy):
    has_guard = True

    def __init__(self, *answers: Any, committed: Callable[[], None] = lambda: None) -> None:
        super().__init__(lambda state, family: "tiny")
        self._made = (list(answers), committed)

    def session(self, *_arguments: object, **_settings: object) -> Any:
        return OwnSession(*self._made)


def wants(variant: str) -> Decision:
    return Decision(variant, None, True, "own", "SWAP_POLICY_RECOMMEND")


def test_a_session_that_asks_for_what_serves_can_swap_afterwards(bench: Any) -> None:
    engine = bench.running(policy=OwnPolicy(wants("full"), wants("full"), wants("full"), wants("tiny")))
    for _ in range(3):
        bench.poll(engine)
    assert bench.swapped() == ("full", "tiny")


def test_a_session_that_answers_nonsense_is_a_policy_that_fails(bench: Any) -> None:
    engine = bench.running(policy=OwnPolicy(wants("full"), None, "tiny"))
    assert engine.poll() is None
    assert engine.poll() is None
    assert engine.status().counters["policy_errors"] == 2
    assert engine.infer(0) == "full"


def test_a_session_that_fails_when_it_is_told_of_a_commit_breaks_nothing(bench: Any) -> None:
    def fail() -> None:
        raise RuntimeError("not now")

    engine = bench.running(policy=OwnPolicy(wants("full"), wants("tiny"), committed=fail))
    bench.poll(engine)
    assert bench.swapped() == ("full", "tiny")
    assert engine.status().counters["policy_errors"] == 2
