"""What `run` does: an engine, requests if there are any, and its events told as they occur, until something ends it."""

from __future__ import annotations

import json
import logging
import signal
import statistics
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise
from queue import Empty, SimpleQueue
from types import FrameType

import attrs

from edgeadapt.cli.arguments.policy import Given
from edgeadapt.cli.arguments.samples import Samples
from edgeadapt.cli.failure import GOOD, PROBLEMS, Misuse
from edgeadapt.cli.feeder import Feeder
from edgeadapt.cli.output.run_report import Summary, event_line
from edgeadapt.cli.output.terminal import say, tell
from edgeadapt.cli.output.words import ENGINES_GUARD
from edgeadapt.engine import Engine
from edgeadapt.observability import Event, ObservabilityCollector, ProfileTick
from edgeadapt.observability.sinks.decision_log import DecisionLog
from edgeadapt.policy import RulePolicy
from edgeadapt.profiler.recorded import RecordedProfiler

_STOP_S = 5.0
_FASTEST_POLL_S, _SLOWEST_POLL_S = 0.02, 1.0
# How long a swap that the last row asks for may still take.
_LAST_SWAP_S = 2.0


@attrs.frozen
class Plan:
    """What the command line asks for."""

    given: Given
    recorded: RecordedProfiler | None
    speed: float
    poll_s: float | None
    samples: Samples | None
    rate_hz: float
    duration_s: float | None
    reported: Mapping[str, str | None]
    initial: str | None
    state_file: str | None
    decision_log: str | None
    as_data: bool


def serve(plan: Plan) -> int:
    """Serve until the trace or the duration is over or the user ends it; 1 where requests failed."""
    # What the log would say is said below.
    logging.getLogger("edgeadapt").addHandler(logging.NullHandler())
    told = _Told()
    try:
        if plan.decision_log is not None:
            told.add_sink(DecisionLog(plan.decision_log))
        engine = Engine(
            plan.given.family,
            RulePolicy(plan.given.program),
            poll_interval_sec=_poll_s(plan),
            initial_variant=plan.initial,
            profiler=plan.recorded,
            observability=told,
            state_file=plan.state_file,
        )
        engine.report(**plan.reported)
    except ValueError as error:
        raise Misuse(str(error)) from None
    if plan.given.program.guard is None:
        tell("note", f"the policy has no `guard`, so the engine adds its own: {ENGINES_GUARD}")
    started = time.monotonic()
    feeder = Feeder(engine, plan.samples, plan.rate_hz) if plan.samples is not None else None
    with _ended_by_signals(told):
        try:
            engine.start()
            if feeder is not None:
                feeder.start()
            _follow(plan, engine, told, started)
            active = engine.active_variant
        finally:
            ended = time.monotonic()
            # Requests first, so that none finds nothing serving.
            if feeder is not None:
                feeder.stop(_STOP_S / 2)
            engine.stop(_STOP_S)
    told.close()
    _tell_rest(plan, told)
    return _sum_up(plan, told, feeder, active, ended - started)


class _Told(ObservabilityCollector):
    """Hands every event on to the thread that prints."""

    def __init__(self) -> None:
        super().__init__()
        # Its `put` may be called in a signal handler, which a plain Queue's may not. None ends the run.
        self.queue: SimpleQueue[Event | None] = SimpleQueue()
        self.origin_s: float | None = None

    def record(self, event: Event) -> None:
        """Keep an event and hand it on."""
        super().record(event)
        if not isinstance(event, ProfileTick):
            self.queue.put(event)


def _follow(plan: Plan, engine: Engine, told: _Told, started: float) -> None:
    """Print events until the run is over."""
    until = None if plan.duration_s is None else started + plan.duration_s
    interval = _poll_s(plan)
    last_row_at: float | None = None
    while True:
        now = time.monotonic()
        if until is not None and now >= until:
            return
        if plan.recorded is not None and plan.recorded.exhausted:
            last_row_at = last_row_at or now
            settled = now - last_row_at >= interval and engine.status().pending_variant is None
            if settled or now - last_row_at >= _LAST_SWAP_S:
                return
        try:
            event = told.queue.get(
                timeout=min(interval, max(0.0, until - now)) if until is not None else interval
            )
        except Empty:
            # Fed again and again, so that a constant never grows stale.
            engine.report(**plan.reported)
            continue
        if event is None:
            return
        _tell(plan, told, event)


def _tell_rest(plan: Plan, told: _Told) -> None:
    while True:
        try:
            event = told.queue.get_nowait()
        except Empty:
            return
        if event is not None:
            _tell(plan, told, event)


def _tell(plan: Plan, told: _Told, event: Event) -> None:
    if told.origin_s is None:
        # A trace has its own clock, which the user knows; a device's starts at some boot.
        told.origin_s = event.at_s if plan.recorded is None else 0.0
    line = json.dumps(event.as_dict()) if plan.as_data else event_line(event, told.origin_s)
    if line is not None:
        say(line)


def _sum_up(plan: Plan, told: _Told, feeder: Feeder | None, active: str | None, seconds: float) -> int:
    counters = told.counters()
    summary = Summary(
        seconds,
        active,
        0 if feeder is None else feeder.sent,
        {} if feeder is None else dict(feeder.served),
        {} if feeder is None else dict(feeder.failed),
        () if feeder is None else tuple(feeder.latencies_ms),
        counters["swaps_succeeded"],
        counters["swaps_failed"] + counters["swaps_timed_out"],
        counters["swaps_suppressed"],
    )
    if plan.as_data:
        say(json.dumps(summary.as_dict()))
    else:
        say()
        for line in summary.lines(fed=feeder is not None):
            say(line)
    return PROBLEMS if summary.failed else GOOD


def _poll_s(plan: Plan) -> float:
    """Return how often to poll: as often as a trace has rows, within reason; else once a second."""
    if plan.poll_s is not None:
        return plan.poll_s
    if plan.recorded is None:
        return _SLOWEST_POLL_S
    times = [row.state.timestamp for row in plan.recorded.trace.rows]
    gaps = [later - earlier for earlier, later in pairwise(times) if later > earlier]
    gap = statistics.median(gaps) / plan.speed if gaps else _SLOWEST_POLL_S
    return min(_SLOWEST_POLL_S, max(_FASTEST_POLL_S, gap))


@contextmanager
def _ended_by_signals(told: _Told) -> Iterator[None]:
    """Let SIGINT and SIGTERM end the run as a whole; the second one ends it at once."""
    asked = False

    def end(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True
        told.queue.put(None)

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
