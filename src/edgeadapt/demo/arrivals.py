"""Which image is asked for when: open-loop, so a slow answer delays no later question."""

from __future__ import annotations

import attrs
import numpy as np


@attrs.frozen
class Arrival:
    """One request: when it arrives, in seconds since the replay began, and the number of its image."""

    at_s: float
    image: int


def poisson_arrivals(rate_hz: float, duration_s: float, images: int, seed: int) -> tuple[Arrival, ...]:
    """Draw arrivals of a Poisson process; the same for the same arguments, and at least one.

    Images come in shuffled rounds of all of them, so that each is asked for equally often and a replay's accuracy
    is not a matter of luck.
    """
    rng = np.random.default_rng(seed)
    times: list[float] = []
    moment = float(rng.exponential(1 / rate_hz))
    while moment < duration_s:
        times.append(moment)
        moment += float(rng.exponential(1 / rate_hz))
    times = times or [duration_s / 2]
    rounds = -(-len(times) // images)
    order = np.concatenate([rng.permutation(images) for _ in range(rounds)])
    return tuple(Arrival(at_s, int(image)) for at_s, image in zip(times, order, strict=False))
