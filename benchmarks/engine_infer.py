"""What serving through the engine costs, against a bare ONNX Runtime session in the same run.

Claim: `Engine.infer` adds less than 500 ns to `HotSwapper.infer`: two readings of a clock and one store.

    python benchmarks/engine_infer.py
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np
import onnxruntime

from edgeadapt.backends.fake import FakeLoader
from edgeadapt.engine import Engine
from edgeadapt.registry.family import ModelFamily
from edgeadapt.shipped import shipped
from edgeadapt.swapper.swapper import HotSwapper

ROUNDS = 25
LIMIT_NS = 500.0


def ns_per_call(function: Callable[[object], object], argument: object, count: int) -> float:
    calls = range(count)
    started = time.perf_counter_ns()
    for _ in calls:
        function(argument)
    return (time.perf_counter_ns() - started) / count


def paired(
    functions: dict[str, Callable[[object], object]], argument: object, count: int
) -> dict[str, float]:
    """Measure in turns, so that a change of the clock falls on all alike; the lowest round counts: other work only adds."""
    rounds: dict[str, list[float]] = {name: [] for name in functions}
    for _ in range(ROUNDS):
        for name, function in functions.items():
            rounds[name].append(ns_per_call(function, argument, count))
    return {name: min(values) for name, values in rounds.items()}


def show(title: str, measured: dict[str, float]) -> None:
    bare = next(iter(measured.values()))
    print(title)
    for name, value in measured.items():
        print(f"  {name:22} {value:9.0f} ns   {value / bare:5.3f} x   {value - bare:+6.0f} ns")


def on_nothing() -> float:
    """Measure over a backend that answers at once; what the engine adds to its swapper."""
    family = ModelFamily("nothing")
    family.add_variant("fake", "fake.onnx")
    loader = FakeLoader("fake")
    engine = Engine(family, lambda _state, _family: "fake", loader=loader)
    with HotSwapper(loader, "fake") as swapper, engine:
        bare = loader.made[0].infer
        measured = paired(
            {
                "bare backend.infer": bare,
                "swapper.infer": swapper.infer,
                "engine.infer": engine.infer,
                "engine.infer_detailed": engine.infer_detailed,
            },
            None,
            20_000,
        )
    show("a backend that answers at once", measured)
    return measured["engine.infer"] - measured["swapper.infer"]


def on_digits(name: str, size: int, count: int) -> None:
    family = ModelFamily.from_yaml(shipped("families/digits.yaml"))
    variant = family.variant(name)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    for key, value in variant.session.config_entries:
        options.add_session_config_entry(key, value)
    session = onnxruntime.InferenceSession(variant.path, options, providers=["CPUExecutionProvider"])
    names = [session.get_inputs()[0].name]
    image = np.zeros((1, 1, size, size), np.float32)
    with Engine(family, lambda _state, _family: name) as engine:
        measured = paired(
            {
                "bare session.run": lambda inputs: session.run(None, {names[0]: inputs}),
                "engine.infer": engine.infer,
                "engine.infer_detailed": engine.infer_detailed,
            },
            image,
            count,
        )
    show(f"digits `{name}` on ONNX Runtime", measured)


def main() -> int:
    added = on_nothing()
    for name, size, count in (("tiny", 4, 5000), ("medium_int8", 16, 100)):
        on_digits(name, size, count)
    print(f"the engine adds {added:.0f} ns to an inference, limit {LIMIT_NS:.0f} ns")
    return 0 if added < LIMIT_NS else 1


if __name__ == "__main__":
    sys.exit(main())
