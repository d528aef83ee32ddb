"""What a reader notices while a model of 100 MB loads, against itself in between; the naive servers beside it.

Claims: the p99 of an inference while it loads is at most 1.2 times the steady one, and no Python thread stands still for
more than 5 ms. One reader asks at its own times, so what it had to wait for is in each figure.

    python benchmarks/swap_latency.py
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from models import family_of, image_model
from quiet import on_quiet_machine
from readers import ENOUGH, percentile
from serving import LockedSession, Ours, Server
from swapping import Record, spans, swapped, within

LOADS = 20
# Some of them fall away at the edges.
ANSWERS = 2 * ENOUGH
LIMIT_RATIO, LIMIT_STALL_MS = 1.2, 5.0
PERIOD_S = 0.006


def row(name: str, record: Record) -> tuple[float, float, int]:
    """Print a server's figures; return the ratio, the longest stall in ms and the number of samples while loading."""
    loads = spans(record.loads, "big")
    steady, loading = record.steady_ms("small"), record.loading_ms("big")
    took_ms = percentile([1e3 * (end - start) for start, end in loads], 50)
    stalls = [
        max(within(record.beats, parts), default=0.0) for parts in (spans(record.served, "small"), loads)
    ]
    ratio = percentile(loading, 99) / percentile(steady, 99)
    texts = (f"{percentile(values, p):6.2f}" for values in (steady, loading) for p in (50, 99, 100))
    print(
        f"  {name:31} {len(loads):3}  {took_ms:4.0f} ms {len(loading):5}  {'  '.join(texts)}  {ratio:6.2f} x"
        f"  {stalls[0]:6.1f}  {stalls[1]:6.1f}"
    )
    return ratio, stalls[1], len(loading)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        paths = {
            "small": image_model(Path(folder) / "small.onnx"),
            "big": image_model(Path(folder) / "big.onnx", dense_mb=100),
        }
        family = family_of(paths)
        servers: dict[str, Callable[[], Server]] = {
            "ours": lambda: Ours(family, "small"),
            "thread, lock held over the load": lambda: LockedSession(paths, "small"),
            "thread, lock only to exchange": lambda: LockedSession(paths, "small", hold=False),
        }
        print(f"{'':35}loads, each; answers while loading; ms steady, while loading; ratio of p99; stall, ms")
        print(
            f"{'':33} {'n':>3}  {'p50':>7} {'n':>5}"
            + f"  {'p50':>6}  {'p99':>6}  {'max':>6}" * 2
            + f"  {'':8}  {'steady':>6}  {'load':>6}"
        )
        found = {}
        for name, make in servers.items():
            server = make()
            try:
                record = swapped(
                    server,
                    ("small", "big"),
                    period_s=PERIOD_S,
                    serve_s=(0.15, 0.0),
                    loads_at_least=LOADS,
                    answers_at_least=ANSWERS if name == "ours" else 0,
                )
            finally:
                server.close()
            found[name] = row(name, record)
    ratio, stall_ms, samples = found["ours"]
    print(f"p99 while loading / steady: {ratio:.2f} (at most {LIMIT_RATIO}), of {samples} answers")
    print(f"longest stall of a Python thread: {stall_ms:.1f} ms (at most {LIMIT_STALL_MS:.0f})")
    return 0 if ratio <= LIMIT_RATIO and stall_ms <= LIMIT_STALL_MS and samples >= ENOUGH else 1


if __name__ == "__main__":
    sys.exit(on_quiet_machine(main))
