"""One replay of the arrivals: each answered in order by one thread, at its own time or as soon after as it can be."""

from __future__ import annotations

import contextlib
import gc
import math
import time
from collections.abc import Callable, Iterator, Sequence

import attrs
import numpy as np

from edgeadapt.demo.accounting import Request
from edgeadapt.demo.arrivals import Arrival
from edgeadapt.demo.digits import Answers, HeldOut, Pixels, Scores
from edgeadapt.demo.play_clock import PlayClock

# Answers an image: who did, and the scores.
Answer = Callable[[Pixels], tuple[str, Scores]]
# After the last arrival, a backlog is worked off this long; what is left then was never answered.
GRACE_S = 0.5


class Replay:
    """Plays arrivals against a way to answer; `own` are the answers to hold the given ones against."""

    def __init__(self, arrivals: Sequence[Arrival], held_out: HeldOut, own: Answers, play_s: float) -> None:
        self._arrivals = arrivals
        self._held_out = held_out
        self._own = own
        self._play_s = play_s

    def play(
        self,
        answer: Answer,
        clock: PlayClock,
        tick: Callable[[float], None] = lambda _: None,
        skip_after_s: float = math.inf,
    ) -> tuple[Request, ...]:
        """Start the clock and ask for every image at its time; return the requests in order once the day is over.

        With `skip_after_s`, a request that has waited longer is not begun any more. `tick` is told the replay's second
        after each. No answer is held against the expected one while the clock runs: that would be the demo's own work.
        """
        with _own_objects_at_rest():
            given = self._ask(answer, clock, tick, skip_after_s)
        return tuple(map(self._request, self._arrivals, given))

    def _ask(
        self, answer: Answer, clock: PlayClock, tick: Callable[[float], None], skip_after_s: float
    ) -> list[_Given | None]:
        clock.start()
        given: list[_Given | None] = []
        for arrival in self._arrivals:
            now = clock()
            if now < arrival.at_s:
                time.sleep(arrival.at_s - now)
            elif now > arrival.at_s + skip_after_s or now > self._play_s + GRACE_S:
                given.append(None)
                continue
            pixels = self._held_out.images[arrival.image]
            variant, scores, error = "", None, ""
            cpu_before = time.thread_time()
            try:
                variant, scores = answer(pixels)
            except Exception as raised:  # noqa: BLE001 - whatever a request raises is a dropped request, and is shown
                error = f"{type(raised).__name__}: {raised}"
            cpu_s = time.thread_time() - cpu_before
            at_s = clock()
            given.append(_Given(variant, scores, at_s, cpu_s, error))
            tick(at_s)
        time.sleep(max(0.0, self._play_s - clock()))
        return given

    def _request(self, arrival: Arrival, given: _Given | None) -> Request:
        if given is None:
            return Request(arrival.image, arrival.at_s, error="it was not begun in time")
        if given.scores is None:
            return Request(arrival.image, arrival.at_s, cpu_s=given.cpu_s, error=given.error)
        return Request(
            image=arrival.image,
            arrived_s=arrival.at_s,
            answered_s=given.at_s,
            variant=given.variant,
            same=bool(np.array_equal(given.scores, self._own[given.variant][arrival.image])),
            right=int(np.argmax(given.scores)) == int(self._held_out.labels[arrival.image]),
            cpu_s=given.cpu_s,
        )


@contextlib.contextmanager
def _own_objects_at_rest() -> Iterator[None]:
    """Keep the garbage collector from what exists already.

    The demo holds thousands of expected answers, as no service does. To look through them takes hundredths of a
    second, and on a busy processor tenths.
    """
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


@attrs.frozen(eq=False)
class _Given:
    """What came back for one arrival, and when; `scores` is None where something was raised instead."""

    variant: str
    scores: Scores | None
    at_s: float
    cpu_s: float
    error: str
