"""What ONNX Runtime's refusals become, from the native session and from the Python one alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from edgeadapt.backends.onnx_inputs import takes
from edgeadapt.backends.tensor_spec import TensorSpec
from edgeadapt.errors import ActivationError, InferenceError, InferenceTimeout, InputError, NotServing
from edgeadapt.registry.variant import ModelVariant
from edgeadapt.wording import in_words

# What the Python API says before the runtime's own text.
_PREFIX = re.compile(r"\[ONNXRuntimeError\] : \d+ : \w+ : ")

# The runtime's words where the system had no more to give, and what that means.
_LACKS = (
    (re.compile(r"std::bad_alloc$"), "there is not enough memory for it"),
    (re.compile(r"\bpthread_create failed\b"), "the system lets this process start no more threads"),
)

_INVALID_ARGUMENT = 2
# What the runtime says of inputs before it runs anything; a node's own complaint has the same code, and is the model's.
_DOES_NOT_FIT = re.compile(
    r"invalid (rank|dimensions) for|unexpected input data type|invalid (feed )?input name|missing input",
    re.IGNORECASE,
)


# Raised by the native module, which finds them here by name.
class LoadRefusedError(Exception):
    """ONNX Runtime refused to load a model."""


class LoadCancelledError(Exception):
    """A load ended because it was asked to."""


class NoNativeError(Exception):
    """A library is not one that native sessions can use, or a model takes or gives what they can't."""


def one_line(error: BaseException) -> str:
    """Return an error's text as one line, or its type where it has none."""
    return _PREFIX.sub("", in_words(error)) or type(error).__name__


def load_failed(variant: ModelVariant, error: BaseException, given: str | bytes = b"") -> ActivationError:
    """Explain a load that the runtime refused; `given` is what it was given, where that is not the variant's path."""
    text = one_line(error)
    if isinstance(given, str):
        text = text.replace(given, variant.path)
    text = next((words for pattern, words in _LACKS if pattern.search(text)), text)
    return ActivationError(variant.name, "loading", f"cannot load `{variant.path}`: {text}")


def run_failed(variant: str, code: int, text: object, inputs: Iterable[Any]) -> InputError | InferenceError:
    """Explain a run that the runtime refused; `inputs` is its description of what the model takes."""
    specs = tuple(TensorSpec.of(each) for each in inputs)
    return explained(variant, specs, one_line(RuntimeError(text)), is_invalid=code == _INVALID_ARGUMENT)


def explained(
    variant: str, specs: tuple[TensorSpec, ...], text: str, *, is_invalid: bool
) -> InputError | InferenceError:
    """Say what the model takes beside what went wrong; `is_invalid`: the runtime calls it an invalid argument."""
    if is_invalid and _DOES_NOT_FIT.search(text):
        return InputError(f"{takes(specs)}; {text}")
    return InferenceError(variant, f"{text}; {takes(specs)}")


def run_timed_out(variant: str) -> InferenceTimeout:
    """Explain a run that was ended at its time."""
    return InferenceTimeout(variant, "it did not answer in time")


def run_refused(variant: str, text: object) -> NotServing:
    """Explain a run that was not begun."""
    return NotServing(f"variant `{variant}` does not serve here: {text}")
