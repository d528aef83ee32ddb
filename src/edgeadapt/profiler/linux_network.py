"""The network on Linux, as far as the kernel knows: no link is `offline`, a radio link has a signal level."""

from __future__ import annotations

from collections.abc import Hashable

from edgeadapt.profiler.linux_reader import LinuxReader
from edgeadapt.profiler.readings import Readings

_LINKS = "/sys/class/net"
# Signal levels in dBm, as site surveys grade them.
_FAINTEST = -150.0
_LEVELS = ((-55.0, "excellent"), (-67.0, "good"), (-75.0, "fair"))


class NetworkReader(LinuxReader):
    """Reads `network`; a wired link's quality is not the kernel's to know."""

    def layout(self) -> Hashable:
        """Return the interfaces' names."""
        return self._names(_LINKS)

    def look(self) -> None:
        """Find the interfaces, but for the one to the machine itself."""
        self._wireless = self._file("/proc/net/wireless")
        self._links = [
            (name, self._file(_LINKS, name, "operstate"), self._file(_LINKS, name, "carrier"))
            for name in self._names(_LINKS)
            if name != "lo"
        ]

    def read(self, readings: Readings) -> None:
        """Grade the best radio link that is up."""
        up: dict[str, int] = {}
        has_told = False
        for name, state, carrier in self._links:
            is_up = self._is_up(state, carrier)
            has_told = has_told or is_up is not None
            if is_up:
                up[name] = state
        if not has_told:
            readings.unknown("network", "there is no network interface to see", (_LINKS,))
            return
        if not up:
            readings.put("network", "offline", [state for _, state, _ in self._links])
            return
        levels = [level for name, level in self._radio_levels() if name in up]
        if not levels:
            why = "a link is up, but the kernel does not know how good it is"
            readings.unknown("network", why, (*up.values(), self._wireless))
            return
        best = max(levels)
        word = next((word for least, word in _LEVELS if best >= least), "poor")
        readings.put("network", word, (self._wireless,))

    def _is_up(self, operstate: int, carrier: int) -> bool | None:
        state = self._files.text(operstate)
        if state == "up":
            return True
        # Tunnels and some drivers never say; their carrier does.
        if state == "unknown":
            has_carrier = self._files.integer(carrier)
            return None if has_carrier is None else has_carrier == 1
        return None if state is None else False

    def _radio_levels(self) -> list[tuple[str, float]]:
        text = self._files.text(self._wireless)
        if not text:
            return []
        levels: list[tuple[str, float]] = []
        for line in text.splitlines():
            name, colon, rest = line.partition(":")
            words = rest.split()
            if colon and len(words) >= 3:
                try:
                    level = float(words[2])
                except ValueError:
                    continue
                # -256 is the mark for unknown; what is not negative is in the driver's own units, not dBm.
                if _FAINTEST < level < 0:
                    levels.append((name.strip(), level))
        return levels
