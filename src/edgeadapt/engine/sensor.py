"""A step's state: what the profiler measured, with what the engine observed of inference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edgeadapt.engine.host_inputs import HostInputs
from edgeadapt.engine.inference_window import InferenceWindow, Observed
from edgeadapt.engine.journal import Journal
from edgeadapt.observability import ProfileTick
from edgeadapt.profiler import PlatformProfiler
from edgeadapt.profiler.recorded import RecordedProfiler
from edgeadapt.state import DeviceState

if TYPE_CHECKING:
    from edgeadapt._core import CallTimes

_WHAT = "profiler"


class Sensor:
    """Measures once a poll; used by the control thread, its last results are for any thread to read."""

    def __init__(self, profiler: PlatformProfiler, inputs: HostInputs, journal: Journal) -> None:
        self._profiler = profiler
        self._inputs = inputs
        self._journal = journal
        self._clamped = 0
        self._window = InferenceWindow()
        self.observed = Observed(0, None, None)
        self.state: DeviceState | None = None

    def measure(self) -> DeviceState | None:
        """Return the present state, None where the profiler failed; nothing is made up in its place."""
        try:
            self.observed = self._window.observe()
            state = self._profiler.snapshot().replaced(
                inference_latency_ms=self.observed.latency_ms,
                inference_rate_hz=self.observed.rate_hz,
            )
            if isinstance(self._profiler, RecordedProfiler):
                self._inputs.feed_recorded(state.timestamp, self._profiler.inputs())
        except Exception as error:  # noqa: BLE001 - a host's profiler may fail in any way; the active variant goes on
            self._journal.failure(_WHAT, error, "profile_errors")
            return None
        self._journal.recovered(_WHAT)
        self._journal.count("profile_ticks")
        self._count_clamped(len(state.clamped))
        self.state = state
        self._journal.record(ProfileTick(state.timestamp, state))
        return state

    def restart_window(self, times: CallTimes | None) -> None:
        """Observe afresh: another generation serves, whose calls these are; None where it has gone already."""
        self._window = InferenceWindow(times)
        self.observed = Observed(0, None, None)

    def _count_clamped(self, measured: int) -> None:
        reported = self._inputs.clamped()
        by = measured + reported - self._clamped
        self._clamped = reported
        if by:
            self._journal.count("clamped_values", by)
