"""What a thousand swaps leave in memory, against a Python session that is dropped for the next one.

Claim: resident memory after 1,000 swaps is at most 20 MB above what it was after the first commit of the same variant.

    python benchmarks/memory_after_swaps.py
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from fresh import alone, resident_mb
from models import IMAGE, family_of, image_model
from quiet import on_quiet_machine
from serving import LockedSession, Ours, Server
from text_plot import text_plot

SWAPS = 1000
LIMIT_MB = 20.0
# Of different sizes, so that what one left does not fit the next; the first serves before the first swap.
SIZES_MB = {"small": 0, "middle": 20, "large": 30}
NAMES = tuple(SIZES_MB)
# Memory is given back at most once a second, so what is compared is looked at after that.
SETTLE_S = 1.5


def after_swaps(server: Server, swaps: int) -> list[float]:
    """Return the resident memory in MB: of the first variant, then after each swap."""
    resident = []
    for swap in range(swaps + 1):
        if swap:
            server.swap(NAMES[swap % len(NAMES)])
        server.infer(IMAGE)
        if swap < len(NAMES) or swap > swaps - len(NAMES):
            time.sleep(SETTLE_S)
        resident.append(resident_mb())
    server.close()
    return resident


def ours(paths: dict[str, Path], swaps: int) -> list[float]:
    return after_swaps(Ours(family_of(paths), NAMES[0]), swaps)


def naive(paths: dict[str, Path], swaps: int) -> list[float]:
    return after_swaps(LockedSession(paths, NAMES[0], hold=False), swaps)


def models(folder: Path) -> dict[str, Path]:
    return {
        name: image_model(folder / f"{name}.onnx", dense_mb=size, channels=16, layers=2)
        for name, size in SIZES_MB.items()
    }


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        paths = models(Path(folder))
        started = time.perf_counter()
        series = {}
        for name, function in (("ours", ours), ("naive: drop the session", naive)):
            series[name] = alone(function, paths, SWAPS)
            print(f"{name}: {SWAPS} swaps in {time.perf_counter() - started:.0f} s", flush=True)
            started = time.perf_counter()
    print(text_plot(series, "swaps", "resident memory, MB"))
    print(
        f"{'MB more than after its first commit':38}"
        + "".join(f"{name:>9}" for name in NAMES)
        + f"{'most':>9}"
    )
    grown = {}
    for name, values in series.items():
        # A variant's last commit against its first.
        last = {variant: SWAPS - (SWAPS - place) % len(NAMES) for place, variant in enumerate(NAMES)}
        more = [values[last[variant]] - values[place] for place, variant in enumerate(NAMES)]
        grown[name] = max(more)
        top = max(values)
        print(f"  {name:36}" + "".join(f"{value:+9.1f}" for value in more) + f"{top:9.1f}")
    print(f"after {SWAPS} swaps: {grown['ours']:+.1f} MB (at most {LIMIT_MB:.0f})")
    return 0 if grown["ours"] <= LIMIT_MB else 1


if __name__ == "__main__":
    sys.exit(on_quiet_machine(main))
