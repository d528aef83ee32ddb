"""The profiler for platforms without one of their own, over psutil."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from edgeadapt.profiler.port import PlatformProfiler
from edgeadapt.profiler.readings import Readings
from edgeadapt.state import DeviceState

_MB = 1e6


class FallbackProfiler(PlatformProfiler):
    """Memory, CPU, battery and temperature as psutil tells them.

    The constructor takes the CPU's baseline, so the first snapshot's `cpu` is about the time since then.
    Raises ImportError, with what to install, where psutil is missing.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        try:
            import psutil  # type: ignore[import-untyped]  # psutil ships no types
        except ImportError as error:
            raise ImportError("this platform's profiler needs psutil: pip install psutil") from error
        self._psutil = psutil
        self._clock = clock
        self._reasons: dict[str, str] = {}
        self._try("cpu", Readings(), self._cpu)

    def snapshot(self) -> DeviceState:
        """Measure now."""
        readings = Readings()
        self._try("memory_available", readings, self._memory)
        self._try("cpu", readings, self._cpu)
        self._try("cpu_frequency", readings, self._frequency)
        self._try("battery", readings, self._battery)
        self._try("temperature", readings, self._temperature)
        self._reasons = readings.reasons()
        return readings.state(self._clock())

    def now(self) -> float:
        """Return the clock's time."""
        return self._clock()

    def reasons(self) -> Mapping[str, str]:
        """Say, by signal name, why the last snapshot left it unknown."""
        return dict(self._reasons)

    def _try(self, signal: str, readings: Readings, read: Callable[[Readings], None]) -> None:
        try:
            read(readings)
        except Exception as error:  # noqa: BLE001 - psutil raises platform-specific errors; one sensor must not hide the rest
            readings.unknown(signal, f"psutil could not read it: {' '.join(str(error).split())[:120]}")

    def _memory(self, readings: Readings) -> None:
        memory = self._psutil.virtual_memory()
        readings.put("memory_available", memory.available / _MB)
        readings.put("memory_total", memory.total / _MB)

    def _cpu(self, readings: Readings) -> None:
        readings.put("cpu", self._psutil.cpu_percent(interval=None))

    def _frequency(self, readings: Readings) -> None:
        read = getattr(self._psutil, "cpu_freq", None)
        frequency = read() if read is not None else None
        if frequency is not None and frequency.current > 0:
            readings.put("cpu_frequency", frequency.current)

    def _battery(self, readings: Readings) -> None:
        read = getattr(self._psutil, "sensors_battery", None)
        battery = read() if read is not None else None
        if battery is None:
            readings.unknown("battery", "there is no battery that psutil can see")
            readings.unknown("charging", "there is no battery that psutil can see")
            return
        readings.put("battery", battery.percent)
        if battery.power_plugged is not None:
            readings.put("charging", bool(battery.power_plugged))
        # Negative values are psutil's marks for unknown and for unlimited.
        if battery.secsleft is not None and battery.secsleft > 0:
            readings.put("battery_time_left", battery.secsleft)

    def _temperature(self, readings: Readings) -> None:
        read = getattr(self._psutil, "sensors_temperatures", None)
        zones = read() if read is not None else {}
        known = [zone.current for chip in zones.values() for zone in chip if zone.current is not None]
        plausible = [value for value in known if -40 <= value <= 150]
        if plausible:
            readings.put("temperature", max(plausible))
        else:
            readings.unknown("temperature", "there is no temperature sensor that psutil can see")
