"""Swaps under load as a table and a picture: answers before, during and after, memory over swaps, a heartbeat's stalls.

Nothing is claimed here that another benchmark does not measure with more care; this one shows it, ours beside a Python
thread that holds a lock while it loads.

    python benchmarks/swap_picture.py [--out DIR]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import memory_after_swaps
import swap_panels
from fresh import alone
from models import family_of, image_model
from quiet import on_quiet_machine
from readers import percentile
from serving import LockedSession, Ours, Server
from swap_panels import NAIVE, OURS
from swapping import Record, spans, swapped, within

from edgeadapt.demo.panels import HOW_TO_GET

LOADS, MEMORY_SWAPS = 8, 300
PERIOD_S, SERVE_S = 0.01, (0.6, 0.6)
# What "just after" a swap means.
AFTER_S = 0.1


def under_load(paths: dict[str, Path], name: str) -> Record:
    server: Server = Ours(family_of(paths), "small") if name == OURS else LockedSession(paths, "small")
    try:
        return swapped(server, ("small", "large"), period_s=PERIOD_S, serve_s=SERVE_S, loads_at_least=LOADS)
    finally:
        server.close()


def phases(record: Record) -> dict[str, list[float]]:
    """Return the answers' times in ms: before a swap to the large model, during it, just after it and later."""
    just_after = within(record.answers, spans(record.served, "large", first_s=AFTER_S))
    later = [(start + AFTER_S, end) for start, end in spans(record.served, "large")]
    return {
        "before: small": record.steady_ms("small"),
        "during: small": record.loading_ms("large"),
        "just after: large": just_after,
        "later: large": within(record.answers, later),
    }


def table(records: dict[str, Record], memory: dict[str, list[float]]) -> list[str]:
    lines = [f"{'answers, ms':38}{'n':>5}  {'p50':>7}  {'p99':>7}  {'max':>7}"]
    for name, record in records.items():
        for phase, values in phases(record).items():
            figures = "  ".join(f"{percentile(values, percent):7.2f}" for percent in (50, 99, 100))
            lines.append(f"  {name + ', ' + phase:36}{len(values):5}  {figures}")
    lines.append(f"{'longest stall of a Python heartbeat, ms':43}  {'serving':>7}  {'loading':>7}")
    for name, record in records.items():
        calm, loading = (
            max(within(record.beats, ((span.start_s, span.end_s) for span in parts)), default=0.0)
            for parts in (record.served, record.loads)
        )
        lines.append(f"  {name:41}  {calm:7.2f}  {loading:7.2f}")
    lines.append(f"{'resident memory, MB':43}  {'at first':>7}  {'most':>7}  {'at last':>7}")
    for name, values in memory.items():
        lines.append(f"  {name:41}  {values[0]:8.0f}  {max(values):7.0f}  {values[-1]:7.0f}")
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("demo-output"), help="where the picture is put")
    folder: Path = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as models:
        paths = {
            "small": image_model(Path(models) / "small.onnx"),
            "large": image_model(Path(models) / "large.onnx", dense_mb=100),
        }
        records = {name: alone(under_load, paths, name) for name in (OURS, NAIVE)}
        several = memory_after_swaps.models(Path(models))
        memory = {
            OURS: alone(memory_after_swaps.ours, several, MEMORY_SWAPS),
            NAIVE: alone(memory_after_swaps.naive, several, MEMORY_SWAPS),
        }
    print("\n".join(table(records, memory)))
    path = folder / "swaps.png"
    try:
        swap_panels.draw(records, {name: phases(record) for name, record in records.items()}, memory, path)
    except ImportError:
        print(f"there is no picture: {HOW_TO_GET}")
        return 1
    print(f"the picture: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(on_quiet_machine(main))
