"""ONNX models: by ONNX Runtime's C API where that can, else by its Python API, with the same answers."""

from __future__ import annotations

import time
from typing import Any

from edgeadapt import _core
from edgeadapt.backends.base import BackendCapability, InferenceBackend
from edgeadapt.backends.capability import capability_of
from edgeadapt.backends.onnx_errors import explained, one_line
from edgeadapt.backends.onnx_inputs import bind, plain
from edgeadapt.backends.onnx_native import UsePython, open_native
from edgeadapt.backends.onnx_quantization import has_quantized_operators
from edgeadapt.backends.onnx_session import open_session
from edgeadapt.backends.tensor_spec import TensorSpec
from edgeadapt.errors import ActivationError, InferenceError, InputError, NotServing
from edgeadapt.registry.integrity import OpenedFile
from edgeadapt.registry.variant import ModelVariant


class ONNXBackend(InferenceBackend):
    """One variant's ONNX file.

    `infer` takes an array, a dict of arrays by input name, or a list or tuple with one array an input, in the model's
    order; InputError says what the model takes where they don't fit.

    `standby` opens it for small memory and a quick load instead of quick answers: weights in a file of their own stay
    mapped. `file` is the model's file, open and checked: `load` reads that one, which its owner keeps open so long.
    """

    def __init__(
        self, variant: ModelVariant, *, standby: bool = False, file: OpenedFile | None = None
    ) -> None:
        self.variant = variant
        self.standby = standby
        self._file = file
        self._cancellation = _core.LoadCancellation()
        self._native: _core.OnnxSession | None = None
        self._session: Any = None
        self._activation_reason = ""
        self._inputs: tuple[TensorSpec, ...] = ()
        self._outputs: tuple[TensorSpec, ...] = ()
        self._output_names: list[str] = []
        self._last_load_time_sec: float | None = None

    def load(self) -> None:
        """Open the model; raises ActivationError. Does nothing when it is open."""
        if self.is_loaded:
            return
        started = time.perf_counter()
        native, session, reason = self._open()
        try:
            described = native if native is not None else _Described(session)
            self._inputs = tuple(TensorSpec.of(argument) for argument in described.inputs)
            self._outputs = tuple(TensorSpec.of(argument) for argument in described.outputs)
            self._output_names = [spec.name for spec in self._outputs]
        except Exception as error:
            # Names that are no UTF-8 come this far.
            raise ActivationError(
                self.variant.name,
                "loading",
                f"cannot tell what `{self.variant.path}` takes and gives: {one_line(error)}",
            ) from error
        self._activation_reason = reason
        self._last_load_time_sec = time.perf_counter() - started
        # Last: from here on `infer` is answered.
        self._native, self._session = native, session

    def _open(self) -> tuple[_core.OnnxSession | None, Any, str]:
        try:
            return (
                open_native(self.variant, self._file, self._cancellation, standby=self.standby),
                None,
                "",
            )
        except UsePython as why:
            return None, open_session(self.variant, self._file, standby=self.standby), str(why)

    def cancel_load(self) -> None:
        """End a load in progress, and any later one, by an ActivationError; a load by the Python API goes on."""
        self._cancellation.cancel()

    def infer(self, inputs: Any) -> Any:
        """Return the one output as an array, several as a dict by name.

        Raises InputError for inputs that don't fit, NotServing when it is not loaded, InferenceError where ONNX
        Runtime fails.
        """
        # One look: another thread's unload between two would leave None.
        native, session = self._native, self._session
        if native is not None:
            answer = native.infer(inputs)
            return self._infer_bound(native, inputs) if answer is NotImplemented else answer
        if session is None:
            raise NotServing(f"variant `{self.variant.name}` is not loaded")
        feed = bind(self._inputs, inputs)
        try:
            answers = session.run(self._output_names, feed)
        except Exception as error:
            raise self._explained(error) from error
        return answers[0] if len(answers) == 1 else dict(zip(self._output_names, answers, strict=True))

    def _infer_bound(self, native: _core.OnnxSession, inputs: Any) -> Any:
        answer = native.infer(plain(self._inputs, inputs))
        assert answer is not NotImplemented, "what `bind` let through fits"
        return answer

    def unload(self) -> None:
        """Let go of the session; inferences in progress keep it to their end."""
        self._native = self._session = None

    @property
    def is_loaded(self) -> bool:
        """Whether the model is open."""
        return self._native is not None or self._session is not None

    @property
    def native(self) -> _core.OnnxSession | None:
        """The native session, where one serves."""
        return self._native

    @property
    def activation(self) -> str:
        """Which API of ONNX Runtime serves: `native` or `python`; empty before it is loaded."""
        if self._native is not None:
            return "native"
        return "" if self._session is None else "python"

    @property
    def activation_reason(self) -> str:
        """Why the Python API serves; empty where the native one does."""
        return self._activation_reason

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
        """What the open model can do; its file, or else the variant's attributes, tell whether it is quantized."""
        identity = None if self._file is None else self._file.identity
        found = has_quantized_operators(self.variant.path, identity) if self._inputs else None
        if found is None:
            attributes = dict(self.variant.attribute_pairs)
            found = any(attributes.get(name) is True for name in ("quantized", "int8"))
        return capability_of("onnx", self._inputs, self._outputs, quantized=found)

    def _explained(self, error: Exception) -> InferenceError | InputError:
        # By name, for the module is not imported here.
        is_invalid = type(error).__name__ == "InvalidArgument"
        return explained(self.variant.name, self._inputs, one_line(error), is_invalid=is_invalid)


class _Described:
    """The Python session's descriptions under the native one's names."""

    def __init__(self, session: Any) -> None:
        self.inputs = session.get_inputs()
        self.outputs = session.get_outputs()
