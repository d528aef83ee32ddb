"""Measures one ONNX file in this, preferably fresh, process: latency of single images and memory.

Run as `python families/measure_variant.py MODEL.onnx INPUT_SIZE`, it prints one JSON object.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import attrs
import numpy as np
import onnxruntime as ort
import psutil

ROUNDS = 9
ROUND_S = 0.4
MIN_RUNS = 15

SESSION: dict[str, Any] = {
    "intra_op_num_threads": 1,
    "inter_op_num_threads": 1,
    "graph_optimization_level": "all",
    "providers": ["CPUExecutionProvider"],
    "config_entries": {"session.force_spinning_stop": "1"},
}


@attrs.frozen
class Measurement:
    """Milliseconds per single-image run, and MB (10^6 bytes) of resident memory gained."""

    latency_ms: float
    memory_mb: float


def open_session(path: str) -> ort.InferenceSession:
    """Open `path` with the session options the family declares."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = SESSION["intra_op_num_threads"]
    options.inter_op_num_threads = SESSION["inter_op_num_threads"]
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_ALL
    for key, value in SESSION["config_entries"].items():
        options.add_session_config_entry(key, value)
    return ort.InferenceSession(path, options, providers=SESSION["providers"])


def measure(path: str, input_size: int) -> Measurement:
    """Load and run `path`; memory counts from just before loading to just after the first runs.

    Latency is the lowest of the rounds' medians: other work on the machine can only raise one.
    """
    image = np.full((1, 1, input_size, input_size), 0.5, dtype=np.float32)
    process = psutil.Process()
    before = process.memory_info().rss
    session = open_session(path)
    for _ in range(3):
        session.run(None, {"image": image})
    gained = process.memory_info().rss - before
    medians = [_round_median_s(session, image) for _ in range(ROUNDS)]
    return Measurement(latency_ms=min(medians) * 1e3, memory_mb=max(gained / 1e6, 0.1))


def _round_median_s(session: ort.InferenceSession, image: np.ndarray[Any, Any]) -> float:
    times: list[float] = []
    end = time.perf_counter() + ROUND_S
    while len(times) < MIN_RUNS or time.perf_counter() < end:
        start = time.perf_counter()
        session.run(None, {"image": image})
        times.append(time.perf_counter() - start)
    return float(np.median(times))


if __name__ == "__main__":
    print(json.dumps(attrs.asdict(measure(sys.argv[1], int(sys.argv[2])))))
