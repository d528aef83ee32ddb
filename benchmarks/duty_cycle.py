"""What fifty inferences a second cost in CPU time, against ONNX Runtime's default options.

Claim: with the options that a variant gets unless it says otherwise, a third of the default's CPU at most, at an equal
median latency. The default lets its threads spin between inferences. Neither names a number of threads: ONNX Runtime
then takes one a core and pins them, and an unpinned thread that slept often wakes on its caller's core.

    python benchmarks/duty_cycle.py
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import onnxruntime
from fresh import alone
from models import IMAGE, family_of, image_model
from quiet import on_quiet_machine
from readers import Reader, percentile
from serving import Ours

from edgeadapt.registry.variant import SessionOptions

RATE_HZ = 50
ROUNDS, ROUND_S = 5, 4.0
LIMIT_SHARE, EQUAL = 1 / 3, 1.1


def at_duty(infer: Callable[[Any], Any]) -> tuple[float, list[float]]:
    """Return the process's CPU time over the wall's, and each answer's time in ms."""
    for _ in range(20):
        infer(IMAGE)
    used_s, started = time.process_time(), time.perf_counter()
    with Reader(infer, IMAGE, 1 / RATE_HZ) as reader:
        time.sleep(ROUND_S)
    share = (time.process_time() - used_s) / (time.perf_counter() - started)
    return share, [1e3 * latency for _, latency in reader.samples]


def ours(path: Path) -> tuple[float, list[float]]:
    server = Ours(family_of({"only": path}, SessionOptions()), "only")
    try:
        return at_duty(server.infer)
    finally:
        server.close()


def default(path: Path) -> tuple[float, list[float]]:
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return at_duty(lambda image: session.run(None, {"x": image})[0])


def main() -> int:
    shares: dict[str, list[float]] = {"ONNX Runtime's default": [], "ours": []}
    answers: dict[str, list[float]] = {name: [] for name in shares}
    with tempfile.TemporaryDirectory() as folder:
        path = image_model(Path(folder) / "model.onnx", channels=64, layers=4)
        # In turns, so that what else the machine does falls on both.
        for _ in range(ROUNDS):
            for name, function in zip(shares, (default, ours), strict=True):
                share, latencies = alone(function, path)
                shares[name].append(share)
                answers[name] += latencies
    print(f"{RATE_HZ} inferences a second, {ROUNDS} rounds of {ROUND_S:.0f} s each")
    print(f"  {'':24} {'CPU':>6}  {'p50':>7}  {'p99':>7}")
    cpu = {name: percentile(values, 50) for name, values in shares.items()}
    median = {name: percentile(values, 50) for name, values in answers.items()}
    for name, values in answers.items():
        print(f"  {name:24} {cpu[name]:6.1%}  {median[name]:4.2f} ms  {percentile(values, 99):4.2f} ms")
    plain = "ONNX Runtime's default"
    part, slower = cpu["ours"] / cpu[plain], median["ours"] / median[plain]
    print(
        f"CPU: {part:.2f} of the default's (at most {LIMIT_SHARE:.2f}); "
        f"median: {slower:.2f} of the default's (at most {EQUAL})"
    )
    return 0 if part <= LIMIT_SHARE and slower <= EQUAL else 1


if __name__ == "__main__":
    sys.exit(on_quiet_machine(main))
