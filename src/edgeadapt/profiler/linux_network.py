"""The network on Linux, as far as the kernel knows: no link is `offline`, a radio link has a signal level."""

from __future__ import annotations

from pathlib import Path

from edgeadapt.profiler.kernel_file import folders, read_int, read_text
from edgeadapt.profiler.readings import Readings

# Signal levels in dBm, as site surveys grade them.
_FAINTEST = -150.0
_LEVELS = ((-55.0, "excellent"), (-67.0, "good"), (-75.0, "fair"))


def read_network(root: Path, readings: Readings) -> None:
    """Read `network`; a wired link's quality is not the kernel's to know."""
    links = [link for link in folders(root / "sys/class/net") if link.name != "lo"]
    states = {link.name: _is_up(link) for link in links}
    if all(is_up is None for is_up in states.values()):
        readings.unknown("network", "there is no network interface to see")
        return
    up = {name for name, is_up in states.items() if is_up}
    if not up:
        readings.put("network", "offline")
        return
    levels = [level for name, level in _radio_levels(root) if name in up]
    if not levels:
        readings.unknown("network", "a link is up, but the kernel does not know how good it is")
        return
    best = max(levels)
    readings.put("network", next((word for least, word in _LEVELS if best >= least), "poor"))


def _is_up(link: Path) -> bool | None:
    state = read_text(link / "operstate")
    # Tunnels and some drivers never say; their carrier does.
    if state == "unknown":
        carrier = read_int(link / "carrier")
        return None if carrier is None else carrier == 1
    return None if state is None else state == "up"


def _radio_levels(root: Path) -> list[tuple[str, float]]:
    levels: list[tuple[str, float]] = []
    for line in (read_text(root / "proc/net/wireless") or "").splitlines():
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
