"""How much memory this process holds, and the most that it has held since it was asked to watch."""

from __future__ import annotations

import contextlib
import sys

import psutil


class MemoryWatch:
    """Resident memory of this process, in bytes: what is mapped and in use counts, as well as what is allocated."""

    def __init__(self) -> None:
        self._process = psutil.Process()

    def resident(self) -> int:
        """Return what is held now."""
        return int(self._process.memory_info().rss)

    def restart(self) -> None:
        """Forget the most that was held before; only Linux can, elsewhere it counts since the process began."""
        if sys.platform == "linux":
            # A container may not let a process write here; the peak is then the whole process's.
            with contextlib.suppress(OSError), open("/proc/self/clear_refs", "w", encoding="ascii") as file:
                file.write("5")

    def peak(self) -> int:
        """Return the most that was held, at least what is held now."""
        # Either count is some pages behind the other: each thread adds up a few before it tells them.
        return max(self._peak(), self.resident())

    def _peak(self) -> int:
        if sys.platform == "linux":
            with open("/proc/self/status", encoding="ascii", errors="replace") as file:
                return next((int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM:")), 0)
        if sys.platform == "win32":
            return int(self._process.memory_info().peak_wset)
        import resource

        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024
