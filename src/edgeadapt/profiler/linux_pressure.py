"""Pressure on Linux (PSI): how long tasks waited for a processor or for memory, on the machine or in this cgroup."""

from __future__ import annotations

from collections.abc import Hashable

from edgeadapt.profiler.linux_cgroup import MEMBERSHIP, folders_v2
from edgeadapt.profiler.linux_reader import LinuxReader
from edgeadapt.profiler.readings import Readings

_SIGNALS = (("cpu_pressure", "cpu"), ("memory_pressure", "memory"))
_SOME = "some avg10="


class PressureReader(LinuxReader):
    """Reads `cpu_pressure` and `memory_pressure`: some, over ten seconds, the higher of the machine's and the cgroup's.

    A cgroup at its own limit stalls while the machine is at ease.
    """

    def layout(self) -> Hashable:
        """Return the cgroups of this process."""
        return self._files.text(self._file(MEMBERSHIP))

    def look(self) -> None:
        """Find the innermost cgroup that tells it: only it is about this process and no other container's."""
        folders = folders_v2(self._files.text(self._file(MEMBERSHIP)) or "")
        self._places: list[tuple[str, str, tuple[int, ...]]] = []
        for signal, name in _SIGNALS:
            own = [
                file
                for folder in folders
                # The root has no type, and is the machine.
                if self._files.text(self._file(folder, "cgroup.type")) is not None
                and self._files.text(file := self._file(folder, f"{name}.pressure")) is not None
            ][:1]
            self._places.append((signal, name, (self._file("/proc/pressure", name), *own)))

    def read(self, readings: Readings) -> None:
        """Read both."""
        for signal, name, files in self._places:
            best, place = -1.0, -1
            for file in files:
                value = self._files.decimal(file, _SOME)
                if value is not None and value > best:
                    best, place = value, file
            if best >= 0:
                readings.put(signal, best, (place,))
            else:
                why = f"/proc/pressure/{name} tells nothing: the kernel has PSI off"
                readings.unknown(signal, why, files)
