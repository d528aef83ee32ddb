"""Batches decide what single steps decide: a trace of one device, and a fleet, whatever the number of threads."""

from __future__ import annotations

import numpy as np
import pytest

from edgeadapt.language import compile_text
from edgeadapt.program import Program
from edgeadapt.registry.family import ModelFamily, VariantMetadata
from edgeadapt.runtime.batch import Fleet, columns_of, run_trace
from edgeadapt.runtime.native import NativeSession
from edgeadapt.state import DeviceState

POLICY = """edition 1
policy five {
  input light: number
  rule hot { when temperature >= 75 °C until temperature < 68 °C urgent use lowest power then highest accuracy }
  rule saver { when battery < 20% and not charging until battery >= 30% or charging for 3 s hold 9 s use tiny }
  rule tight { when memory_available < 512 MB band 128 MB linger 2 s cooldown 4 s use lowest memory }
  rule dark { when light < 10 for 2 s use highest accuracy where memory <= 10% * memory_available else tiny }
  rule fine { when network >= good use full }
  otherwise use medium
  guard { cooldown 5 s at most 3 swaps per 30 s }
}"""
STEPS = 3000
WORDS = ("offline", "poor", "fair", "good", "excellent")


@pytest.fixture(scope="module")
def family() -> ModelFamily:
    made = ModelFamily("f")
    for name, accuracy, memory, power in (
        ("tiny", 0.8, 10.0, "low"),
        ("medium", 0.9, 50.0, "medium"),
        ("full", 0.99, 90.0, "high"),
    ):
        made.add_variant(
            name,
            name,
            metadata=VariantMetadata(
                accuracy_score=accuracy, memory_footprint_mb=memory, power_draw_estimate=power
            ),
        )
    return made


@pytest.fixture(scope="module")
def program(family: ModelFamily) -> Program:
    return compile_text(POLICY, family=family)


def random_columns(seed: int, shape: tuple[int, ...]) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    columns = {
        "battery": rng.choice([10.0, 19.0, 20.0, 30.0, 50.0, np.nan], shape),
        "charging": rng.choice([0.0, 0.0, 1.0, np.nan], shape),
        "memory_available": rng.choice([100.0, 511.0, 512.0, 640.0, 4000.0], shape),
        "network": rng.choice([0.0, 1.0, 2.0, 3.0, 4.0, np.nan], shape),
        "temperature": rng.choice([20.0, 67.0, 68.0, 75.0, np.nan], shape),
        "light": rng.choice([5.0, 10.0, 500.0, np.nan], shape),
    }
    # Values that stay a while, so that timers run out.
    stay = rng.random(shape) < 0.8
    for column in columns.values():
        for row in range(1, shape[0]):
            column[row] = np.where(stay[row], column[row - 1], column[row])
    return columns


def seconds(steps: int) -> np.ndarray:
    times = np.cumsum(np.random.default_rng(1).choice([0.5, 1.0, 1.5, -0.5], steps))
    assert isinstance(times, np.ndarray)
    return times


def state(columns: dict[str, np.ndarray], at: int | tuple[int, int], timestamp: float) -> DeviceState:
    def value(name: str) -> float | None:
        found = float(columns[name][at])
        return None if np.isnan(found) else found

    charging, network = value("charging"), value("network")
    return DeviceState(
        value("battery"),
        None if charging is None else bool(charging),
        value("temperature"),
        value("memory_available"),
        0.0,
        None,
        None if network is None else WORDS[int(network)],
        timestamp,
    )


def stepwise(
    session: NativeSession, columns: dict[str, np.ndarray], times: np.ndarray, device: int | None = None
) -> list[tuple[str | None, str | None, str, str]]:
    found = []
    for index, timestamp in enumerate(times):
        at = index if device is None else (index, device)
        light = float(columns["light"][at])
        decision = session.step(
            state(columns, at, float(timestamp)), {"light": None if np.isnan(light) else light}
        )
        found.append((decision.target, decision.active, decision.rule, decision.reason))
    return found


def spelled(decisions: object, device: int | None = None) -> list[tuple[str | None, str | None, str, str]]:
    rows = [
        getattr(decisions, name) if device is None else getattr(decisions, name)[:, device]
        for name in ("target", "active", "rule", "reason")
    ]
    variants, rules, reasons = (getattr(decisions, name) for name in ("variants", "rules", "reasons"))
    return [
        (None if t < 0 else variants[t], None if a < 0 else variants[a], rules[r], reasons[why])
        for t, a, r, why in zip(*rows, strict=True)
    ]


def test_a_trace_decides_what_its_steps_decide(program: Program, family: ModelFamily) -> None:
    columns, times = random_columns(3, (STEPS,)), seconds(STEPS)
    batch, single = NativeSession(program, family), NativeSession(program, family)
    # In two parts of which neither is whole blocks: the memory goes on from one to the other.
    parts = [
        run_trace(batch, {name: c[part] for name, c in columns.items()}, times[part])
        for part in (slice(0, 700), slice(700, None))
    ]
    assert spelled(parts[0]) + spelled(parts[1]) == stepwise(single, columns, times)
    assert batch.snapshot() == single.snapshot()
    assert batch.clock_steps_back == single.clock_steps_back > 0
    assert {reason for part in parts for *_, reason in spelled(part)} >= {
        "SWAP_SUPPRESSED_RATE",
        "SWAP_SUPPRESSED_COOLDOWN",
    }


@pytest.mark.parametrize("threads", [1, 3])
def test_a_fleet_decides_what_each_device_decides_alone(
    program: Program, family: ModelFamily, threads: int
) -> None:
    devices, steps = 1100, 120
    columns, times = random_columns(4, (steps, devices)), seconds(steps)
    fleet = Fleet(program, family, devices)
    halves = [
        fleet.run({n: c[part] for n, c in columns.items()}, times[part], threads=threads)
        for part in (slice(0, 50), slice(50, None))
    ]
    for device in (0, 511, 512, 1099):
        alone = stepwise(NativeSession(program, family), columns, times, device)
        assert spelled(halves[0], device) + spelled(halves[1], device) == alone


def test_a_column_left_out_is_unknown(program: Program, family: ModelFamily) -> None:
    found = run_trace(NativeSession(program, family), {"memory_available": [4000.0, 4000.0]}, [0.0, 1.0])
    assert spelled(found)[1] == ("medium", "medium", "otherwise", "UNCHANGED")


def test_wrong_columns_are_refused(program: Program, family: ModelFamily) -> None:
    session = NativeSession(program, family)
    with pytest.raises(ValueError, match="did you mean `battery`"):
        run_trace(session, {"batery": [1.0]}, [0.0])
    with pytest.raises(ValueError, match="has shape"):
        run_trace(session, {"battery": [1.0, 2.0]}, [0.0])
    with pytest.raises(ValueError, match="timestamp"):
        run_trace(session, {}, [float("nan")])
    with pytest.raises(ValueError, match="at least one device"):
        Fleet(program, family, 0)


def test_columns_are_signals_then_inputs(program: Program) -> None:
    assert columns_of(program) == (*program.signals, "light")
