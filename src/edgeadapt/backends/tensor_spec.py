"""What one input or output of a model is: its name, element type and shape."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from edgeadapt.wording import shown

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


@attrs.frozen
class TensorSpec:
    """One input or output: `shape` holds numbers, names of open dimensions, and None for unnamed ones.

    `type_name` is NumPy's name of the element type, `str` for text; `dtype` is None for what NumPy has no type for.
    An empty shape is a scalar or an unknown rank: ONNX Runtime does not say which.
    """

    name: str
    type_name: str
    dtype: np.dtype[Any] | None
    shape: tuple[int | str | None, ...]

    @classmethod
    def of(cls, argument: Any) -> TensorSpec:
        """Make one from ONNX Runtime's description of an input or output."""
        text = _DTYPES.get(argument.type)
        shape = tuple(dim if isinstance(dim, (int, str)) else None for dim in argument.shape or ())
        return cls(argument.name, text or argument.type, np.dtype(text) if text else None, shape)

    def __str__(self) -> str:
        dims = ", ".join("?" if dim is None else printable(dim) for dim in self.shape)
        return f"{shown(self.name)} {self.type_name} [{dims}]"


def printable(text: object) -> str:
    """Return a model's own word as a message may hold it: what a file says is anybody's."""
    return shown(text)[1:-1]
