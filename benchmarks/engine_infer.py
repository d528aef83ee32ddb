"""What an inference through the engine costs, against a bare ONNX Runtime session in the same run.

Claims: `engine.infer` takes at most 0.7 of `session.run` on a model that does nothing, at most 0.85 on a perceptron of
64-256-256-10; and adds less than 150 ns to its swapper's `infer`.

    python benchmarks/engine_infer.py
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import attrs
import numpy as np
import onnxruntime
from small_models import nothing_model, perceptron_model

from edgeadapt.backends.fake import FakeLoader
from edgeadapt.backends.onnx_backend import ONNXBackend
from edgeadapt.engine import Engine
from edgeadapt.registry.family import ModelFamily
from edgeadapt.registry.variant import SessionOptions
from edgeadapt.swapper.swapper import HotSwapper

ROUNDS = 400
ADDED_LIMIT_NS = 150.0
BARE = "bare session.run(None, feed)"


@attrs.frozen
class Case:
    title: str
    write: Callable[[Path], Path]
    width: int
    limit: float
    calls: int


CASES = (
    Case("a model that does nothing", nothing_model, 4, 0.7, 500),
    Case("a perceptron of 64-256-256-10", perceptron_model, 64, 0.85, 200),
)


# A function, and what it is given.
Call = tuple[Callable[[object], object], object]


def ns_per_call(function: Callable[[object], object], argument: object, count: int) -> float:
    calls = range(count)
    started = time.perf_counter_ns()
    for _ in calls:
        function(argument)
    return (time.perf_counter_ns() - started) / count


def in_turns(calls: dict[str, Call], count: int, rounds: int = ROUNDS) -> dict[str, float]:
    """Measure in turns, so that a change of the clock falls on all alike; the lowest round counts: other work only adds."""
    lowest = dict.fromkeys(calls, float("inf"))
    for _ in range(rounds):
        for name, (function, argument) in calls.items():
            lowest[name] = min(lowest[name], ns_per_call(function, argument, count))
    return lowest


def show(title: str, measured: dict[str, float]) -> None:
    bare = next(iter(measured.values()))
    print(title)
    for name, value in measured.items():
        print(f"  {name:28} {value:7.0f} ns   {value / bare:5.3f} x   {value - bare:+6.0f} ns")


def served_by(swapper: HotSwapper, engine: Engine) -> dict[str, Callable[[object], object]]:
    return {
        "swapper.infer": swapper.infer,
        "engine.infer": engine.infer,
        "engine.infer_detailed": engine.infer_detailed,
    }


def added_by_engine() -> float:
    """Measure over a backend that answers at once; what the engine adds to its swapper."""
    family = ModelFamily("nothing")
    family.add_variant("fake", "fake.onnx")
    loader = FakeLoader("fake")
    engine = Engine(family, lambda _state, _family: "fake", loader=loader)
    with HotSwapper(loader, "fake") as swapper, engine:
        functions = {"bare backend.infer": loader.made[0].infer, **served_by(swapper, engine)}
        measured = in_turns({name: (function, None) for name, function in functions.items()}, 5_000, 50)
    show("a backend that answers at once", measured)
    return measured["engine.infer"] - measured["swapper.infer"]


def share_of_bare(case: Case, folder: Path) -> float:
    path = case.write(folder / "model.onnx")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    family = ModelFamily("one")
    wanted = SessionOptions(intra_op_num_threads=1, inter_op_num_threads=1)
    variant = family.add_variant("one", path, session=wanted)
    alone = ONNXBackend(variant)
    alone.load()
    assert alone.native is not None, alone.activation_reason
    inputs = np.ones((1, case.width), np.float32)
    engine = Engine(family, lambda _state, _family: "one")
    with HotSwapper(lambda _name: ONNXBackend(variant), "one") as swapper, engine:
        ours = {"native session": alone.native.infer, **served_by(swapper, engine)}
        calls: dict[str, Call] = {name: (function, inputs) for name, function in ours.items()}
        feed = {"x": inputs}
        measured = in_turns({BARE: (partial(session.run, None), feed), **calls}, case.calls)
        np.testing.assert_array_equal(engine.infer(inputs), session.run(None, feed)[0])
    show(case.title, measured)
    return measured["engine.infer"] / measured[BARE]


def main() -> int:
    added = added_by_engine()
    is_good = added < ADDED_LIMIT_NS
    verdicts = [f"the engine adds {added:.0f} ns to an inference, limit {ADDED_LIMIT_NS:.0f} ns"]
    for case in CASES:
        with tempfile.TemporaryDirectory() as folder:
            share = share_of_bare(case, Path(folder))
        is_good = is_good and share <= case.limit
        verdicts.append(f"{case.title}: engine.infer takes {share:.3f} of session.run, limit {case.limit}")
    print(*verdicts, sep="\n")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
