"""The servers that benchmarks compare: ours, and what one writes first around a Python session."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any, Protocol

import onnxruntime

from edgeadapt.backends.default import default_loader
from edgeadapt.backends.preparation import Preparation
from edgeadapt.registry.family import ModelFamily
from edgeadapt.swap_codes import SWAP_COMMITTED, SWAP_PRELOADED
from edgeadapt.swapper.event import SwapEvent
from edgeadapt.swapper.swapper import HotSwapper, SwapRequest


class Server(Protocol):
    """Answers by one variant, and puts another in its place while it does."""

    def infer(self, inputs: Any) -> Any: ...

    def swap(self, name: str) -> float:
        """Return once the variant serves; since when it does, by `time.perf_counter()`."""

    def close(self) -> None: ...


class Ours:
    """The swapper with a family's checks, as the engine makes it."""

    def __init__(self, family: ModelFamily, first: str) -> None:
        self.swapper = HotSwapper(default_loader(family), first, preparation=Preparation(family))
        self.infer = self.swapper.infer

    def swap(self, name: str) -> float:
        start = time.perf_counter()
        return start + _ended(self.swapper.swap_to(name), SWAP_COMMITTED).load_time_s

    def preload(self, name: str) -> None:
        """Return once the variant is loaded beside what serves."""
        _ended(self.swapper.preload(name), SWAP_PRELOADED)

    def close(self) -> None:
        self.swapper.close()


def _ended(request: SwapRequest, code: str) -> SwapEvent:
    event = request.wait()
    assert event is not None, request
    assert event.code == code, event
    return event


class LockedSession:
    """A session behind a lock, replaced by a Python thread; `hold` keeps the lock while the new one loads."""

    def __init__(self, paths: dict[str, Path], first: str, *, hold: bool = True) -> None:
        self._paths = paths
        self._hold = hold
        self._lock = threading.Lock()
        self._put(self._opened(first))

    def _opened(self, name: str) -> Any:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        return onnxruntime.InferenceSession(self._paths[name], options, providers=["CPUExecutionProvider"])

    def infer(self, inputs: Any) -> Any:
        with self._lock:
            return self._session.run(None, {"x": inputs})[0]

    def swap(self, name: str) -> float:
        loader = threading.Thread(target=self._load, args=(name,))
        loader.start()
        loader.join()
        return self._since

    def _load(self, name: str) -> None:
        if self._hold:
            with self._lock:
                self._put(self._opened(name))
            return
        session = self._opened(name)
        with self._lock:
            self._put(session)

    def _put(self, session: Any) -> None:
        self._session = session
        self._since = time.perf_counter()

    def close(self) -> None:
        self._session = None
