"""What `run` does: an engine, requests if there are any, and its events told as they occur, until something ends it."""

from __future__ import annotations

import json
import logging
import statistics
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise
from queue import Empty

import attrs

from edgeadapt.cli.arguments.policy import Given
from edgeadapt.cli.arguments.policy_text import STDIN
from edgeadapt.cli.arguments.samples import Samples
from edgeadapt.cli.arguments.values import assignments
from edgeadapt.cli.failure import GOOD, PROBLEMS, Misuse
from edgeadapt.cli.feeder import Feeder
from edgeadapt.cli.output.run_report import Summary, event_line
from edgeadapt.cli.output.terminal import printable, say, tell
from edgeadapt.cli.output.words import ENGINES_GUARD
from edgeadapt.cli.run_notes import Note, Told
from edgeadapt.cli.run_signals import apart, heard
from edgeadapt.engine import Engine
from edgeadapt.engine.control import ControlSocket
from edgeadapt.errors import ControlSocketError, EdgeAdaptError
from edgeadapt.observability import EngineStarted, Event
from edgeadapt.observability.sinks.decision_log import DecisionLog
from edgeadapt.policy import RulePolicy
from edgeadapt.profiler.recorded import RecordedProfiler
from edgeadapt.program.compiled import is_compiled_file
from edgeadapt.wording import in_words

# What is under way may end in these: less than the ten seconds that a container is given in all.
_FEEDER_STOP_S, _STOP_S, _SINKS_STOP_S = 2.0, 4.0, 2.0
_FASTEST_POLL_S, _SLOWEST_POLL_S = 0.02, 1.0
# How long a swap that the last row asks for may still take.
_LAST_SWAP_S = 2.0


@attrs.frozen
class Plan:
    """What the command line asks for."""

    given: Given
    policy_path: str
    params: tuple[str, ...]
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
    control: str | None
    """Where orders are taken; empty for the usual place, None: nowhere."""
    watch: bool
    as_data: bool


def serve(plan: Plan) -> int:
    """Serve until the trace or the duration is over or the user ends it; 1 where requests failed."""
    # What the log would say is said below.
    logging.getLogger("edgeadapt").addHandler(logging.NullHandler())
    told = Told()
    engine = _engine(plan, told)
    if plan.given.program.guard is None:
        tell("note", f"the policy has no `guard`, so the engine adds its own: {ENGINES_GUARD}")
    feeder: Feeder | None = None
    started = time.monotonic()
    with (
        heard(lambda: told.queue.put(Note.END), lambda: told.queue.put(Note.RELOAD)),
        _controlled(plan, engine),
    ):
        starting = apart(engine.start)
        starting.add_done_callback(lambda _: told.queue.put(Note.STARTED))
        try:
            if _follow_start(plan, engine, told):
                starting.result()
                if plan.samples is not None:
                    feeder = Feeder(engine, plan.samples, plan.rate_hz)
                    feeder.start()
                _follow(plan, engine, told, started)
            active = engine.active_variant
        finally:
            ended = time.monotonic()
            # Requests first, so that none finds nothing serving.
            if feeder is not None:
                feeder.stop(_FEEDER_STOP_S)
            apart(lambda: engine.stop(_STOP_S)).result()
        told.close(_SINKS_STOP_S)
    _tell_rest(plan, told)
    return _sum_up(plan, told, feeder, active, ended - started)


def _engine(plan: Plan, told: Told) -> Engine:
    try:
        if plan.decision_log is not None:
            told.add_sink(DecisionLog(plan.decision_log))
        engine = Engine(
            plan.given.family,
            _policy(plan),
            poll_interval_sec=_poll_s(plan),
            initial_variant=plan.initial,
            profiler=plan.recorded,
            observability=told,
            state_file=plan.state_file,
            watch=plan.watch,
        )
        engine.report(**plan.reported)
    except ValueError as error:
        raise Misuse(str(error)) from None
    except ImportError:
        raise Misuse("--watch needs watchfiles", "install `edgeadapt[watch]`") from None
    return engine


def _policy(plan: Plan) -> RulePolicy:
    """Take the policy as one that can be read from its file again, where there is one."""
    if plan.policy_path == STDIN:
        return RulePolicy(plan.given.program)
    read = RulePolicy.from_compiled if is_compiled_file(plan.policy_path) else RulePolicy.from_file
    return read(plan.policy_path, params=assignments(plan.params, "--param", "latency_budget=25ms"))


@contextmanager
def _controlled(plan: Plan, engine: Engine) -> Iterator[None]:
    """Take orders meanwhile, where that is asked for."""
    if plan.control is None:
        yield
        return
    control = ControlSocket(engine, plan.control or None)
    try:
        control.start()
    except ControlSocketError as error:
        raise Misuse(str(error)) from None
    tell("note", f"orders are taken at {printable(control.path)}")
    try:
        yield
    finally:
        control.close()


def _follow_start(plan: Plan, engine: Engine, told: Told) -> bool:
    """Print events until the engine has started, or could not; false where the run is to end before."""
    # Told, and done, once the engine takes orders: a moment after it serves.
    later: list[Event | Note] = []
    while True:
        item = told.queue.get()
        if item is Note.STARTED:
            for waiting in later:
                _take(plan, engine, told, waiting)
            return True
        if item is Note.END:
            for waiting in later:
                if isinstance(waiting, Event):
                    _tell(plan, told, waiting)
            return False
        if later or item is Note.RELOAD or isinstance(item, EngineStarted):
            later.append(item)
        else:
            _take(plan, engine, told, item)


def _follow(plan: Plan, engine: Engine, told: Told, started: float) -> None:
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
            item = told.queue.get(
                timeout=min(interval, max(0.0, until - now)) if until is not None else interval
            )
        except Empty:
            # Fed again and again, so that a constant never grows stale.
            engine.report(**plan.reported)
            continue
        if item is Note.END:
            return
        _take(plan, engine, told, item)


def _take(plan: Plan, engine: Engine, told: Told, item: Event | Note) -> None:
    if isinstance(item, Event):
        _tell(plan, told, item)
    elif item is Note.RELOAD:
        # Files may be slow, and the end must not wait for them.
        apart(lambda: _reload(engine))


def _reload(engine: Engine) -> None:
    try:
        engine.reload(who="SIGHUP")
    except (EdgeAdaptError, TimeoutError, ValueError) as error:
        tell("warning", f"nothing was reloaded: {printable(in_words(error))}")


def _tell_rest(plan: Plan, told: Told) -> None:
    while True:
        try:
            item = told.queue.get_nowait()
        except Empty:
            return
        if isinstance(item, Event):
            _tell(plan, told, item)


def _tell(plan: Plan, told: Told, event: Event) -> None:
    if told.origin_s is None:
        # A trace has its own clock, which the user knows; a device's starts at some boot.
        told.origin_s = event.at_s if plan.recorded is None else 0.0
    line = json.dumps(event.as_dict()) if plan.as_data else event_line(event, told.origin_s)
    if line is not None:
        say(line)


def _sum_up(plan: Plan, told: Told, feeder: Feeder | None, active: str | None, seconds: float) -> int:
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
