"""Whether an ONNX model computes with quantized numbers: told by its operators' names, read from its file unloaded."""

from __future__ import annotations

import os
from functools import lru_cache

from edgeadapt.backends.protobuf_records import ProtobufRecords
from edgeadapt.registry.integrity import FileIdentity

# Field numbers of ONNX's protobuf: ModelProto.graph, GraphProto.node, NodeProto.op_type.
_GRAPH, _NODE, _OP_TYPE = 7, 1, 4
# QuantizeLinear and DequantizeLinear, QLinearConv and the other QLinear*, and what takes whole or packed numbers.
_PARTS = (
    "QuantizeLinear",
    "DequantizeLinear",
    "QLinear",
    "Integer",
    "NBits",
    "Bnb4",
    "QAttention",
    "QGemm",
    "QMoE",
    "QEmbed",
)


def is_quantized_operator(name: str) -> bool:
    """Whether an operator takes, gives or makes quantized numbers."""
    return any(part in name for part in _PARTS)


def has_quantized_operators(path: str, identity: FileIdentity | None = None) -> bool | None:
    """Say whether it has any; None where its file can't tell, or is not the one of that identity any more."""
    try:
        found = FileIdentity.of(os.stat(path))
    except (OSError, ValueError):  # ValueError: a path that can't be one
        return None
    if identity is not None and identity != found:
        return None
    return _read(path, found)


# A file is read once: a large graph takes a tenth of a second.
@lru_cache(maxsize=64)
def _read(path: str, identity: FileIdentity) -> bool | None:
    try:
        with open(path, "rb", buffering=0) as file:
            if FileIdentity.of(os.fstat(file.fileno())) != identity:
                return None
            records = ProtobufRecords(file)
            has_nodes = False
            for graph in records.fields(records.whole, _GRAPH):
                for node in records.fields(graph, _NODE):
                    name = next((records.text(span) for span in records.fields(node, _OP_TYPE)), "")
                    if is_quantized_operator(name):
                        return True
                    has_nodes = True
    except OSError:
        return None
    # Formats besides ONNX's own, and graphs that were not read to their end, tell nothing.
    return False if has_nodes and not records.is_cut_off else None
