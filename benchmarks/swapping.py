"""Swaps one server to and fro between two variants under load, and records what a reader and a heartbeat met."""

from __future__ import annotations

import time

import attrs
from models import IMAGE
from readers import Heartbeat, Reader
from serving import Server

Span = tuple[float, float]
Samples = list[tuple[float, float]]


@attrs.frozen
class Load:
    """One load, from the request until the variant served."""

    variant: str
    start_s: float
    end_s: float


@attrs.frozen
class Record:
    """All times in seconds on one clock; samples are pairs of when and how long, or how late."""

    loads: tuple[Load, ...]
    steady: tuple[Span, ...]
    answers: tuple[tuple[float, float], ...]
    beats: tuple[tuple[float, float], ...]

    def spans(self, variant: str, end_early_s: float = 0.0) -> list[Span]:
        return [(load.start_s, load.end_s - end_early_s) for load in self.loads if load.variant == variant]


def within(samples: tuple[tuple[float, float], ...], spans: list[Span] | tuple[Span, ...]) -> list[float]:
    """Return the values of the samples that fall into one of the spans."""
    return [value for at, value in samples if any(start <= at < end for start, end in spans)]


def swapped(
    server: Server,
    variants: tuple[str, str],
    *,
    period_s: float,
    steady_s: float,
    loads_at_least: int,
    answers_at_least: int = 0,
) -> Record:
    """Go from the first variant to the second and back until there are enough loads of the second, and answers in them."""
    first, second = variants
    loads: list[Load] = []
    steady: list[Span] = []

    def load(variant: str) -> None:
        start = time.perf_counter()
        server.swap(variant)
        loads.append(Load(variant, start, time.perf_counter()))

    with Reader(server.infer, IMAGE, period_s) as reader, Heartbeat() as heartbeat:
        # Until the caches, the heap and the clock speed are what they will be.
        for variant in (second, first):
            server.swap(variant)
            reader.catch_up()
        done = answers = 0
        while done < loads_at_least or answers < answers_at_least:
            reader.catch_up()
            start = time.perf_counter()
            time.sleep(steady_s)
            steady.append((start, time.perf_counter()))
            before = len(reader.samples)
            load(second)
            done, answers = done + 1, answers + len(reader.samples) - before
            load(first)
        reader.catch_up()
    return Record(tuple(loads), tuple(steady), tuple(reader.samples), tuple(heartbeat.beats))
