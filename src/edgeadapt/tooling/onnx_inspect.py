"""What there is to know of an ONNX model before anything runs it, as plain data; neither `onnx` nor its weights are needed."""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

from edgeadapt.backends.external_data import external_files, refuse_outside
from edgeadapt.backends.onnx_quantization import is_quantized_operator
from edgeadapt.backends.regular_file import open_regular
from edgeadapt.errors import ActivationError, ModelFileError
from edgeadapt.registry.variant import ModelVariant
from edgeadapt.tooling.model_refusal import HEAD_BYTES, refusal
from edgeadapt.tooling.onnx_facts import ModelFacts, TensorFact, read_facts
from edgeadapt.tooling.runtime_probe import probe_onnxruntime
from edgeadapt.wording import shown

# Whose operators ONNX Runtime has; an empty domain is ONNX's own.
_KNOWN_DOMAINS = ("", "ai.onnx", "ai.onnx.ml", "ai.onnx.preview.training", "ai.onnx.training")
_WHOLE_WEIGHTS = ("int8", "uint8", "int4", "uint4", "int2", "uint2")


def describe_onnx_model(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Return what a model's file says: plain data that JSON can hold.

    Keys: `path`, `size_bytes` and `external` (its weights' files), `ir_version`, `producer`, `opsets` by domain, `inputs`
    and `outputs`, `parameters` (the numbers in its weights) with `parameters_by_type`, `operators` by name, `quantization`,
    `metadata`, `providers` (ONNX Runtime's, here) and `notes`. Raises ModelFileError for what is no model or can't be read.
    """
    name = os.fsdecode(path)
    facts, size = read_model(name)
    operators = _by_name(facts)
    external = [{"path": each, "size_bytes": _size(each)} for each in external_files(name)]
    probed = probe_onnxruntime()
    return {
        "path": name,
        "size_bytes": size,
        "external": external,
        "ir_version": facts.ir_version,
        "producer": " ".join(filter(None, (facts.producer, facts.producer_version))),
        "opsets": facts.opsets,
        "inputs": [_tensor(each) for each in facts.inputs],
        "outputs": [_tensor(each) for each in facts.outputs],
        "parameters": sum(facts.weights.values()),
        "parameters_by_type": dict(facts.weights.most_common()),
        "operators": dict(operators.most_common()),
        "quantization": _quantization(facts, operators),
        "metadata": facts.metadata,
        "providers": {"available": probed["providers"], "error": probed["error"]},
        "notes": _notes(name, facts, external),
    }


def read_model(path: str) -> tuple[ModelFacts, int]:
    """Return what a model's file says of itself, and its size in bytes; raises ModelFileError as above."""
    try:
        with open_regular(path) as file:
            size = os.fstat(file.fileno()).st_size
            head = file.read(HEAD_BYTES)
            facts = read_facts(file)
    except OSError as error:
        raise ModelFileError(
            path, f"cannot read it: {(error.strerror or 'unreadable').lower()}", "check the path"
        ) from None
    except ValueError:  # a NUL in the path
        raise ModelFileError(shown(path), "this is not a path", "give the path of an .onnx file") from None
    problem, remedy = refusal(facts, head, size)
    if problem:
        raise ModelFileError(path, problem, remedy)
    return facts, size


def weight_bytes(path: str) -> int:
    """Return how large the files are that a model keeps weights in besides its own."""
    return sum(_size(each) or 0 for each in external_files(path))


def _by_name(facts: ModelFacts) -> Counter[str]:
    found: Counter[str] = Counter()
    for (domain, operator), count in facts.operators.items():
        found[operator if domain in ("", "ai.onnx") else f"{domain}.{operator}"] += count
    return found


def _tensor(fact: TensorFact) -> dict[str, Any]:
    shape = None if fact.shape is None else list(fact.shape)
    return {"name": fact.name, "dtype": fact.dtype, "shape": shape}


def _quantization(facts: ModelFacts, operators: Counter[str]) -> dict[str, Any]:
    """Say how the model computes with quantized numbers: `kind` is none, dynamic, static, weights or other."""
    used = {name: count for name, count in operators.most_common() if is_quantized_operator(name)}
    names = {name.rpartition(".")[2] for name in used}
    weights = sorted(kind for kind in _WHOLE_WEIGHTS if facts.weights[kind])
    if not used:
        kind = "none"
    elif "DynamicQuantizeLinear" in names or any(name.startswith("DynamicQuantize") for name in names):
        kind = "dynamic"
    elif "QuantizeLinear" in names or any(name.startswith("QLinear") for name in names):
        kind = "static"
    elif names == {"DequantizeLinear"} or any("NBits" in name or "Bnb4" in name for name in names):
        kind = "weights"
    else:
        kind = "other"
    return {"kind": kind, "operators": used, "weight_types": weights if used else []}


def _notes(path: str, facts: ModelFacts, external: list[dict[str, Any]]) -> list[str]:
    notes = [
        f"the weights' file {shown(each['path'])} is missing"
        for each in external
        if each["size_bytes"] is None
    ]
    try:
        with open_regular(path) as file:
            refuse_outside(ModelVariant("model", path), file.fileno(), os.fstat(file.fileno()).st_size)
    except (ActivationError, OSError, ValueError) as error:
        # ValueError: a path that a family could not name.
        notes.append(getattr(error, "reason", str(error)))
    if not facts.is_whole:
        notes.append("the graph is larger than is looked at: counts and inputs are of its beginning")
    other = {
        domain for domain, _ in facts.operators if domain not in _KNOWN_DOMAINS and not _is_microsofts(domain)
    }
    notes += [
        f"operators of {shown(domain)} are no part of ONNX Runtime: it needs a library that has them"
        for domain in sorted(other)
    ]
    return notes


def _is_microsofts(domain: str) -> bool:
    return domain == "com.microsoft" or domain.startswith("com.microsoft.")


def _size(path: str) -> int | None:
    try:
        return os.path.getsize(path) if os.path.isfile(path) else None
    except (OSError, ValueError):
        return None
