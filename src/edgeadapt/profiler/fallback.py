"""The profiler for platforms without one of their own, over psutil."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from edgeadapt.profiler.port import PlatformProfiler
from edgeadapt.profiler.readings import Readings
from edgeadapt.state import DeviceState

_MB = 1e6
# Over less processor time, summed over the processors, utilisation would be mostly chance.
_LEAST_CPU_S = 0.2


class FallbackProfiler(PlatformProfiler):
    """Memory, CPU, battery and temperature as psutil tells them.

    The constructor takes the CPU's baseline, so the first snapshot's `cpu` is about the time since then.
    Raises ImportError, with what to install, where psutil is missing.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        try:
            import psutil
        except ImportError as error:
            raise ImportError("this platform's profiler needs psutil: pip install psutil") from error
        self._psutil = psutil
        self._clock = clock
        self._reasons: dict[str, str] = {}
        self._busy_pct: float | None = None
        self._last: tuple[float, float] = (0.0, 0.0)
        self._try(("cpu",), Readings(), self._cpu)

    def snapshot(self) -> DeviceState:
        """Measure now."""
        readings = Readings()
        self._try(("memory_available", "memory_total"), readings, self._memory)
        self._try(("cpu",), readings, self._cpu)
        self._try(("cpu_frequency",), readings, self._frequency)
        self._try(("battery", "charging", "battery_time_left"), readings, self._battery)
        self._try(("temperature",), readings, self._temperature)
        self._reasons = readings.reasons()
        return readings.state(self._clock())

    def now(self) -> float:
        """Return the clock's time."""
        return self._clock()

    def reasons(self) -> Mapping[str, str]:
        """Say, by signal name, why the last snapshot left it unknown."""
        return dict(self._reasons)

    def _try(self, signals: tuple[str, ...], readings: Readings, read: Callable[[Readings], None]) -> None:
        try:
            read(readings)
        except Exception as error:  # noqa: BLE001 - psutil raises platform-specific errors; one sensor must not hide the rest
            why = " ".join(str(error).split())[:120] or type(error).__name__
            for signal in signals:
                readings.unknown(signal, f"psutil could not read it: {why}")

    def _memory(self, readings: Readings) -> None:
        memory = self._psutil.virtual_memory()
        readings.put("memory_available", memory.available / _MB)
        readings.put("memory_total", memory.total / _MB)

    def _cpu(self, readings: Readings) -> None:
        # Not cpu_percent: its baseline belongs to the calling thread, and to whoever else asks psutil in this process.
        times = self._psutil.cpu_times()._asdict()
        # Guest time is in user time already.
        total = float(sum(spent for kind, spent in times.items() if not kind.startswith("guest")))
        busy = total - times.get("idle", 0.0) - times.get("iowait", 0.0)
        # The constructor's read starts from nothing: the average since boot, which stands until enough time has passed.
        passed = total - self._last[1]
        if passed >= _LEAST_CPU_S:
            self._busy_pct = min(100.0, max(0.0, 100.0 * (busy - self._last[0]) / passed))
        if passed >= _LEAST_CPU_S or passed < 0:
            self._last = (busy, total)
        if self._busy_pct is None:
            readings.unknown("cpu", "psutil counts no processor time")
        else:
            readings.put("cpu", self._busy_pct)

    def _frequency(self, readings: Readings) -> None:
        frequency = self._ask("cpu_freq")
        if frequency is not None and frequency.current > 0:
            readings.put("cpu_frequency", float(frequency.current))
        else:
            readings.unknown("cpu_frequency", "psutil does not see the processor's clock")

    def _battery(self, readings: Readings) -> None:
        battery = self._ask("sensors_battery")
        if battery is None:
            for signal in ("battery", "charging", "battery_time_left"):
                readings.unknown(signal, "there is no battery that psutil can see")
            return
        if battery.power_plugged is None:
            readings.unknown("charging", "psutil does not see whether it is plugged in")
        else:
            readings.put("charging", bool(battery.power_plugged))
        # Negative values are psutil's marks for unknown and for unlimited.
        if battery.secsleft is not None and battery.secsleft > 0:
            readings.put("battery_time_left", float(battery.secsleft))
        else:
            readings.unknown("battery_time_left", "psutil knows it only while the battery drains")
        if battery.percent is None:
            readings.unknown("battery", "the battery does not tell its charge")
        else:
            readings.put("battery", float(battery.percent))

    def _temperature(self, readings: Readings) -> None:
        zones = self._ask("sensors_temperatures") or {}
        known = [zone.current for chip in zones.values() for zone in chip if zone.current is not None]
        plausible = [value for value in known if -40 <= value <= 150]
        if plausible:
            readings.put("temperature", float(max(plausible)))
        else:
            readings.unknown("temperature", "there is no temperature sensor that psutil can see")

    def _ask(self, name: str) -> Any:
        """Call a psutil function that not every platform has; None where it is missing."""
        ask = getattr(self._psutil, name, None)
        return None if ask is None else ask()
