"""What the host reports, kept for the policies: fed by any thread, read by the control thread.

A shadow policy may declare inputs of its own. A reload may change what is declared: what was reported goes on as far as
it fits, and what only an earlier policy declared is taken and forgotten, so that a host's calls go on being right.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable, Mapping

from edgeadapt.runtime import HostInput, InputLatch
from edgeadapt.runtime.inputs import Given


class HostInputs:
    """A latch of the policy's inputs, and one of the shadow's, behind a lock."""

    def __init__(self, declared: Iterable[HostInput], shadow: Iterable[HostInput] = ()) -> None:
        self._main = _Latch(tuple(declared))
        self._shadow = _Latch(tuple(shadow))
        self._retired: frozenset[str] = frozenset()
        self._latest: dict[str, tuple[float, Given]] = {}
        self._clamped_before = 0
        self._early: dict[str, Given] = {}
        self._lock = threading.Lock()

    def feed(self, timestamp: float, values: Mapping[str, Given]) -> None:
        """Take values; raises ValueError for an unknown name or a wrong kind, and then takes none."""
        with self._lock:
            self._feed(timestamp, values)

    def feed_early(self, values: Mapping[str, Given]) -> None:
        """Take values before there is a clock; they count as fed when the engine starts."""
        with self._lock:
            self._feed(0.0, values)
            self._early.update(values)

    def begin(self, timestamp: float) -> None:
        """Give the values that were fed early their time."""
        with self._lock:
            self._feed(timestamp, self._early)
            self._early.clear()

    def feed_recorded(self, timestamp: float, values: Mapping[str, Given]) -> None:
        """Take from a recording what the policies know: a trace may have been made under another policy."""
        known = {name: value for name, value in values.items() if self._knows(name)}
        if known:
            self.feed(timestamp, known)

    def redeclare(self, declared: Iterable[HostInput]) -> None:
        """Go by what another policy declares from now on."""
        with self._lock:
            before, now = self._main, _Latch(tuple(declared))
            if before.declared == now.declared:
                return
            self._clamped_before += before.clamped()
            self._retired = (self._retired | before.names) - now.names
            for name, (at_s, value) in self._latest.items():
                if name in now.names:
                    # It may be of another kind now, and is then unknown until it is reported again.
                    with contextlib.suppress(ValueError):
                        now.latch.feed(at_s, {name: value})
            self._clamped_before -= now.clamped()
            self._main = now

    def values(self, timestamp: float) -> dict[str, Given]:
        """Return what the policy's step at `timestamp` sees."""
        with self._lock:
            return self._main.latch.values(timestamp)

    def shadow_values(self, timestamp: float) -> dict[str, Given]:
        """Return what the shadow's step at `timestamp` sees."""
        with self._lock:
            return self._shadow.latch.values(timestamp)

    def clamped(self) -> int:
        """Return how many values were out of their range so far."""
        with self._lock:
            return self._clamped_before + self._main.clamped()

    def _knows(self, name: str) -> bool:
        return name in self._main.names or name in self._shadow.names

    def _feed(self, timestamp: float, values: Mapping[str, Given]) -> None:
        # A name that nobody knows is the policy's to refuse.
        others = (self._shadow.names | self._retired) - self._main.names
        self._main.latch.feed(timestamp, {name: it for name, it in values.items() if name not in others})
        for name, value in values.items():
            self._latest[name] = (timestamp, value)
            if name in self._shadow.names:
                # What the shadow can't take is unknown to it, and nobody's mistake.
                with contextlib.suppress(ValueError):
                    self._shadow.latch.feed(timestamp, {name: value})


class _Latch:
    def __init__(self, declared: tuple[HostInput, ...]) -> None:
        self.declared = declared
        self.names = frozenset(declaration.name for declaration in declared)
        self.latch = InputLatch(declared)

    def clamped(self) -> int:
        return sum(self.latch.clamped.values())
