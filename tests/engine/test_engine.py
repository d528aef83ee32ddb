from __future__ import annotations

import json
from typing import Any

import attrs
import pytest

from edgeadapt.engine import Engine
from edgeadapt.engine.inference_window import MINIMUM_CALLS
from edgeadapt.errors import NotServing
from edgeadapt.profiler.recorded import RecordedProfiler
from edgeadapt.profiler.trace import TraceRow
from edgeadapt.registry import ModelFamily
from edgeadapt.state import DeviceState


def test_it_serves_the_policys_choice(bench: Any) -> None:
    engine = bench.running(10)
    assert engine.active_variant == "tiny"
    assert engine.infer(object()) == "tiny"


def test_a_detailed_inference_says_who_answered(bench: Any) -> None:
    result = bench.running(50).infer_detailed(object())
    assert (result.outputs, result.variant, result.generation) == ("medium", "medium", 1)
    assert result.latency_ms >= 0


def test_a_lease_stays_on_its_generation_over_a_swap(bench: Any) -> None:
    engine = bench.running(50, 10)
    with engine.lease() as lease:
        bench.poll(engine)
        assert bench.swapped() == ("medium", "tiny")
        assert engine.infer(0) == "tiny"
        assert (lease.infer(0), lease.variant, lease.generation) == ("medium", "medium", 1)
        assert lease.backend is bench.loader.last("medium")
    with pytest.raises(NotServing):
        lease.infer(0)


def test_before_a_start_and_after_a_stop_nothing_serves(bench: Any) -> None:
    engine = bench.engine()
    for call in (lambda: engine.infer(0), lambda: engine.infer_detailed(0), engine.lease, engine.poll):
        with pytest.raises(NotServing, match="call `start"):
            call()
    with engine:
        assert engine.infer(0) == "medium"
    with pytest.raises(NotServing):
        engine.infer(0)
    assert engine.active_variant is None


def test_a_second_start_is_refused_and_serving_goes_on(bench: Any) -> None:
    engine = bench.running()
    with pytest.raises(RuntimeError, match="runs already"):
        engine.start()
    assert engine.infer(0) == "medium"


def test_a_second_stop_does_nothing(bench: Any) -> None:
    engine = bench.running()
    engine.stop()
    engine.stop()


def test_after_a_stop_it_starts_again_with_what_served(bench: Any) -> None:
    engine = bench.running(50, 10, 10)
    bench.poll(engine)
    bench.swapped()
    engine.stop()
    engine.start()
    assert engine.infer(0) == "tiny"


def test_an_error_of_the_model_comes_through(bench: Any) -> None:
    bench.loader.script("medium", infer_error=ValueError("a wrong shape"))
    engine = bench.running()
    with pytest.raises(ValueError, match="a wrong shape"):
        engine.infer(0)


def test_its_status_is_plain_data_that_json_holds(bench: Any) -> None:
    engine = bench.engine(50)
    assert not engine.status().running
    engine.start()
    status = json.loads(json.dumps(attrs.asdict(engine.status())))
    assert status["running"]
    assert (status["family"], status["policy"]) == ("digits", "by_battery")
    assert (status["active_variant"], status["generation"]) == ("medium", 1)
    assert status["decision"]["rule"] == "otherwise"
    assert status["phases"] == {"low": "idle", "high": "idle"}
    assert status["device_state"]["battery_pct"] == 50.0
    assert status["counters"]["policy_evals"] == 1
    engine.stop()
    status = json.loads(json.dumps(attrs.asdict(engine.status())))
    assert (status["running"], status["active_variant"], status["generation"]) == (False, None, 0)


BY_LATENCY = """
edition 1
policy by_latency {
  rule slow { when inference_latency is known use tiny }
  otherwise use medium
  guard { cooldown 0 s }
}
"""


def test_a_policy_sees_the_latency_of_the_active_variant_from_its_twentieth_call(bench: Any) -> None:
    engine = bench.running(50, policy=bench.policy(BY_LATENCY))
    for _ in range(MINIMUM_CALLS - 1):
        engine.infer(0)
    assert bench.poll(engine).target == "medium"
    engine.infer_detailed(0)
    assert bench.poll(engine).target == "tiny"
    bench.swapped()
    status = engine.status()
    assert status.device_state.inference_latency_ms > 0
    assert status.device_state.inference_rate_hz > 0
    # The new variant has served nothing yet.
    bench.poll(engine)
    assert engine.device_state.inference_latency_ms is None
    assert engine.status().calls == 0


def test_calls_on_a_lease_of_the_old_variant_do_not_count_for_the_new_one(bench: Any) -> None:
    engine = bench.running(50, 10)
    with engine.lease() as old:
        bench.poll(engine)
        bench.swapped()
        for _ in range(MINIMUM_CALLS):
            old.infer(0)
    bench.poll(engine)
    assert engine.status().calls == 0


BY_INPUT = """
edition 1
policy by_input {
  input light: number in 0 .. 100 stale after 15 s
  rule dark { when light < 10 use tiny }
  otherwise use medium
  guard { cooldown 0 s }
}
"""


def test_a_reported_input_is_decided_by_until_it_is_stale(bench: Any) -> None:
    engine = bench.running(50, 50, 50, 50, policy=bench.policy(BY_INPUT))
    engine.report(light=5)
    assert bench.poll(engine).target == "tiny"
    bench.poll(engine)
    assert bench.poll(engine).target == "medium"


def test_an_input_that_was_reported_before_the_start_counts_for_the_first_choice(bench: Any) -> None:
    engine = bench.engine(50, policy=bench.policy(BY_INPUT))
    engine.report(light=5)
    engine.start()
    assert engine.active_variant == "tiny"


@pytest.mark.parametrize("is_running", [False, True])
def test_an_unknown_input_is_refused_with_the_nearest_name(bench: Any, is_running: bool) -> None:
    engine = bench.engine(50, policy=bench.policy(BY_INPUT))
    if is_running:
        engine.start()
    with pytest.raises(ValueError, match="did you mean `light`"):
        engine.report(ligth=5)


def test_a_recordings_inputs_are_taken_where_the_policy_knows_them(bench: Any) -> None:
    state = DeviceState(50.0, None, None, None, None, None, None, 0.0)
    rows = [TraceRow(state, {"light": 50.0, "other": 1.0}), TraceRow(state, {"light": 5.0})]
    engine = bench.running(policy=bench.policy(BY_INPUT), profiler=RecordedProfiler(rows))
    assert engine.active_variant == "medium"
    assert bench.poll(engine).target == "tiny"


def test_values_out_of_range_are_counted(bench: Any) -> None:
    engine = bench.running(150, 50, policy=bench.policy(BY_INPUT))
    state = engine.device_state
    assert state is not None
    assert state.clamped == ("battery",)
    engine.report(light=500)
    bench.poll(engine)
    assert engine.status().counters["clamped_values"] == 2


@pytest.mark.parametrize("interval", [0, float("nan"), 1e10])
def test_an_interval_that_is_no_time_is_refused(bench: Any, interval: float) -> None:
    with pytest.raises(ValueError, match="poll_interval_sec"):
        bench.engine(poll_interval_sec=interval)


def test_an_initial_variant_that_the_family_lacks_is_refused(bench: Any) -> None:
    with pytest.raises(ValueError, match="did you mean `medium`"):
        bench.engine(initial_variant="mediun")


def test_what_is_no_family_is_refused() -> None:
    with pytest.raises(TypeError, match="`family` is a ModelFamily, not `str`"):
        Engine("digits", lambda state, family: "tiny")  # type: ignore[arg-type] - that is the test


@pytest.mark.parametrize(("path", "error"), [(3, TypeError), ("a\0b", ValueError), ("", ValueError)])
def test_a_state_file_that_is_no_path_is_refused_at_once(
    bench: Any, path: Any, error: type[Exception]
) -> None:
    with pytest.raises(error, match="`state_file`"):
        bench.engine(state_file=path)


@pytest.mark.parametrize(
    "wrong",
    [
        {"profiler": "cpu"},
        {"observability": []},
        {"loader": "onnx"},
        {"can_activate_variant": True},
        {"on_swap_start": "print"},
        {"on_swap_complete": 1},
        {"on_fallback": []},
    ],
    ids=str,
)
def test_an_argument_of_a_wrong_kind_is_told_by_its_name(bench: Any, wrong: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match=f"`{next(iter(wrong))}`"):
        bench.engine(**wrong)


def test_a_timeout_that_is_no_time_is_refused_and_serving_goes_on(bench: Any) -> None:
    engine = bench.running(50)
    for wait in (engine.stop, engine.poll):
        with pytest.raises(ValueError, match="`timeout_s` is a number of seconds from 0 on; got `-1`"):
            wait(-1)
    assert engine.infer(0) == "medium"
    assert engine.poll(float("inf")) is not None
    engine.stop(float("inf"))
    assert not engine.status().running


def test_a_family_without_variants_is_refused(bench: Any) -> None:
    with pytest.raises(ValueError, match="no variants"):
        Engine(ModelFamily("empty"), lambda state, family: "tiny")


def test_a_policy_that_does_not_fit_the_family_is_refused(bench: Any) -> None:
    text = "edition 1 policy p { otherwise use huge }"
    with pytest.raises(ValueError, match="huge"):
        bench.engine(policy=bench.policy(text))


def test_the_schedule_polls_without_being_asked(bench: Any) -> None:
    engine = bench.running(50, 10, poll_interval_sec=0.001)
    assert bench.swapped() == ("medium", "tiny")
    assert engine.infer(0) == "tiny"
