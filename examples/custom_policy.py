"""Write a policy in Python: a function, or a class that knows which swaps there were; and guard it against haste.

    python examples/custom_policy.py

Each policy is played through a recorded day without a model, then one of them serves.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np

import edgeadapt as ea
from edgeadapt.profiler.recorded import Trace

ROOT = Path(__file__).resolve().parents[1]


def by_heat(state: ea.DeviceState, family: ea.ModelFamily) -> str:
    """Choose by temperature alone; what can't be measured is None, and a policy says what that means."""
    is_hot = state.thermal_zone_c is not None and state.thermal_zone_c >= 44
    return family.names[1 if is_hot else 2]  # in the file's order, the lightest first


class Budget(ea.BasePolicy):
    """The most accurate variant that fits a share of the available memory; a lighter one after many swaps."""

    def __init__(self, share: float) -> None:
        """Take the share of the available memory that a model may have, 0 to 1."""
        self.share = share

    def select(self, state: ea.DeviceState, family: ea.ModelFamily, history: ea.SwapHistory) -> str:
        """Choose among the variants that are available now, which `family` holds."""
        room_mb = (state.available_ram_mb or 0) * self.share
        if history.swaps_within(3600, state.timestamp) >= 4:
            room_mb /= 2  # it came and went: leave some room
        fitting = [variant for variant in family if (variant.metadata.memory_footprint_mb or 0) <= room_mb]
        best = max(fitting, key=lambda variant: variant.metadata.accuracy_score or 0, default=None)
        return family.names[0] if best is None else best.name


def main() -> None:
    """Compare the policies over a day, then serve."""
    family = ea.ModelFamily.from_yaml(ROOT / "examples/pixels.yaml")
    day = ea.read_trace(ROOT / "policies/traces/day.csv")
    heat = ea.LambdaPolicy(by_heat)
    policies = {
        "by heat": heat,
        "by heat, guarded": ea.StabilityGuard(heat, cooldown_sec=900),
        "by budget": Budget(0.008),
        "by budget, guarded": ea.StabilityGuard(Budget(0.008), cooldown_sec=600, hysteresis=0.1),
    }
    print(f"{'a day of':<20} {'swaps':>5}   minutes by variant")
    for name, policy in policies.items():
        swaps, minutes = played(policy, family, day)
        print(f"{name:<20} {swaps:>5}   {', '.join(f'{each} {count}' for each, count in minutes.items())}")

    # An engine puts a guard with its defaults around a policy that has none.
    with ea.Engine(family, policies["by budget, guarded"]) as engine:
        scores = engine.infer(np.zeros((8, 8), np.uint8))
        print(f"\nhere and now {engine.active_variant} serves, by policy {engine.status().policy}")
        print(f"an empty image is most like a {scores.argmax()}")


def played(policy: ea.BasePolicy, family: ea.ModelFamily, day: Trace) -> tuple[int, Counter[str]]:
    """Step through a trace; a session commits its own swaps unless it is told not to."""
    session = policy.session(family)
    swaps, minutes = 0, Counter[str]()
    for row in day.rows:
        decision = session.step(row.state)
        swaps += decision.swap
        minutes[decision.active or "none"] += 1
    return swaps, minutes


if __name__ == "__main__":
    main()
