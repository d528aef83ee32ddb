"""Swaps without end under load, with faults at random: the driver of the soak, and its report."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import numpy as np

from edgeadapt import swap_codes
from edgeadapt.backends import default_loader
from edgeadapt.backends.base import BackendCapability, InferenceBackend
from edgeadapt.backends.preparation import Preparation
from edgeadapt.registry.family import ModelFamily
from edgeadapt.registry.variant import Golden, SessionOptions
from edgeadapt.swapper.event import SwapEvent
from edgeadapt.swapper.request import SwapRequest
from edgeadapt.swapper.swapper import HotSwapper
from tests.faults import models
from tests.faults.load import PoissonLoad
from tests.faults.points import WAIT_S

LOAD_TIMEOUT_S = 0.5
ROUND = 1000
PAUSE_S = 0.3
_GOOD = models.GOOD
# How often each thing is done, of 10,000 requests.
_OFTEN = {
    "swap": 7600,
    "load error": 500,
    "truncated": 400,
    "supersede": 500,
    "cancel": 400,
    "rollback": 300,
    "preload": 297,
    "time out": 3,
}


@attrs.frozen
class Report:
    """What a soak found."""

    swaps: int
    seconds: float
    outcomes: Counter[str]
    done: Counter[str]
    counters: dict[str, int]
    load: PoissonLoad
    rss_mb: list[float]

    @property
    def slope_mb(self) -> float:
        """Growth per 100,000 swaps, by least squares over the second half, when all caches are full."""
        half = self.rss_mb[len(self.rss_mb) // 2 :]
        if len(half) < 2:
            return 0.0
        return float(np.polyfit(np.arange(len(half)), half, 1)[0]) * 100_000 / ROUND

    def __str__(self) -> str:
        dropped = self.load.arrived - self.load.answered
        wrong = sum(problem.startswith("wrong") for problem in self.load.problems)
        return "\n".join(
            [
                f"soak: {self.swaps} swap requests in {self.seconds:.0f} s",
                f"  asked:    {dict(self.done)}",
                f"  outcomes: {dict(self.outcomes)}",
                f"  requests: {self.load.arrived}, dropped {dropped}, wrong {wrong}",
                f"  latency, steady:   {self.load.latencies(is_steady=True)}",
                f"  latency, in swaps: {self.load.latencies(is_steady=False)}",
                f"  memory in MB: first {self.rss_mb[0]:.1f}, last {self.rss_mb[-1]:.1f}, peak {max(self.rss_mb):.1f}",
                f"  its slope: {self.slope_mb:+.2f} MB per 100,000 swaps",
            ]
        )


def soak(folder: Path, swaps: int, *, threads: int = 3, rate_hz: float = 300.0, seed: int = 1) -> Report:
    """Ask for so many swaps, one after the other, and report."""
    family = _family(folder)
    outcomes: Counter[str] = Counter()

    def hear(event: SwapEvent) -> None:
        outcomes[event.code] += 1

    known = {name: models.expected(name) for name in _GOOD}
    with HotSwapper(
        _faulty(default_loader(family)),
        "a",
        preparation=Preparation(family, available_mb=lambda: 1000.0),
        load_timeout_s=LOAD_TIMEOUT_S,
        on_event=hear,
    ) as swapper:
        load = PoissonLoad(swapper, models.inputs(), known, threads=threads, rate_hz=rate_hz, seed=seed)
        load.start()
        driver = _Driver(swapper, random.Random(seed))
        started = time.monotonic()
        rss_mb: list[float] = []
        pause = threading.Event()
        while swapper.counters()["attempted"] < swaps:
            load.is_steady = True
            pause.wait(PAUSE_S)
            load.is_steady = False
            until = min(swaps, swapper.counters()["attempted"] + ROUND)
            while swapper.counters()["attempted"] < until:
                driver.step()
            rss_mb.append(_resident_mb())
        load.stop()
        seconds = time.monotonic() - started
    counters = swapper.counters()
    return Report(counters["attempted"], seconds, outcomes, driver.done, counters, load, rss_mb)


class _Driver:
    """Does one thing after the other, at random."""

    def __init__(self, swapper: HotSwapper, chance: random.Random) -> None:
        self.done: Counter[str] = Counter()
        self._swapper = swapper
        self._chance = chance
        self._acts: dict[str, Callable[[str], None]] = {
            "swap": self._swap,
            "load error": self._load_error,
            "truncated": self._truncated,
            "supersede": self._supersede,
            "cancel": self._cancel,
            "rollback": self._rollback,
            "preload": self._preload,
            "time out": self._time_out,
        }

    def step(self) -> None:
        """Do something, and see it end."""
        what = self._chance.choices(list(_OFTEN), list(_OFTEN.values()))[0]
        self.done[what] += 1
        self._acts[what](self._another())

    def _another(self, *besides: str) -> str:
        active = self._swapper.active_variant
        return self._chance.choice([name for name in _GOOD if name != active and name not in besides])

    def _swap(self, variant: str) -> None:
        _expect(self._swapper.swap_to(variant), swap_codes.SWAP_COMMITTED)

    def _load_error(self, _: str) -> None:
        _expect(self._swapper.swap_to("broken"), swap_codes.SWAP_LOAD_FAILED)

    def _truncated(self, _: str) -> None:
        _expect(self._swapper.swap_to("torn"), swap_codes.SWAP_LOAD_FAILED)

    def _supersede(self, variant: str) -> None:
        older, newer = self._swapper.swap_to(variant), self._swapper.swap_to(self._another(variant))
        _expect(older, swap_codes.SWAP_SUPERSEDED, swap_codes.SWAP_COMMITTED)
        _expect(newer, swap_codes.SWAP_COMMITTED)

    def _cancel(self, variant: str) -> None:
        request = self._swapper.swap_to(variant)
        self._swapper.cancel()
        _expect(request, swap_codes.SWAP_CANCELLED, swap_codes.SWAP_COMMITTED)

    def _rollback(self, variant: str) -> None:
        _expect(self._swapper.swap_to(variant), swap_codes.SWAP_COMMITTED)
        _expect(self._swapper.rollback(), swap_codes.SWAP_ROLLED_BACK)

    def _preload(self, variant: str) -> None:
        _expect(self._swapper.preload(variant), swap_codes.SWAP_PRELOADED)
        _expect(self._swapper.swap_to(variant), swap_codes.SWAP_COMMITTED)

    def _time_out(self, _: str) -> None:
        _expect(self._swapper.swap_to("hanging"), swap_codes.SWAP_TIMED_OUT)


def _expect(request: SwapRequest, *allowed: str) -> None:
    event = request.wait(WAIT_S)
    assert event is not None, f"{request!r} did not end"
    assert event.code in allowed, event


def _faulty(make: Callable[..., InferenceBackend]) -> Callable[..., InferenceBackend]:
    """Return a family's own loader, but for two variants: `broken` fails, and `hanging` hangs."""

    def load(variant: str, **how: Any) -> InferenceBackend:
        if variant == "broken":
            raise OSError("scripted")
        return _Hanging() if variant == "hanging" else make(variant, **how)

    return load


class _Hanging(InferenceBackend):
    """A load that ends only when it is asked to."""

    def __init__(self) -> None:
        self._asked = threading.Event()

    def load(self) -> None:
        assert self._asked.wait(2 * WAIT_S)
        raise OSError("cancelled")

    def cancel_load(self) -> None:
        self._asked.set()

    def infer(self, inputs: Any) -> Any:
        raise AssertionError("it never serves")

    def unload(self) -> None:
        pass

    @property
    def is_loaded(self) -> bool:
        return False

    @property
    def capabilities(self) -> BackendCapability:
        return BackendCapability("hanging")


def _family(folder: Path) -> ModelFamily:
    one = SessionOptions(intra_op_num_threads=1)
    family = ModelFamily("soak")
    for name in _GOOD:
        path = folder / f"{name}.onnx"
        path.write_bytes(models.good(name))
        golden = None
        if name == "c":
            golden = Golden(str(folder / "c_in.npz"), str(folder / "c_out.npz"))
            np.savez(golden.inputs, x=models.inputs()[0])
            np.savez(golden.outputs, y=models.expected("c")[0])
        family.add_variant(name, path, session=one, golden=golden)
    torn = folder / "torn.onnx"
    torn.write_bytes(models.good("a")[:200])
    family.add_variant("torn", torn, session=one)
    return family


def _resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6
