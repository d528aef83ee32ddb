"""The graphics processor on Linux, where its driver tells how busy it is: AMD, NVIDIA's Jetson, Adreno, Mali."""

from __future__ import annotations

import re
from collections.abc import Hashable

from edgeadapt.profiler.linux_reader import LinuxReader
from edgeadapt.profiler.readings import Readings

_CARDS, _DEVFREQ = "/sys/class/drm", "/sys/class/devfreq"
_CARD = re.compile(r"card[0-9]+\Z")
# Jetson's, by the age of its kernel; newer ones are below devfreq.
_JETSON = ("/sys/devices/gpu.0/load", "/sys/devices/platform/gpu.0/load")
_ADRENO = "/sys/class/kgsl/kgsl-3d0/gpu_busy_percentage"
# Such as `17000000.gv11b`, `17000000.ga10b`, `57000000.gpu`; Mali's is `ff9a0000.gpu` or `fb000000.gpu-mali`.
_IS_GPU = re.compile(r"(gpu|mali|gv1[0-9]b|gp1[0-9]b|ga1[0-9]b)")
# A share as `45`, `45 %`, or devfreq's `45@600000000Hz`.
_SHARE = re.compile(r"([0-9]{1,4})(?: ?%|@[0-9]+ ?(?:Hz)?)?\Z")


class GpuReader(LinuxReader):
    """Reads `gpu`: the busiest graphics processor."""

    def layout(self) -> Hashable:
        """Return the cards and the devices of variable clock."""
        return self._names(_CARDS, "card"), self._names(_DEVFREQ)

    def look(self) -> None:
        """Find the files that tell, with what their numbers are per cent times."""
        cards = [card for card in self._names(_CARDS, "card") if _CARD.match(card)]
        devices = [device for device in self._names(_DEVFREQ) if _IS_GPU.search(device)]
        sources = [(self._file(_CARDS, card, "device/gpu_busy_percent"), 1.0) for card in cards]
        sources.append((self._file(_ADRENO), 1.0))
        sources += [(self._file(path), 10.0) for path in _JETSON]
        sources += [(self._file(_DEVFREQ, device, "device/load"), 10.0) for device in devices]
        sources += [(self._file(_DEVFREQ, device, "load"), 1.0) for device in devices]
        self._sources = [source for source in sources if self._files.text(source[0]) is not None]

    def read(self, readings: Readings) -> None:
        """Take the highest share."""
        shares: list[tuple[float, int]] = []
        for file, scale in self._sources:
            match = _SHARE.match(self._files.text(file) or "")
            if match and (share := int(match[1]) / scale) <= 100.0:
                shares.append((share, file))
        if shares:
            share, file = max(shares)
            readings.put("gpu", share, (file,))
        else:
            why = "no graphics processor's driver tells how busy it is"
            readings.unknown("gpu", why, [file for file, _ in self._sources] or [_CARDS, _DEVFREQ])
