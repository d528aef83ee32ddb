"""A described model as a table for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from edgeadapt.cli.output.columns import UNBROKEN, columns
from edgeadapt.cli.output.terminal import printable

_MOST_OPERATORS = 12
_KINDS = {
    "none": "none",
    "dynamic": "dynamic: activations are quantized as they come",
    "static": "static: activations by scales in the model",
    "weights": "weights only: they are stored small and computed with as floats",
    "other": "by operators of its own",
}
_UNITS = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"))


def model_lines(described: Mapping[str, Any]) -> Iterator[str]:
    """Lay out what `describe_onnx_model` returned, but its notes."""
    yield from columns([(name, printable(text)) for name, text in _facts(described)])


def _facts(described: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "model", described["path"]
    yield "size", _size(described)
    # Tools declare domains in plenty; those that no operator is of say nothing.
    used = {"ai.onnx", *(name.rpartition(".")[0] for name in described["operators"])}
    for side in ("inputs", "outputs"):
        tensors = described[side]
        for index, tensor in enumerate(tensors):
            yield ("" if index else side), tensor_text(tensor)
        if not tensors:
            yield side, "none"
    opsets = ", ".join(
        f"{domain} {version}" for domain, version in described["opsets"].items() if domain in used
    )
    by = f"; made by {described['producer']}" if described["producer"] else ""
    yield "opset", f"{opsets or 'unknown'}; IR version {described['ir_version']}{by}"
    yield "parameters", _parameters(described)
    yield "operators", _operators(described["operators"])
    yield "quantization", _quantization(described["quantization"])
    for key, value in described["metadata"].items():
        yield "metadata", f"{key}: {value}"
    providers = described["providers"]
    yield "providers", ", ".join(providers["available"]) or f"none here: {providers['error']}"


def tensor_text(tensor: Mapping[str, Any]) -> str:
    """Write an input or output: `image float32 [N, 1, 8, 8]`."""
    shape = tensor["shape"]
    if shape is None:
        return f"{tensor['name']} {tensor['dtype']} of any shape"
    dims = ", ".join("?" if dim is None else str(dim) for dim in shape)
    return f"{tensor['name']} {tensor['dtype']} [{dims}]"


def bytes_text(count: int) -> str:
    """Write a size: `2.08 MB`."""
    for unit, name in _UNITS:
        if count >= unit:
            return f"{count / unit:.3g}{UNBROKEN}{name}"
    return f"{count}{UNBROKEN}bytes"


def _size(described: Mapping[str, Any]) -> str:
    own, external = described["size_bytes"], described["external"]
    if not external:
        return bytes_text(own)
    there = [each["size_bytes"] for each in external if each["size_bytes"] is not None]
    files = "1 file" if len(external) == 1 else f"{len(external)} files"
    return f"{bytes_text(own + sum(there))}: {bytes_text(own)} and {bytes_text(sum(there))} of weights in {files}"


def _parameters(described: Mapping[str, Any]) -> str:
    kinds = described["parameters_by_type"]
    if not kinds:
        return "none"
    if len(kinds) == 1:
        return f"{described['parameters']:,}, {next(iter(kinds))}"
    return f"{described['parameters']:,}: " + ", ".join(f"{count:,} {kind}" for kind, count in kinds.items())


def _operators(operators: Mapping[str, int]) -> str:
    rows = list(operators.items())
    listed = [f"{name or '?'}{UNBROKEN}{count}" for name, count in rows[:_MOST_OPERATORS]]
    if len(rows) > _MOST_OPERATORS:
        listed.append(f"and {len(rows) - _MOST_OPERATORS} more kinds")
    return f"{sum(operators.values()):,} in all: {', '.join(listed)}" if rows else "none"


def _quantization(found: Mapping[str, Any]) -> str:
    if found["kind"] == "none":
        return _KINDS["none"]
    used = ", ".join(f"{name}{UNBROKEN}{count}" for name, count in found["operators"].items())
    stored = f"; weights as {', '.join(found['weight_types'])}" if found["weight_types"] else ""
    return f"{_KINDS[found['kind']]} ({used}){stored}"
