"""The backends that EdgeAdapt brings: what a variant's `backend:` may say, how each is made, and what each needs."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from edgeadapt.backends.base import InferenceBackend
from edgeadapt.backends.rehearsal import Rehearsal
from edgeadapt.registry.integrity import OpenedFile
from edgeadapt.registry.variant import ModelVariant

# Makes a backend of a variant, its file (which it closes), `standby`, the longest that a load may take, and what will be
# run of the variant before it serves.
Maker = Callable[[ModelVariant, OpenedFile, bool, float, Rehearsal], InferenceBackend]


@attrs.frozen
class ShippedBackend:
    """One backend: `make`; the `module` of the runtime that it needs; and the command that installs that, `install`."""

    make: Maker
    module: str
    install: str
    library_variable: str = ""
    """The environment variable that names the runtime's library, where that can serve without the module."""


def _onnx(
    variant: ModelVariant, file: OpenedFile, standby: bool, load_timeout_s: float, rehearsal: Rehearsal
) -> InferenceBackend:
    # Imported here: it needs NumPy, which nobody else on the way to a decision does.
    from edgeadapt.backends.checked_onnx import CheckedONNXBackend

    return CheckedONNXBackend(
        variant, file, standby=standby, load_timeout_s=load_timeout_s, rehearsal=rehearsal
    )


def _openvino(
    variant: ModelVariant, file: OpenedFile, standby: bool, load_timeout_s: float, rehearsal: Rehearsal
) -> InferenceBackend:
    del standby, load_timeout_s, rehearsal  # it knows one way to open a model, and has no preflight
    from edgeadapt.backends.openvino_backend import OpenVINOBackend

    return OpenVINOBackend(variant, file=file)


BACKENDS: dict[str, ShippedBackend] = {
    "onnx": ShippedBackend(_onnx, "onnxruntime", "pip install onnxruntime", "EDGEADAPT_ONNXRUNTIME_LIBRARY"),
    "openvino": ShippedBackend(_openvino, "openvino", "pip install 'edgeadapt[openvino]'"),
}

# Tags that families use elsewhere, for which a loader of the host's has to make the backend.
NOT_SHIPPED = ("tflite", "coreml")
