"""What a step of a policy costs, against the if-chain without memory that a person would write instead.

Claim: `session.step` of a five-rule policy with hysteresis, timers and a guard, from a Python `DeviceState`, takes at most
1.5 times the if-chain.

    python benchmarks/step_speed.py
"""

from __future__ import annotations

import sys
import timeit
from collections.abc import Callable

from policy_speed import FAMILY, PROGRAM

from edgeadapt.runtime import Session
from edgeadapt.runtime.native import NativeSession
from edgeadapt.state import DeviceState

LIMIT = 1.5
ROUNDS = 15
STATE = DeviceState(55.0, False, 45.0, 3000.0, 30.0, None, "good", 1.0)


def if_chain(state: DeviceState) -> str:
    """Decide by the same thresholds, with no memory of any kind."""
    if state.thermal_zone_c is not None and state.thermal_zone_c >= 75:
        return "tiny"
    if state.battery_pct is not None and state.battery_pct < 20 and not state.is_charging:
        return "tiny"
    if state.available_ram_mb is not None and state.available_ram_mb < 512:
        return "tiny"
    if state.cpu_utilization_pct is not None and state.cpu_utilization_pct > 85:
        return "tiny"
    if state.is_charging and state.cpu_utilization_pct is not None and state.cpu_utilization_pct < 60:
        return "full"
    return "medium"


def measured(functions: dict[str, Callable[[DeviceState], object]], count: int) -> dict[str, float]:
    """Measure in turns, in ns a call; the lowest round counts, since other work only adds."""
    rounds: dict[str, list[float]] = {name: [] for name in functions}
    for _ in range(ROUNDS):
        for name, function in functions.items():
            seconds = timeit.timeit("f(s)", globals={"f": function, "s": STATE}, number=count)
            rounds[name].append(seconds / count * 1e9)
    return {name: min(values) for name, values in rounds.items()}


def main() -> int:
    native, reference = NativeSession(PROGRAM, FAMILY), Session(PROGRAM, FAMILY)
    fast = measured({"if-chain, no memory": if_chain, "session.step": native.step}, 100_000)
    slow = measured({"reference evaluator": reference.step}, 300)
    chain = fast["if-chain, no memory"]
    for name, value in {**fast, **slow}.items():
        print(f"  {name:22} {value:9.0f} ns   {value / chain:7.2f} x")
    ratio = fast["session.step"] / chain
    print(f"session.step / if-chain: {ratio:.2f} (at most {LIMIT})")
    return 0 if ratio <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
