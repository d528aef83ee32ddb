"""Whether a variant still gives the answers that were recorded of it, in two `.npz` files."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

import numpy as np

from edgeadapt.backends.regular_file import open_regular
from edgeadapt.errors import ActivationError
from edgeadapt.registry.variant import Golden
from edgeadapt.wording import did_you_mean, in_words, shown

_MAX_BYTES = 256 << 20
_MAX_ARRAYS = 256
_STAGE = "validating"


def read_arrays(variant: str, path: str) -> dict[str, Any]:
    """Read an `.npz` file's arrays; raises ActivationError in stage `validating` for what is not one, or too big."""
    try:
        with open_regular(path) as file:
            return _arrays(variant, path, file)
    except ActivationError:
        raise
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise _unreadable(variant, path, reason) from error
    except Exception as error:  # a damaged file ends in many kinds of errors
        raise _unreadable(variant, path, in_words(error) or type(error).__name__) from error


def _arrays(variant: str, path: str, file: BinaryIO) -> dict[str, Any]:
    # What the arrays will take is told before any is read; a small file may hold a huge one.
    with zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
    size = sum(entry.file_size for entry in entries)
    if size > _MAX_BYTES or len(entries) > _MAX_ARRAYS:
        problem = (
            f"{shown(path)} holds {len(entries)} arrays of {size / 1e6:.0f} MB, more than golden files may"
        )
        raise ActivationError(variant, _STAGE, f"{problem}; keep a few examples in it")
    file.seek(0)
    with np.load(file, allow_pickle=False) as loaded:
        arrays = {name: loaded[name] for name in loaded.files}
    for name, array in arrays.items():
        # NumPy hands out what is no array of its own as bytes.
        if not isinstance(array, np.ndarray):
            raise _unreadable(variant, path, f"{shown(name)} in it is no array")
    return arrays


def golden_inputs(variant: str, golden: Golden) -> dict[str, Any] | None:
    """Read the golden inputs for a warm-up; None where they can't be read, which is told when they are compared."""
    try:
        return read_arrays(variant, golden.inputs)
    except ActivationError:
        return None


def check_golden(variant: str, golden: Golden, infer: Callable[[Any], Any]) -> Any:
    """Hold the answer to the golden inputs against the golden outputs, and return it.

    Types and shapes must agree, and numbers within `atol + rtol * |golden|`; NaN is equal to NaN. Outputs that were not
    recorded are not compared. Raises ActivationError in stage `validating`.
    """
    inputs = read_arrays(variant, golden.inputs)
    expected = read_arrays(variant, golden.outputs)
    if not expected:
        raise ActivationError(
            variant, _STAGE, f"there is no array in {shown(golden.outputs)}; record the outputs again"
        )
    try:
        answer = infer(inputs)
    except Exception as error:
        reason = in_words(error) or type(error).__name__
        raise ActivationError(
            variant, _STAGE, f"it does not answer its golden inputs, {shown(golden.inputs)}: {reason}"
        ) from error
    # A lone answer has no name of its own.
    found = answer if isinstance(answer, Mapping) else {next(iter(expected)): answer}
    for name, array in expected.items():
        problem = _difference(name, array, found, golden)
        if problem:
            raise ActivationError(
                variant,
                _STAGE,
                f"{problem}; restore the model, or record `golden` again where the change is meant",
            )
    return answer


def _difference(name: str, expected: Any, found: Mapping[str, Any], golden: Golden) -> str:
    if name not in found:
        remedy = did_you_mean(name, [shown(each)[1:-1] for each in found], "it gives")
        return f"it gives no output {shown(name)}, which was recorded ({remedy})"
    array = np.asarray(found[name])
    text = expected.dtype.kind in "SUO" and array.dtype.kind in "SUO"
    if array.shape != expected.shape or not (text or array.dtype == expected.dtype):
        return f"its answer {shown(name)} to the golden inputs is {_kind(array)} where {_kind(expected)} was recorded"
    if expected.dtype.kind in "fiuc":
        with np.errstate(all="ignore"):
            close = np.isclose(array, expected, rtol=golden.rtol, atol=golden.atol, equal_nan=True)
    else:
        close = np.asarray(array.astype(expected.dtype) == expected)
    if bool(close.all()):
        return ""
    index = tuple(int(item) for item in np.argwhere(~close)[0]) if close.ndim else ()
    wrong = int(close.size - close.sum())
    return (
        f"its answer {shown(name)} differs from the golden one in {wrong} of {close.size} values, first at "
        f"{list(index)}: {shown(array[index])} instead of {shown(expected[index])}"
    )


def _kind(array: Any) -> str:
    return f"{array.dtype} {list(array.shape)}"


def _unreadable(variant: str, path: str, reason: str) -> ActivationError:
    remedy = "check the path" if not os.path.exists(path) else "record it again with `numpy.savez`"
    return ActivationError(variant, _STAGE, f"cannot read the golden file {shown(path)}: {reason}; {remedy}")
