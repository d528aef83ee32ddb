"""Whatever comes of the loads, the policy knows what serves, and every request is counted once."""

from __future__ import annotations

import random
import time
from itertools import pairwise
from typing import Any

import pytest

PATIENCE_S = 30.0


class Unsteady:
    """A loader whose loads take no time, a moment, or fail."""

    def __init__(self, loader: Any, chance: random.Random) -> None:
        self._loader = loader
        self._chance = chance

    def __call__(self, variant: str) -> Any:
        luck = self._chance.random()
        self._loader.script(variant, load_error=OSError("bad luck") if luck < 0.2 else None)
        if luck > 0.6:
            # It is the load that takes its time here, and nothing that waits for it.
            time.sleep(luck / 500)
        return self._loader(variant)


@pytest.mark.parametrize("seed", range(4))
def test_the_policy_always_learns_what_serves(bench: Any, seed: int) -> None:
    chance = random.Random(seed)
    percents = [50.0, *(chance.choice([5.0, 50.0, 90.0]) for _ in range(300))]
    engine = bench.running(*percents, loader=Unsteady(bench.loader, chance), initial_variant="medium")
    for _ in range(300):
        bench.poll(engine)
        assert engine.infer(0) in bench.family.names
    until = time.monotonic() + PATIENCE_S
    while True:
        # Each poll comes after the events that were posted before it; what fails is in quarantine in the end.
        decision = bench.poll(engine)
        if engine.status().pending_variant is None and not decision.swap:
            break
        assert time.monotonic() < until
    assert decision.active == engine.active_variant
    counters = engine.status().counters
    ends = ("succeeded", "failed", "superseded", "cancelled", "timed_out")
    assert counters["swaps_attempted"] == sum(counters[f"swaps_{end}"] for end in ends)
    assert counters["swaps_attempted"] > 20
    history = [
        event.variant
        for event in engine.observability.events("swap_stage.v1")
        if event.code == "SWAP_COMMITTED"
    ]
    assert all(before != after for before, after in pairwise(history))
