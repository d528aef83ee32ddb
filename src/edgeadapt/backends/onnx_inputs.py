"""What an ONNX model takes, and whether what it was given is that; every refusal says both.

Nothing is cast or reshaped: a value that would lose digits on the way into the model is the caller's to convert.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import attrs
import numpy as np

from edgeadapt.errors import InputError
from edgeadapt.wording import did_you_mean, shown

# ONNX Runtime's names of element types that NumPy has too.
_DTYPES = {
    "tensor(float)": "float32",
    "tensor(double)": "float64",
    "tensor(float16)": "float16",
    "tensor(int8)": "int8",
    "tensor(int16)": "int16",
    "tensor(int32)": "int32",
    "tensor(int64)": "int64",
    "tensor(uint8)": "uint8",
    "tensor(uint16)": "uint16",
    "tensor(uint32)": "uint32",
    "tensor(uint64)": "uint64",
    "tensor(bool)": "bool",
    "tensor(string)": "str",
}
# Of a model's inputs, in a message.
_LONGEST_LIST = 8


@attrs.frozen
class InputSpec:
    """One input: `shape` holds numbers, names of open dimensions, and None for unnamed ones.

    `dtype` is None for what NumPy has no type for; ONNX Runtime checks such a value itself.
    """

    name: str
    type_name: str
    dtype: np.dtype[Any] | None
    shape: tuple[int | str | None, ...]

    @classmethod
    def of(cls, argument: Any) -> InputSpec:
        """Make one from ONNX Runtime's description of an input."""
        text = _DTYPES.get(argument.type)
        shape = tuple(dim if isinstance(dim, (int, str)) else None for dim in argument.shape or ())
        return cls(argument.name, text or argument.type, np.dtype(text) if text else None, shape)

    def __str__(self) -> str:
        dims = ", ".join("?" if dim is None else _printable(dim) for dim in self.shape)
        return f"{shown(self.name)} {self.type_name} [{dims}]"


def bind(specs: tuple[InputSpec, ...], inputs: Any) -> dict[str, Any]:
    """Pair each input of the model with its value; raises InputError that says what the model takes."""
    # One array for a model with one input is the hot path.
    if isinstance(inputs, np.ndarray) and len(specs) == 1:
        return {specs[0].name: _checked(specs, specs[0], inputs)}
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


def takes(specs: Sequence[InputSpec]) -> str:
    """Say what the model takes, in one line."""
    listed = [str(spec) for spec in specs[:_LONGEST_LIST]]
    if len(specs) > _LONGEST_LIST:
        listed.append(f"{len(specs) - _LONGEST_LIST} more")
    return "the model takes " + (", ".join(listed) or "no inputs")


def _check_names(specs: tuple[InputSpec, ...], inputs: Mapping[Any, Any]) -> None:
    known = [spec.name for spec in specs]
    for name in inputs:
        if name not in known:
            _refuse(specs, f"got an input named {shown(name)}; {did_you_mean(name, map(_printable, known))}")
    for name in known:
        if name not in inputs:
            _refuse(specs, f"got nothing for {shown(name)}")


def _checked(specs: tuple[InputSpec, ...], spec: InputSpec, value: Any) -> Any:
    if spec.dtype is None:
        return value
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


def _text(specs: tuple[InputSpec, ...], spec: InputSpec, array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
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


def _as_array(specs: tuple[InputSpec, ...], spec: InputSpec, value: Any) -> np.ndarray[Any, Any]:
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


def _printable(text: object) -> str:
    """Return a model's own word as a message may hold it: what a file says is anybody's."""
    return shown(text)[1:-1]


def _kind(value: Any) -> str:
    if value is None:
        return "nothing (`None`)"
    name = type(value).__name__
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def _refuse(specs: tuple[InputSpec, ...], problem: str) -> NoReturn:
    raise InputError(f"{takes(specs)}; {problem}")
