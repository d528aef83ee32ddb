"""Snapshots at an interval, shown or as a trace in a file; the time of both starts at 0."""

from __future__ import annotations

import contextlib
import json
import math
import time
from collections.abc import Callable, Iterator

from edgeadapt.cli.output.terminal import say, tell
from edgeadapt.cli.output.words import span
from edgeadapt.profiler.port import PlatformProfiler
from edgeadapt.profiler.trace_writer import TraceWriter
from edgeadapt.state import SIGNALS, DeviceState
from edgeadapt.wording import shown


def stream(
    profiler: PlatformProfiler,
    interval_s: float,
    duration_s: float | None,
    record: str | None,
    *,
    sample_s: float,
    show: Callable[[DeviceState], None] | None,
    wait: Callable[[float], None] = time.sleep,
) -> None:
    """Show and record snapshots until the duration is over or the user interrupts; both are a good end.

    `sample_s` passes before the first one. Raises TraceError where the file can't be written.
    """
    count, last = 0, 0.0
    with contextlib.ExitStack() as stack:
        writer = None if record is None else stack.enter_context(TraceWriter(record))
        # Inside the stack: an interrupted recording is a whole one.
        stack.enter_context(contextlib.suppress(KeyboardInterrupt))
        wait(sample_s)
        for state in _snapshots(profiler, interval_s, duration_s, wait):
            if writer is not None:
                writer.write(state)
            count, last = count + 1, state.timestamp
            if show is not None:
                show(state)
    if record is not None:
        rows = "1 row" if count == 1 else f"{count} rows"
        tell("note", f"recorded {rows} over {span(last)} to {shown(record)}")


def show_json(state: DeviceState) -> None:
    """Print a snapshot as a line of JSON, a row of a trace: what is unknown is left out."""
    values = {name: state.value(name) for name in SIGNALS}
    known = {name: value for name, value in values.items() if value is not None}
    say(json.dumps({"timestamp": state.timestamp, **known}))


def _snapshots(
    profiler: PlatformProfiler, interval_s: float, duration_s: float | None, wait: Callable[[float], None]
) -> Iterator[DeviceState]:
    start: float | None = None
    turn = 0
    while True:
        state = profiler.snapshot()
        if start is None:
            start = state.timestamp
        # Microseconds: finer than any signal changes, and short to read.
        passed = round(state.timestamp - start, 6)
        yield state.at(passed)
        # A snapshot that came late moves none of the later ones; those it missed are left out.
        now = profiler.now() - start
        turn = max(turn, math.floor(now / interval_s)) + 1
        due = turn * interval_s
        if duration_s is not None and due > duration_s + 1e-9:
            return
        wait(max(0.0, due - now))
