"""A profiler that plays a recording: row by row, or by a clock, as fast as wanted."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from edgeadapt.profiler.port import PlatformProfiler
from edgeadapt.profiler.trace import Trace, TraceRow
from edgeadapt.profiler.trace_reader import read_trace
from edgeadapt.profiler.trace_writer import TraceWriter, write_trace
from edgeadapt.state import DeviceState

__all__ = ["RecordedProfiler", "Trace", "TraceRow", "TraceWriter", "read_trace", "write_trace"]


class RecordedProfiler(PlatformProfiler):
    """Plays a trace, given as a file, a Trace, or states made by hand.

    Without `clock`, each snapshot is the next row, and the last one is held. With it, a snapshot has the values of
    the latest row at or before the recording's present time, and that time as its timestamp; it starts at the first
    row with the first snapshot and runs `speed` times as fast as the clock.
    """

    def __init__(
        self,
        source: str | os.PathLike[str] | Trace | Iterable[TraceRow | DeviceState],
        *,
        clock: Callable[[], float] | None = None,
        speed: float = 1.0,
    ) -> None:
        if not (speed > 0 and math.isfinite(speed)):
            raise ValueError(f"`speed` is a positive number, not `{speed}`")
        if isinstance(source, (str, os.PathLike)):
            self._trace = read_trace(source)
        else:
            self._trace = source if isinstance(source, Trace) else Trace.of(source)
        self._clock = clock
        self._speed = speed
        self._started_at: float | None = None
        self._index = -1
        self._inputs: dict[str, float | bool | str | None] = {}

    @property
    def trace(self) -> Trace:
        """What is played."""
        return self._trace

    @property
    def current(self) -> TraceRow:
        """The row of the last snapshot, the first one before any."""
        return self._trace.rows[max(0, self._index)]

    @property
    def exhausted(self) -> bool:
        """Whether the last row has been played."""
        return self._index >= len(self._trace.rows) - 1

    def snapshot(self) -> DeviceState:
        """Return the next state, or the one of the clock's present time."""
        self._inputs = {}
        if self._clock is None:
            self._advance()
            return self.current.state
        moment = self.now()
        rows = self._trace.rows
        if self._index < 0:
            self._advance()
        while not self.exhausted and rows[self._index + 1].state.timestamp <= moment:
            self._advance()
        return self.current.state.at(moment)

    def now(self) -> float:
        """Return the recording's present time, which the first call or snapshot starts; without a clock, the row's."""
        if self._clock is None:
            return self.current.state.timestamp
        now = self._clock()
        if self._started_at is None:
            self._started_at = now
        return self._trace.rows[0].state.timestamp + (now - self._started_at) * self._speed

    def inputs(self) -> Mapping[str, float | bool | str | None]:
        """Return what the rows that the last snapshot reached gave as the host's inputs; the latest of each.

        A row that is only held gives nothing again: an input's age runs from the row that fed it.
        """
        return MappingProxyType(self._inputs)

    def rewind(self) -> None:
        """Start again from the first row."""
        self._index = -1
        self._started_at = None
        self._inputs = {}

    def _advance(self) -> None:
        if not self.exhausted:
            self._index += 1
            self._inputs.update(self._trace.rows[self._index].inputs)
