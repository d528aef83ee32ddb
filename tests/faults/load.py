"""Open-loop load: requests arrive when they do, whether the ones before are answered or not; lateness counts."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from edgeadapt.swapper.swapper import HotSwapper
from tests.faults.histogram import Histogram

Array = np.ndarray[Any, Any]


class PoissonLoad:
    """Threads with Poisson arrivals that check every answer bit for bit, whose it is, and the order of generations.

    `is_steady` says into which histogram an arrival goes; set it while nothing is loaded.
    """

    def __init__(
        self,
        swapper: HotSwapper,
        inputs: Sequence[Array],
        expected: Mapping[str, Sequence[Array]],
        *,
        threads: int,
        rate_hz: float,
        seed: int,
    ) -> None:
        self.is_steady = True
        self.problems: list[str] = []
        self._swapper = swapper
        self._inputs = inputs
        self._expected = expected
        self._rate_hz = rate_hz / threads
        self._over = threading.Event()
        self._lanes = [_Lane(seed + number) for number in range(threads)]
        self._threads = [
            threading.Thread(target=self._serve, args=(lane,), name="load", daemon=True)
            for lane in self._lanes
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    @property
    def arrived(self) -> int:
        return sum(lane.arrived for lane in self._lanes)

    @property
    def answered(self) -> int:
        return sum(lane.answered for lane in self._lanes)

    def latencies(self, is_steady: bool) -> Histogram:
        """Return the latencies from the scheduled arrival to the answer."""
        all_lanes = Histogram()
        for lane in self._lanes:
            all_lanes.merge(lane.steady if is_steady else lane.busy)
        return all_lanes

    def _serve(self, lane: _Lane) -> None:
        due = time.perf_counter()
        last = 0
        while not self._over.is_set():
            due += lane.random.expovariate(self._rate_hz)
            early = due - time.perf_counter()
            # Pacing: the arrivals are a schedule, and nothing is waited for.
            if early > 0 and self._over.wait(early):
                return
            histogram = lane.steady if self.is_steady else lane.busy
            lane.arrived += 1
            index = lane.arrived % len(self._inputs)
            try:
                if lane.arrived % 4:
                    answer, variant, generation = self._swapper.infer_detailed(self._inputs[index])
                else:
                    with self._swapper.lease() as lease:
                        answer = lease.infer(self._inputs[index])
                        variant, generation = lease.variant, lease.generation
            except Exception as error:  # noqa: BLE001 - whatever it is, a request was dropped
                self._complain(f"dropped: {error!r}")
                continue
            histogram.add(time.perf_counter() - due)
            lane.answered += 1
            if not np.array_equal(answer, self._expected[variant][index]):
                self._complain(f"wrong: another answer than `{variant}` gives, in generation {generation}")
            if generation < last:
                self._complain(f"wrong: generation {generation} after {last}")
            last = generation

    def _complain(self, problem: str) -> None:
        if len(self.problems) < 100:
            self.problems.append(problem)


class _Lane:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.arrived = 0
        self.answered = 0
        self.steady = Histogram()
        self.busy = Histogram()
