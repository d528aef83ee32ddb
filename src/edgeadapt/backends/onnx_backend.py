"""ONNX models through ONNX Runtime's Python API."""

from __future__ import annotations

import time
from typing import Any

from edgeadapt.backends.base import BackendCapability, InferenceBackend
from edgeadapt.backends.onnx_inputs import bind, takes
from edgeadapt.backends.onnx_session import one_line, open_session
from edgeadapt.backends.tensor_spec import TensorSpec
from edgeadapt.errors import ActivationError, InferenceError, InputError, NotServing
from edgeadapt.registry.variant import ModelVariant


class ONNXBackend(InferenceBackend):
    """One variant's ONNX file.

    `infer` takes an array, a dict of arrays by input name, or a list or tuple with one array an input, in the model's
    order; InputError says what the model takes where they don't fit.
    """

    def __init__(self, variant: ModelVariant) -> None:
        self.variant = variant
        self._session: Any = None
        self._inputs: tuple[TensorSpec, ...] = ()
        self._outputs: tuple[TensorSpec, ...] = ()
        self._output_names: list[str] = []
        self._last_load_time_sec: float | None = None

    def load(self) -> None:
        """Open the model; raises ActivationError. Does nothing when it is open."""
        if self._session is not None:
            return
        started = time.perf_counter()
        session = open_session(self.variant)
        try:
            self._inputs = tuple(TensorSpec.of(argument) for argument in session.get_inputs())
            self._outputs = tuple(TensorSpec.of(argument) for argument in session.get_outputs())
            self._output_names = [spec.name for spec in self._outputs]
        except Exception as error:
            # Names that are no UTF-8 come this far.
            reason = f"cannot tell what `{self.variant.path}` takes and gives: {one_line(error)}"
            raise ActivationError(self.variant.name, "loading", reason) from error
        self._last_load_time_sec = time.perf_counter() - started
        # Last: from here on `infer` is answered.
        self._session = session

    def infer(self, inputs: Any) -> Any:
        """Return the one output as an array, several as a dict by name.

        Raises InputError for inputs that don't fit, NotServing when it is not loaded, InferenceError where ONNX
        Runtime fails.
        """
        # One look: another thread's unload between two would leave None.
        session = self._session
        if session is None:
            raise NotServing(f"variant `{self.variant.name}` is not loaded")
        feed = bind(self._inputs, inputs)
        try:
            answers = session.run(self._output_names, feed)
        except Exception as error:
            raise self._explained(error) from error
        return answers[0] if len(answers) == 1 else dict(zip(self._output_names, answers, strict=True))

    def unload(self) -> None:
        """Let go of the session; inferences in progress keep it to their end."""
        self._session = None

    @property
    def is_loaded(self) -> bool:
        """Whether the session is open."""
        return self._session is not None

    @property
    def last_load_time_sec(self) -> float | None:
        """How long the last load took, once there was one."""
        return self._last_load_time_sec

    @property
    def inputs(self) -> tuple[TensorSpec, ...]:
        """What the open model takes, in its order."""
        return self._inputs

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        """What the open model gives, in its order."""
        return self._outputs

    @property
    def capabilities(self) -> BackendCapability:
        """What the open model can do. `quantized` is what the variant's attributes say: `quantized` or `int8`."""
        shapes = [spec.shape for spec in self._inputs]
        batches = [shape[0] for shape in shapes if shape and isinstance(shape[0], int)]
        attributes = dict(self.variant.attribute_pairs)
        return BackendCapability(
            backend="onnx",
            dynamic_shapes=any(not isinstance(dim, int) for shape in shapes for dim in shape),
            max_batch=min(batches, default=None),
            concurrent_infer=True,
            quantized=any(attributes.get(name) is True for name in ("quantized", "int8")),
            input_names=tuple(spec.name for spec in self._inputs),
            output_names=tuple(self._output_names),
        )

    def _explained(self, error: Exception) -> InferenceError | InputError:
        text = one_line(error)
        # ONNX Runtime's class for what the caller got wrong; by name, for the module is not imported here.
        if type(error).__name__ == "InvalidArgument":
            return InputError(f"{takes(self._inputs)}; {text}")
        return InferenceError(self.variant.name, f"{text}; {takes(self._inputs)}")
