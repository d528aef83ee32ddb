"""ONNX models by OpenVINO: the same files, inputs and answers as by ONNX Runtime."""

from __future__ import annotations

import time
from collections import deque
from typing import Any

import numpy as np

from edgeadapt.backends.base import BackendCapability, InferenceBackend
from edgeadapt.backends.capability import capability_of
from edgeadapt.backends.onnx_inputs import bind, takes
from edgeadapt.backends.openvino_errors import openvino_words
from edgeadapt.backends.openvino_model import OpenedModel, open_model
from edgeadapt.backends.tensor_spec import TensorSpec
from edgeadapt.errors import ActivationError, InferenceError, InputError, NotServing
from edgeadapt.registry.integrity import OpenedFile
from edgeadapt.registry.variant import ModelVariant
from edgeadapt.wording import shown

_WIDEST = np.iinfo("int32")


class OpenVINOBackend(InferenceBackend):
    """One variant's ONNX file; `infer` takes what ONNXBackend's takes.

    Of the variant's session options `providers` names one device (`CPU`), `intra_op_num_threads` its threads, and
    `config_entries` OpenVINO's properties. `file` is the model's file, open and checked, which the backend closes.
    """

    def __init__(self, variant: ModelVariant, *, file: OpenedFile | None = None) -> None:
        self.variant = variant
        self._file = file
        self._is_closed = False
        self._serving: _Serving | None = None
        self._inputs: tuple[TensorSpec, ...] = ()
        self._outputs: tuple[TensorSpec, ...] = ()
        self._quantized = False
        self._last_load_time_sec: float | None = None

    def load(self) -> None:
        """Read and compile the model; raises ActivationError. Does nothing when it is loaded."""
        if self.is_loaded:
            return
        started = time.perf_counter()
        try:
            self._check()
            model = open_model(self.variant, self._file)
            if self._file is not None:
                self._file.confirm("loading")
        finally:
            self._close_file()
        self._inputs, self._outputs, self._quantized = model.inputs, model.outputs, model.quantized
        self._last_load_time_sec = time.perf_counter() - started
        # Last: from here on `infer` is answered.
        self._serving = _Serving(model)

    def _check(self) -> None:
        if self.variant.preflight is not None:
            problem = "`preflight` is for `backend: onnx`; leave it out"
            raise ActivationError(self.variant.name, "checking", problem)
        if self._is_closed:
            # Its descriptor may be another file's by now.
            problem = "its file was checked for one load; make a new backend for each"
            raise ActivationError(self.variant.name, "checking", problem)

    def infer(self, inputs: Any) -> Any:
        """Return the one output as an array, several as a dict by name.

        Raises InputError for inputs that don't fit, NotServing when it is not loaded, InferenceError where OpenVINO fails.
        """
        # One look: another thread's unload between two would leave None.
        serving = self._serving
        if serving is None:
            raise NotServing(f"variant `{self.variant.name}` is not loaded")
        feed = bind(serving.inputs, inputs)
        _check_range(serving.inputs, feed)
        try:
            answers = serving.run(list(feed.values()))
        except Exception as error:
            reason = f"{openvino_words(error)}; {takes(serving.inputs)}"
            raise InferenceError(self.variant.name, reason) from error
        return answers[0] if len(answers) == 1 else dict(zip(serving.output_names, answers, strict=True))

    def unload(self) -> None:
        """Let go of the model; inferences in progress keep it to their end."""
        self._close_file()
        self._serving = None

    @property
    def is_loaded(self) -> bool:
        """Whether the model is compiled."""
        return self._serving is not None

    @property
    def last_load_time_sec(self) -> float | None:
        """How long the last load took, once there was one."""
        return self._last_load_time_sec

    @property
    def inputs(self) -> tuple[TensorSpec, ...]:
        """What the loaded model takes, in its order; OpenVINO keeps no names of open sizes."""
        return self._inputs

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        """What the loaded model gives, in its order."""
        return self._outputs

    @property
    def capabilities(self) -> BackendCapability:
        """What the loaded model can do."""
        return capability_of("openvino", self._inputs, self._outputs, quantized=self._quantized)

    def _close_file(self) -> None:
        if self._file is not None:
            self._is_closed = True
            self._file.close()


def _check_range(specs: tuple[TensorSpec, ...], feed: dict[str, Any]) -> None:
    """Refuse whole numbers that OpenVINO would cut off without a word: it computes in 32 bits whatever a model says."""
    for name, array in feed.items():
        if array.dtype.kind in "iu" and array.dtype.itemsize >= _WIDEST.dtype.itemsize and array.size:
            for value in (array.min(), array.max()):
                if not _WIDEST.min <= value <= _WIDEST.max:
                    problem = (
                        f"{shown(name)} was given {value}, and OpenVINO computes whole numbers in 32 bits"
                    )
                    raise InputError(f"{takes(specs)}; {problem}; use `backend: onnx`")


class _Serving:
    """A compiled model, and the requests that run it: each thread has one to itself while it infers."""

    def __init__(self, model: OpenedModel) -> None:
        self.inputs = model.inputs
        self.output_names = [spec.name for spec in model.outputs]
        self._compiled = model.compiled
        # Its `pop` and `append` are one step each, for any number of threads.
        self._idle: deque[Any] = deque()

    def run(self, values: list[Any]) -> list[Any]:
        try:
            request = self._idle.pop()
        except IndexError:
            request = self._compiled.create_infer_request()
        # Copies both ways: a request's own buffers are written to again by its next run.
        results = request.infer(values, share_inputs=False, share_outputs=False)
        answers = [results[index] for index in range(len(self.output_names))]
        self._idle.append(request)
        return answers
