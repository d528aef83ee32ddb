"""What a step of a policy costs, against the if-chain without memory that a person would write instead.

Claim: `session.step` of a five-rule policy with hysteresis, timers and a guard, from a Python `DeviceState`, takes at most
1.5 times the if-chain. Other rule engines stand beside it for show, where they are installed.

    pip install 'edgeadapt[benchmarks]'
    python benchmarks/step_speed.py
"""

from __future__ import annotations

import itertools
import sys
import timeit
from collections.abc import Callable

from other_engines import INSTALL, Engine, facts, installed
from policy_speed import FAMILY, PROGRAM

from edgeadapt.language import compile_text
from edgeadapt.runtime import Session
from edgeadapt.runtime.native import NativeSession
from edgeadapt.state import DeviceState

LIMIT = 1.5
ROUNDS = 15
STATE = DeviceState(55.0, False, 45.0, 3000.0, 30.0, None, "good", 1.0)

# The five conditions alone: what the if-chain and the other engines can say.
WITHOUT_MEMORY = compile_text(
    """edition 1

policy five_rules_without_memory {
  rule hot { when temperature >= 75 °C use tiny }
  rule saver { when battery < 20% and not charging use tiny }
  rule tight { when memory_available < 512 MB use tiny }
  rule busy { when cpu > 85% use tiny }
  rule plugged_in { when charging and cpu < 60% use full }
  otherwise use medium
}
""",
    family=FAMILY,
)


def if_chain(state: DeviceState) -> str:
    """Decide by the same thresholds, with no memory of any kind."""
    if state.thermal_zone_c is not None and state.thermal_zone_c >= 75:
        return "tiny"
    if state.battery_pct is not None and state.battery_pct < 20 and state.is_charging is False:
        return "tiny"
    if state.available_ram_mb is not None and state.available_ram_mb < 512:
        return "tiny"
    if state.cpu_utilization_pct is not None and state.cpu_utilization_pct > 85:
        return "tiny"
    if state.is_charging and state.cpu_utilization_pct is not None and state.cpu_utilization_pct < 60:
        return "full"
    return "medium"


def around_the_thresholds() -> list[DeviceState]:
    """Return a state for each way to stand at, beside or without what the conditions ask for."""
    values = itertools.product(
        (None, 19.0, 20.0), (None, False, True), (None, 74.0, 75.0), (511.0, 512.0), (59.0, 60.0, 85.0, 86.0)
    )
    return [DeviceState(*five, None, None, float(second)) for second, five in enumerate(values)]


def disagreements(engines: list[Engine]) -> list[str]:
    """Return a line for each answer that is not the if-chain's."""
    session = NativeSession(WITHOUT_MEMORY, FAMILY)
    found = []
    for state in around_the_thresholds():
        answers: dict[str, object] = {"session.step": session.step(state).target}
        answers.update({engine.name: engine.decide(engine.prepare(facts(state))) for engine in engines})
        expected = if_chain(state)
        found += [
            f"{name} says {answer}, the if-chain {expected}: {facts(state)}"
            for name, answer in answers.items()
            if answer != expected
        ]
    return found


def measured(calls: dict[str, tuple[Callable[..., object], object]], count: int) -> dict[str, float]:
    """Measure in turns, in ns a call; the lowest round counts, since other work only adds."""
    rounds: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(ROUNDS):
        for name, (function, given) in calls.items():
            seconds = timeit.timeit("f(s)", globals={"f": function, "s": given}, number=count)
            rounds[name].append(seconds / count * 1e9)
    return {name: min(values) for name, values in rounds.items()}


def main() -> int:
    engines, missing = installed()
    if wrong := disagreements(engines):
        print("\n".join(wrong[:10]))
        return 1
    native, reference = NativeSession(PROGRAM, FAMILY), Session(PROGRAM, FAMILY)
    bare = NativeSession(WITHOUT_MEMORY, FAMILY)
    fast = measured(
        {
            "if-chain": (if_chain, STATE),
            "session.step": (native.step, STATE),
            "session.step, without memory": (bare.step, STATE),
        },
        100_000,
    )
    others = {engine.name: (engine.decide, engine.prepare(facts(STATE))) for engine in engines}
    slow = measured({"reference evaluator": (reference.step, STATE), **others}, 300)
    chain = fast["if-chain"]
    for name, value in {**fast, **slow}.items():
        print(f"  {name:28} {value:9.0f} ns   {value / chain:7.2f} x")
    print(
        "session.step and the reference have hysteresis, timers and a guard; all others only the five conditions:"
    )
    print(
        f"they have no memory, and answer the same on {len(around_the_thresholds())} states around the thresholds"
    )
    if missing:
        print(f"not installed, so not shown: {', '.join(missing)} ({INSTALL})")
    ratio = fast["session.step"] / chain
    print(f"session.step / if-chain: {ratio:.2f} (at most {LIMIT})")
    return 0 if ratio <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
