"""Threads that infer throughout a scenario and check every answer: whose it is, bit for bit, and in which order."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from edgeadapt.errors import NotServing
from edgeadapt.swapper.swapper import HotSwapper
from tests.faults.points import WAIT_S

Array = np.ndarray[Any, Any]
Served = tuple[int, str]


class Readers:
    """One thread for each way to be answered: with its generation, over a lease, and plainly.

    `expected` gives each variant's answers to `inputs`. `problems` collects what broke a promise, `served` the
    generations seen with their variants.
    """

    def __init__(
        self, swapper: HotSwapper, inputs: Sequence[Array], expected: Mapping[str, Sequence[Array]]
    ) -> None:
        self.problems: list[str] = []
        self.served: set[Served] = set()
        self.threads: set[int] = set()
        self._swapper = swapper
        self._inputs = inputs
        self._expected = expected
        self._answered = [0, 0, 0]
        self._more = threading.Condition()
        self._may_end = threading.Event()
        self._is_over = threading.Event()
        self._running = [
            threading.Thread(target=self._serve, args=(number, ask), name=f"reader-{number}", daemon=True)
            for number, ask in enumerate((self._detailed, self._leased, self._plain))
        ]

    def start(self) -> None:
        for thread in self._running:
            thread.start()

    def expect_the_end(self) -> None:
        """Take NotServing from now on for the answer of a swapper that is being closed."""
        self._may_end.set()

    def end(self) -> None:
        self._is_over.set()
        for thread in self._running:
            thread.join(WAIT_S)
            if thread.is_alive():
                self.problems.append(f"{thread.name} got no answer")

    def progress(self, answers: int = 20) -> None:
        """Wait until each of the readers was answered that often again."""
        with self._more:
            wanted = [count + answers for count in self._answered]

            def is_there() -> bool:
                return bool(self.problems) or all(
                    count >= want for count, want in zip(self._answered, wanted, strict=True)
                )

            assert self._more.wait_for(is_there, WAIT_S), "the readers are not answered any more"
        assert self.problems == []

    def await_variant(self, variant: str) -> None:
        """Wait until a reader was answered by the variant."""
        while not any(name == variant for _, name in list(self.served)):
            self.progress(1)

    @property
    def answers(self) -> int:
        return sum(self._answered)

    def _serve(self, number: int, ask: Callable[[Array], tuple[Array, int, str]]) -> None:
        self.threads.add(threading.get_native_id())
        last = 0
        for turn in itertools.count(number):
            if self._is_over.is_set():
                return
            index = turn % len(self._inputs)
            try:
                answer, generation, variant = ask(self._inputs[index])
            except NotServing as error:
                if not self._may_end.is_set():
                    self._complain(f"reader {number}: {error!r}")
                return
            except Exception as error:  # noqa: BLE001 - whatever it is, it is no answer
                self._complain(f"reader {number}: {error!r}")
                return
            if not variant:
                if not any(np.array_equal(answer, known[index]) for known in self._expected.values()):
                    self._complain("an answer that no variant gives")
            elif not np.array_equal(answer, self._expected[variant][index]):
                self._complain(f"another answer than `{variant}` gives, in generation {generation}")
            if generation and generation < last:
                self._complain(f"generation {generation} after {last}")
            last = generation or last
            if variant and (generation, variant) not in self.served:
                self.served.add((generation, variant))
            with self._more:
                self._answered[number] += 1
                self._more.notify_all()

    def _complain(self, problem: str) -> None:
        with self._more:
            self.problems.append(problem)
            self._more.notify_all()

    def _detailed(self, array: Array) -> tuple[Array, int, str]:
        answer, variant, generation = self._swapper.infer_detailed(array)
        return answer, generation, variant

    def _leased(self, array: Array) -> tuple[Array, int, str]:
        with self._swapper.lease() as lease:
            first = lease.infer(array)
            answer = lease.infer(array)
            if not np.array_equal(first, answer):
                self._complain(f"two answers under one lease on `{lease.variant}`")
            return answer, lease.generation, lease.variant

    def _plain(self, array: Array) -> tuple[Array, int, str]:
        return self._swapper.infer(array), 0, ""
