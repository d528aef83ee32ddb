"""What `standby: true` and `preload` buy for a big model, against its plain file loaded when it is asked for.

Claim: a preloaded standby variant gives its first answer within 5 ms of the request for it, where the plain file, in the
page cache, takes more than 100 ms. Beside that: a cold page cache, and what standby costs and saves otherwise.

    python benchmarks/standby.py
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import attrs
from fresh import alone, dirty_mb
from models import IMAGE, family_of, image_model
from quiet import on_quiet_machine
from readers import percentile
from serving import Ours

from edgeadapt.backends.default import default_loader

# Most of it a table of embeddings: the load takes more than 100 ms, an inference far less than the limit.
SERVED_MB = (25, 150)
# Of what a standby variant costs in speed, a model that reads all its weights shows the most.
KEPT_MB = 100
ROUNDS, LOADS, RUNS = 15, 3, 200
LIMIT_MS, PLAIN_AT_LEAST_MS = 5.0, 100.0


@attrs.frozen
class Way:
    """A way to bring the big model into service."""

    title: str
    standby: bool = False
    preload: bool = False
    cold: bool = False


PLAIN = Way("plain file")
PRELOADED = Way("standby, preloaded", standby=True, preload=True)
WAYS = (
    PLAIN,
    Way("plain file, cold page cache", cold=True),
    Way("standby", standby=True),
    Way("standby, cold page cache", standby=True, cold=True),
    PRELOADED,
)


def first_answers(small: Path, big: Path, way: Way) -> list[float]:
    """Return, by round, how long after the request for `big` its first answer was there, in ms."""
    server = Ours(family_of({"small": small, "big": big}, standby=way.standby), "small")
    took = []
    for _ in range(ROUNDS):
        if way.preload:
            server.preload("big")
        if way.cold and not all(drop_from_cache(path) for path in big.parent.glob(f"{big.name}*")):
            break
        started = time.perf_counter()
        server.swap("big")
        server.infer(IMAGE)
        took.append(1e3 * (time.perf_counter() - started))
        server.swap("small")
    server.close()
    return took


def drop_from_cache(path: Path) -> bool:
    """Drop a file from the page cache; return whether it is gone, which not every file system does."""
    with path.open("rb") as file:
        # Pages that are not on the disk yet would stay.
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        try:
            os.preadv(file.fileno(), [bytearray(1)], path.stat().st_size // 2, os.RWF_NOWAIT)
        except BlockingIOError:
            return True
        except OSError:
            return False
    return False


def kept(small: Path, big: Path, standby: bool) -> tuple[float, float, float]:
    """Return what a load takes in ms and keeps of memory to itself in MB, and an inference in ms."""
    load = default_loader(family_of({"small": small, "big": big}, standby=standby))
    # What only a process's first load costs is another matter.
    first, backend = load("small"), load("big")
    first.load()
    before_mb, started = dirty_mb(), time.perf_counter()
    backend.load()
    load_ms, dirty = 1e3 * (time.perf_counter() - started), dirty_mb() - before_mb
    runs = []
    for _ in range(RUNS):
        started = time.perf_counter()
        backend.infer(IMAGE)
        runs.append(1e3 * (time.perf_counter() - started))
    return load_ms, dirty, percentile(runs, 50)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        small = image_model(Path(folder) / "small.onnx")
        dense_mb, table_mb = SERVED_MB
        plain, mapped = (
            image_model(
                Path(folder) / f"{name}.onnx", dense_mb=dense_mb, table_mb=table_mb, external=name == "mapped"
            )
            for name in ("plain", "mapped")
        )
        found = {way: alone(first_answers, small, mapped if way.standby else plain, way) for way in WAYS}
        loaded = {}
        for name, standby in (("plain file", False), ("standby", True)):
            path = image_model(Path(folder) / f"{name}.onnx", dense_mb=KEPT_MB, external=standby)
            loaded[name] = [alone(kept, small, path, standby) for _ in range(LOADS)]
    print(f"a model of {sum(SERVED_MB)} MB: from the request to its first answer, {ROUNDS} times, ms")
    print(f"  {'':28} {'p50':>7} {'max':>7}")
    for way, took in found.items():
        figures = (
            f"{percentile(took, 50):7.1f} {max(took):7.1f}" if took else "the cache cannot be dropped here"
        )
        print(f"  {way.title:28} {figures}")
    print(f"{f'matrices of {KEPT_MB} MB, loaded':30} {'load':>9}  {'own memory':>10}  {'an inference':>12}")
    for name, rows in loaded.items():
        load_ms, dirty, run_ms = (percentile(column, 50) for column in zip(*rows, strict=True))
        print(f"  {name:28} {load_ms:6.1f} ms  {dirty:7.1f} MB  {run_ms:9.2f} ms")
    slowest, plain_ms = max(found[PRELOADED]), percentile(found[PLAIN], 50)
    print(
        f"preloaded standby: {slowest:.1f} ms at most (limit {LIMIT_MS:.0f}); "
        f"plain file: {plain_ms:.0f} ms (more than {PLAIN_AT_LEAST_MS:.0f})"
    )
    return 0 if slowest <= LIMIT_MS and plain_ms > PLAIN_AT_LEAST_MS else 1


if __name__ == "__main__":
    sys.exit(on_quiet_machine(main))
