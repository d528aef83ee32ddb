"""The process that measures one variant: `main` makes it serve as an engine would, and times it.

It reads one pickled task from its standard input, and writes lines of JSON to its standard output: `stage` as it gets
there, `done` while it runs, `result` or `failure` at the end. It never outlives the host that asked.
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import sys
import tempfile
import time
from array import array
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import attrs

from edgeadapt.backends.adapter import Adapted
from edgeadapt.backends.contract import sized_by
from edgeadapt.backends.default import default_loader
from edgeadapt.backends.onnx_support import support
from edgeadapt.backends.preflight_child import end_after, end_with_the_host, end_without, leave_no_core
from edgeadapt.backends.preparation import Preparation
from edgeadapt.benchmark.cpu_wait import cpu_wait
from edgeadapt.benchmark.memory_use import MemoryWatch
from edgeadapt.benchmark.trial_inputs import choose, open_dims
from edgeadapt.errors import ActivationError, EdgeAdaptError
from edgeadapt.registry.family import ModelFamily
from edgeadapt.registry.variant import ModelVariant, VariantMetadata

# A model that returns its one number: what the runtime takes at its first use is not the variant's.
_IDENTITY = bytes.fromhex(
    "080812003a370a100a017812017922084964656e746974791201675a0f0a0178120a0a08080112040a020801620f0a0179120a0a"
    "08080112040a02080142040a001011"
)
# Progress is told, and the time limit renewed, no more often: both take time from the processor.
_TICK_NS = 200_000_000

Tell = Callable[[Mapping[str, Any]], None]


@attrs.frozen(eq=False)
class Task:
    """One process's work: the family of one variant, and what to run it on, how often and for how long at most."""

    family: ModelFamily
    sample: Any
    dims: Mapping[str, int]
    runs: int
    warm_up: int
    timeout_s: float
    """The longest that an inference may take."""
    host: int
    """The process that asked."""


def main() -> None:
    """Measure what standard input says."""
    end_with_the_host()
    # The runtime may print; only our lines go to where the parent reads them.
    told = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    leave_no_core()
    task = pickle.load(sys.stdin.buffer)  # noqa: S301 - its parent's own bytes, by a pipe
    end_without(task.host)

    def tell(data: Mapping[str, Any]) -> None:
        told.write(json.dumps(data).encode() + b"\n")
        told.flush()

    try:
        tell({"result": measure(task, tell)})
    except ActivationError as error:
        tell({"failure": {"stage": error.stage, "reason": error.reason}})
    except (EdgeAdaptError, MemoryError) as error:
        reason = getattr(error, "reason", "") or str(error) or "there is too little memory"
        tell({"failure": {"stage": "running", "reason": reason}})
    # Nothing of the runtime's end matters any more, and it takes its time.
    os._exit(0)


def measure(task: Task, tell: Tell) -> dict[str, Any]:
    """Make the variant serve and run it; times are in nanoseconds, memory in bytes.

    Raises ActivationError where it would not serve, InputError and InferenceError where it doesn't answer.
    """
    (variant,) = task.family.variants
    memory = MemoryWatch()
    # Here, so that it is no part of what the runtime or the variant adds.
    run_ns = array("q", bytes(8 * task.runs))
    unused = memory.resident()
    _use_the_runtime(variant)
    gc.collect()
    memory.restart()
    before = memory.resident()
    tell({"stage": "checking"})
    end_after(task.family.activation.load_timeout_s)
    checks = Preparation(task.family)
    backend = default_loader(task.family)(variant.name)
    tell({"stage": "loading"})
    started = time.perf_counter_ns()
    backend.load()
    load_ns = time.perf_counter_ns() - started
    tell({"stage": "warming"})
    checks.warm(variant.name, backend)
    tell({"stage": "validating"})
    infer = checks.validate(variant.name, backend) or backend.infer
    contract = task.family.contract
    specs = (
        infer.inputs
        if isinstance(infer, Adapted)
        else sized_by(backend.inputs, (contract and contract.inputs) or ())
    )
    tell({"stage": "running"})
    given = choose(variant.name, specs, variant.golden, task.sample, task.dims)
    end_after(task.timeout_s)
    for _ in range(task.warm_up):
        infer(given.inputs)
        end_after(task.timeout_s)
    waits_before = cpu_wait()
    _time(infer, given.inputs, run_ns, task, tell)
    waits = cpu_wait()
    # Before anything is made of them.
    held, peak = memory.resident(), memory.peak()
    return {
        "run_ns": run_ns.tolist(),
        "waited": None
        if waits is None or waits_before is None
        else [a - b for a, b in zip(waits, waits_before, strict=True)],
        "load_ns": load_ns,
        "steady_bytes": held - before,
        "peak_bytes": peak - before,
        "runtime_bytes": before - unused,
        "inputs": given.tensors(specs),
        "inputs_from": given.source,
        "notes": list(given.notes),
        "open_dims": sorted(open_dims(specs)),
        "activation": getattr(backend, "activation", ""),
        "versions": _versions(getattr(backend, "activation", "")),
    }


def _time(infer: Callable[[Any], Any], inputs: Any, run_ns: array[int], task: Task, tell: Tell) -> None:
    clock = time.perf_counter_ns
    tick = clock()
    for number in range(len(run_ns)):
        started = clock()
        infer(inputs)
        ended = clock()
        run_ns[number] = ended - started
        if ended - tick >= _TICK_NS:
            end_after(task.timeout_s)
            tell({"done": number + 1})
            tick = ended
    end_after(0)


def _use_the_runtime(variant: ModelVariant) -> None:
    """Load and drop a model that does nothing, opened as the variant will be: an engine's runtime has been used before."""
    if variant.backend != "onnx":
        return
    from edgeadapt.backends.onnx_backend import ONNXBackend

    support()
    handle, path = tempfile.mkstemp(suffix=".onnx")
    try:
        with open(handle, "wb") as file:
            file.write(_IDENTITY)
        nothing = attrs.evolve(
            variant, path=path, sha256=None, golden=None, adapter=None, metadata=VariantMetadata()
        )
        backend = ONNXBackend(nothing)
        # A provider that is not there is told of the variant itself.
        with suppress(ActivationError):
            backend.load()
        backend.unload()
    finally:
        os.unlink(path)


def _versions(activation: str) -> dict[str, str]:
    found = {
        name: str(getattr(sys.modules[name], "__version__", ""))
        for name in ("numpy", "onnxruntime", "openvino")
        if name in sys.modules
    }
    if activation == "native":
        found["onnxruntime"] = support().version or ""
    return {name: version for name, version in found.items() if version}
