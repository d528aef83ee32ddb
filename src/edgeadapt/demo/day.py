"""The recorded day and its clock: which second of a replay is which time of the day."""

from __future__ import annotations

import math
import os

import attrs

from edgeadapt.profiler.recorded import Trace, read_trace


@attrs.frozen
class Day:
    """A trace whose timestamps are seconds since midnight, played within `play_s` seconds."""

    trace: Trace
    play_s: float

    @classmethod
    def read(cls, path: str | os.PathLike[str], play_s: float) -> Day:
        """Read a trace file; raises TraceError."""
        return cls(read_trace(path), play_s)

    @property
    def start_s(self) -> float:
        """The first row's time of day."""
        return self.trace.rows[0].state.timestamp

    @property
    def end_s(self) -> float:
        """The latest row's time of day."""
        return self.start_s + self.trace.duration_s

    @property
    def speed(self) -> float:
        """How many seconds of the day pass in one second of the replay."""
        return self.trace.duration_s / self.play_s

    def played_at(self, time_of_day_s: float) -> float:
        """Return the replay's second for a time of the day."""
        return (time_of_day_s - self.start_s) / self.speed

    def time_of_day(self, played_s: float) -> float:
        """Return the time of the day for a replay's second."""
        return self.start_s + played_s * self.speed

    def load(self) -> tuple[tuple[float, float, float], ...]:
        """Return the processor's load by row: replay's second, share busy, share others waited, both 0 to 1."""
        return tuple(
            (
                self.played_at(row.state.timestamp),
                (row.state.cpu_utilization_pct or 0.0) / 100,
                (row.state.cpu_pressure_pct or 0.0) / 100,
            )
            for row in self.trace.rows
        )


def clock_text(seconds: float) -> str:
    """Write a time of day: `14:05`."""
    minutes = math.floor(seconds / 60)
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
