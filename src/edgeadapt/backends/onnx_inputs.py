"""What an ONNX model takes, and whether what it was given is that; every refusal says both.

Nothing is cast or reshaped: a value that would lose digits on the way into the model is the caller's to convert.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

import numpy as np

from edgeadapt.backends.tensor_spec import TensorSpec, printable
from edgeadapt.errors import InputError
from edgeadapt.wording import did_you_mean, in_words, shown

# Of a model's inputs, in a message.
_LONGEST_LIST = 8


def bind(specs: tuple[TensorSpec, ...], inputs: Any) -> dict[str, Any]:
    """Pair each input of the model with its value; raises InputError that says what the model takes."""
    # One array for a model with one input is the hot path.
    if isinstance(inputs, np.ndarray) and len(specs) == 1:
        return {specs[0].name: _checked(specs, specs[0], inputs)}
    with _told(specs, inputs):
        return _bound(specs, inputs)


def plain(described: Iterable[Any], inputs: Any) -> dict[str, Any]:
    """Bind and make each value an array as a native session takes it, copied where it is none.

    `described` is what the session says that it takes.
    """
    specs = tuple(spec if isinstance(spec, TensorSpec) else TensorSpec.of(spec) for spec in described)
    with _told(specs, inputs):
        return {
            name: np.require(array, requirements=("C", "A", "E"))
            for name, array in bind(specs, inputs).items()
        }


def _bound(specs: tuple[TensorSpec, ...], inputs: Any) -> dict[str, Any]:
    if isinstance(inputs, Mapping):
        _check_names(specs, inputs)
        return {spec.name: _checked(specs, spec, inputs[spec.name]) for spec in specs}
    if _is_array(inputs):
        values: Sequence[Any] = (inputs,)
    elif isinstance(inputs, (list, tuple)):
        values = inputs
    else:
        _refuse(specs, f"got {_kind(inputs)}")
    if len(values) != len(specs):
        numbers = bool(values) and not any(map(_is_array, values))
        remedy = "; make one array of numbers by `numpy.asarray(value)`" if numbers else ""
        _refuse(specs, f"got {len(values)} {'value' if len(values) == 1 else 'values'}{remedy}")
    return {spec.name: _checked(specs, spec, value) for spec, value in zip(specs, values, strict=True)}


@contextmanager
def _told(specs: tuple[TensorSpec, ...], inputs: Any) -> Iterator[None]:
    """Make an InputError of whatever a foreign container or array raises, and of a copy that has no room."""
    try:
        yield
    except InputError:
        raise
    except Exception as error:
        reason = in_words(error) or type(error).__name__
        raise InputError(f"{takes(specs)}; got {_kind(inputs)} that can't be read: {reason}") from error


def takes(specs: Sequence[TensorSpec]) -> str:
    """Say what the model takes, in one line."""
    listed = [str(spec) for spec in specs[:_LONGEST_LIST]]
    if len(specs) > _LONGEST_LIST:
        listed.append(f"{len(specs) - _LONGEST_LIST} more")
    return "the model takes " + (", ".join(listed) or "no inputs")


def _check_names(specs: tuple[TensorSpec, ...], inputs: Mapping[Any, Any]) -> None:
    known = [spec.name for spec in specs]
    for name in inputs:
        if name not in known:
            _refuse(specs, f"got an input named {shown(name)}; {did_you_mean(name, map(printable, known))}")
    for name in known:
        if name not in inputs:
            _refuse(specs, f"got nothing for {shown(name)}")


def _checked(specs: tuple[TensorSpec, ...], spec: TensorSpec, value: Any) -> Any:
    if spec.dtype is None:
        return value
    if type(value) is np.ndarray:
        array = value
    else:
        _refuse_more_than_numbers(specs, spec, value)
        array = value if isinstance(value, np.ndarray) else _as_array(specs, spec, value)
    if spec.dtype.kind == "U":
        array = _text(specs, spec, array)
    elif array.dtype != spec.dtype:
        # The same type in the other byte order is the same numbers.
        if array.dtype.newbyteorder("=") != spec.dtype:
            _refuse(
                specs,
                f"{shown(spec.name)} was given {array.dtype}; convert it with `.astype('{spec.dtype}')`",
            )
        array = array.astype(spec.dtype)
    # An empty shape is a scalar or an unknown rank: ONNX Runtime does not say which.
    if spec.shape and not _fits(spec.shape, array.shape):
        _refuse(specs, f"{shown(spec.name)} was given the shape {list(array.shape)}")
    return array


def _refuse_more_than_numbers(specs: tuple[TensorSpec, ...], spec: TensorSpec, value: Any) -> None:
    """Refuse an array that says by a mask or a unit what its numbers are worth: a model would take them as they are."""
    if isinstance(value, np.ma.MaskedArray):
        _refuse(specs, f"{shown(spec.name)} was given a masked array; fill what is masked: `.filled(value)`")
    if isinstance(value, np.ndarray) and (hasattr(value, "unit") or hasattr(value, "units")):
        _refuse(
            specs,
            f"{shown(spec.name)} was given {_kind(value)} with a unit; "
            "convert it to the model's, and give its numbers: `numpy.array(value)`",
        )


def _text(
    specs: tuple[TensorSpec, ...], spec: TensorSpec, array: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    if array.dtype.kind == "U":
        return array.astype(array.dtype.newbyteorder("="), copy=False)
    if array.dtype.kind != "O":
        _refuse(specs, f"{shown(spec.name)} was given {array.dtype} instead of text")
    for item in array.flat:
        # ONNX Runtime would take anything's `str()`: None as "None", and one that raises crashes the process.
        if type(item) is not str and type(item) is not np.str_:
            _refuse(specs, f"{shown(spec.name)} was given {_kind(item)} among its texts")
    return array


def _fits(expected: tuple[int | str | None, ...], found: tuple[int, ...]) -> bool:
    return len(expected) == len(found) and all(
        not isinstance(dim, int) or dim == size for dim, size in zip(expected, found, strict=True)
    )


def _is_array(value: Any) -> bool:
    return hasattr(value, "__array__") and not isinstance(value, type)


def _as_array(specs: tuple[TensorSpec, ...], spec: TensorSpec, value: Any) -> np.ndarray[Any, Any]:
    if not _is_array(value):
        _refuse(
            specs,
            f"{shown(spec.name)} was given {_kind(value)} instead of an array; "
            f"wrap it: `numpy.asarray(value, dtype='{spec.dtype}')`",
        )
    try:
        return np.asarray(value)
    except Exception as error:  # noqa: BLE001 - a foreign array type may raise anything when it is asked for its numbers
        _refuse(
            specs,
            f"{shown(spec.name)} was given {_kind(value)} that does not become an array: {shown(error)}",
        )


def _kind(value: Any) -> str:
    if value is None:
        return "nothing (`None`)"
    name = type(value).__name__
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def _refuse(specs: tuple[TensorSpec, ...], problem: str) -> NoReturn:
    raise InputError(f"{takes(specs)}; {problem}")
