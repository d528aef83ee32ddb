"""The port that every source of device states fills."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import MappingProxyType, TracebackType
from typing import TypeVar

from edgeadapt.state import DeviceState

_P = TypeVar("_P", bound="PlatformProfiler")


class PlatformProfiler(ABC):
    """A source of device states, used by one thread at a time."""

    @abstractmethod
    def snapshot(self) -> DeviceState:
        """Measure now; what can't be told is None and never an error."""

    def now(self) -> float:
        """Return the present time on the clock of the states' timestamps, in seconds."""
        return time.monotonic()

    def reasons(self) -> Mapping[str, str]:
        """Say, by signal name, why the last snapshot left it unknown."""
        return MappingProxyType({})

    def close(self) -> None:  # noqa: B027 - most sources hold nothing, and need not say so
        """Free what the profiler holds; it takes no snapshot afterwards."""

    def __enter__(self: _P) -> _P:  # noqa: PYI019 - typing.Self is newer than Python 3.10
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
