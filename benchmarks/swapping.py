"""Swaps one server to and fro between two variants under load, and records what a reader and a heartbeat met."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterable

import attrs
from models import IMAGE
from readers import Heartbeat, Reader
from serving import Server

# Requests from just before the commit on may meet the new model, whose own time is another.
EDGE_S = 0.003


@attrs.frozen
class Span:
    """A stretch of time in which a variant was loaded, or served undisturbed."""

    variant: str
    start_s: float
    end_s: float


@attrs.frozen
class Record:
    """All times in seconds on one clock; answers and beats are pairs of when one was due, and how much later it was."""

    loads: tuple[Span, ...]
    served: tuple[Span, ...]
    answers: tuple[tuple[float, float], ...]
    beats: tuple[tuple[float, float], ...]

    def steady_ms(self, variant: str) -> list[float]:
        """Return the time of each answer that was due while the variant served undisturbed."""
        return within(self.answers, spans(self.served, variant))

    def loading_ms(self, variant: str) -> list[float]:
        """Return the time of each answer that was due while the variant was loaded, whoever gave it."""
        return within(self.answers, spans(self.loads, variant, early_s=EDGE_S))


def spans(
    of: Iterable[Span], variant: str, early_s: float = 0.0, first_s: float = float("inf")
) -> list[tuple[float, float]]:
    """Return a variant's spans; cut `early_s` off their ends, and what is after their `first_s`."""
    return [
        (span.start_s, min(span.end_s - early_s, span.start_s + first_s))
        for span in of
        if span.variant == variant
    ]


def within(samples: Iterable[tuple[float, float]], parts: Iterable[tuple[float, float]]) -> list[float]:
    """Return, in ms, the values of the samples that fall into one of the parts."""
    parts = list(parts)
    return [1e3 * value for at, value in samples if any(start <= at < end for start, end in parts)]


def swapped(
    server: Server,
    variants: tuple[str, str],
    *,
    period_s: float,
    serve_s: tuple[float, float],
    loads_at_least: int,
    answers_at_least: int = 0,
) -> Record:
    """Go from the first variant to the second and back until there are enough loads of the second, and answers in them.

    Each variant serves for its `serve_s` in between.
    """
    loads: list[Span] = []
    served: list[Span] = []

    def load(variant: str) -> None:
        start = time.perf_counter()
        loads.append(Span(variant, start, server.swap(variant)))

    def serve(variant: str, seconds: float) -> None:
        start = time.perf_counter()
        time.sleep(seconds)
        served.append(Span(variant, start, time.perf_counter()))

    # What the benchmark imports would else hold up every thread for 15 ms each time Python's collector looks at all of it.
    gc.collect()
    gc.freeze()
    first, second = variants
    with Reader(server.infer, IMAGE, period_s) as reader, Heartbeat() as heartbeat:
        # Until the caches, the heap and the clock speed are what they will be.
        for variant in (second, first):
            server.swap(variant)
            reader.catch_up()
        done = answers = 0
        while done < loads_at_least or answers < answers_at_least:
            # What queued up during the loads before belongs to them.
            reader.catch_up()
            serve(first, serve_s[0])
            before = len(reader.samples)
            load(second)
            done, answers = done + 1, answers + len(reader.samples) - before
            serve(second, serve_s[1])
            load(first)
        reader.catch_up()
    return Record(tuple(loads), tuple(served), tuple(reader.samples), tuple(heartbeat.beats))
