"""Opens an ONNX model in OpenVINO, as a variant's options say, and tells what it takes and gives.

The only module that imports openvino. Every failure is an ActivationError.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import attrs
import numpy as np

from edgeadapt.backends.external_data import external_files
from edgeadapt.backends.onnx_file import ModelSource, open_from
from edgeadapt.backends.openvino_errors import openvino_words
from edgeadapt.backends.tensor_spec import TensorSpec
from edgeadapt.errors import ActivationError
from edgeadapt.registry.integrity import FileIdentity, OpenedFile
from edgeadapt.registry.variant import ModelVariant
from edgeadapt.wording import shown

# One answer at a time, soon, and in the numbers of the model: by itself it takes 16 bits where the processor has them.
_PROPERTIES = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}
_DEVICE = "CPU"
# OpenVINO's names of the element types that NumPy has too.
_DTYPES = {
    "f16": "float16",
    "f32": "float32",
    "f64": "float64",
    "i8": "int8",
    "i16": "int16",
    "i32": "int32",
    "i64": "int64",
    "u8": "uint8",
    "u16": "uint16",
    "u32": "uint32",
    "u64": "uint64",
    "boolean": "bool",
}
_TELEMETRY = "openvino_telemetry"
_IMPORTING = threading.Lock()
_QUANTIZED_TYPES = {"i4", "u4", "i8", "u8"}


@attrs.frozen
class OpenedModel:
    """A compiled model, what it takes and gives, and whether it computes with quantized numbers."""

    compiled: Any
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    quantized: bool


def open_model(variant: ModelVariant, file: OpenedFile | None) -> OpenedModel:
    """Return a variant's model, compiled; raises ActivationError in stage `checking` or `loading`."""
    openvino = _import(variant)
    device, properties = _device(variant), _properties(variant)
    core = openvino.Core()
    model = _read_from(core, variant, file)
    inputs, outputs = _specs(model.inputs), _specs(model.outputs)
    for spec in (*inputs, *outputs):
        if spec.dtype is None:
            problem = f"{shown(spec.name)} is {spec.type_name}, {_why_not(spec)}; use `backend: onnx`"
            raise ActivationError(variant.name, "loading", problem)
    try:
        compiled = core.compile_model(model, device, properties)
    except Exception as error:
        reason = f"cannot compile `{variant.path}` for {shown(device)}: {openvino_words(error)}"
        raise ActivationError(variant.name, "loading", reason) from error
    return OpenedModel(compiled, inputs, outputs, any(map(_is_quantized, model.get_ops())))


def _import(variant: ModelVariant) -> Any:
    """Import openvino without what it reports to its maker: each import, as long as nobody has opted out."""
    with _IMPORTING:
        hidden = "openvino" not in sys.modules and _TELEMETRY not in sys.modules
        if hidden:
            sys.modules[_TELEMETRY] = None  # type: ignore[assignment] # as the import system marks what is not there
        try:
            return import_module("openvino")
        except ImportError as error:
            raise ActivationError(
                variant.name,
                "loading",
                f"openvino cannot be imported ({openvino_words(error)}); "
                "install it: pip install 'edgeadapt[openvino]'",
            ) from error
        finally:
            if hidden:
                del sys.modules[_TELEMETRY]


def _read_from(core: Any, variant: ModelVariant, file: OpenedFile | None) -> Any:
    def read(source: ModelSource) -> Any:
        try:
            return core.read_model(source.model)
        except Exception as error:
            reason = f"cannot load `{variant.path}`: {openvino_words(error)}"
            raise ActivationError(variant.name, "loading", reason) from error

    if file is None or not external_files(variant.path):
        return open_from(variant, file, read)
    # Weights in files of their own are found by the model's path alone.
    _check_same(variant, file)
    model = open_from(variant, None, read)
    _check_same(variant, file)
    return model


def _check_same(variant: ModelVariant, file: OpenedFile) -> None:
    try:
        found = FileIdentity.of(os.stat(variant.path))
    except OSError:
        found = None
    if found != file.identity:
        reason = f"`{variant.path}` was replaced while it was loaded; load it again"
        raise ActivationError(variant.name, "loading", reason)


def _device(variant: ModelVariant) -> str:
    devices = variant.session.providers
    if len(devices) > 1:
        raise ActivationError(
            variant.name,
            "loading",
            "OpenVINO takes one device in `providers`; name the order inside it: `AUTO:GPU,CPU`",
        )
    return devices[0] if devices else _DEVICE


def _properties(variant: ModelVariant) -> dict[str, str]:
    wanted = variant.session
    for name in ("inter_op_num_threads", "graph_optimization_level"):
        if getattr(wanted, name) is not None:
            raise ActivationError(variant.name, "loading", f"OpenVINO has no `{name}`; leave it out")
    properties = dict(_PROPERTIES)
    if wanted.intra_op_num_threads is not None:
        properties["INFERENCE_NUM_THREADS"] = str(wanted.intra_op_num_threads)
    return {**properties, **dict(wanted.config_entries)}


def _specs(ports: Sequence[Any]) -> tuple[TensorSpec, ...]:
    return tuple(_spec(port) for port in ports)


def _spec(port: Any) -> TensorSpec:
    kind = port.get_element_type().get_type_name()
    text = _DTYPES.get(kind)
    shape = port.get_partial_shape()
    sizes = (
        () if shape.rank.is_dynamic else tuple(None if dim.is_dynamic else dim.get_length() for dim in shape)
    )
    return TensorSpec(_name(port), text or kind, np.dtype(text) if text else None, sizes)


def _why_not(spec: TensorSpec) -> str:
    if spec.type_name == "string":
        # A model that has run with text corrupts memory when the process ends (seen in 2026.4).
        return "which ends the process in OpenVINO"
    return "which NumPy has not"


def _name(port: Any) -> str:
    # A tensor that only passes through has all the names on its way; the node keeps the model's own.
    name: str = port.get_node().get_friendly_name().removesuffix("/sink_port_0")
    return name if name in port.get_names() else str(port.get_any_name())


def _is_quantized(op: Any) -> bool:
    kind = op.get_type_name()
    if kind == "Constant":
        # A lone number of eight bits is a zero point or a setting.
        return op.get_element_type().get_type_name() in _QUANTIZED_TYPES and len(op.get_output_shape(0)) > 1
    return kind in ("FakeQuantize", "FakeConvert")
