"""What inputs and answers of a backend hold: their arrays compared, copied and looked at for shared memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

_RTOL, _ATOL = 1e-4, 1e-5


def arrays_in(value: Any) -> list[np.ndarray[Any, Any]]:
    """Return the arrays of an input or answer, in its order."""
    if isinstance(value, np.ndarray):
        return [value]
    if isinstance(value, Mapping):
        return [array for part in value.values() for array in arrays_in(part)]
    if isinstance(value, (list, tuple)):
        return [array for part in value for array in arrays_in(part)]
    return []


def copied(value: Any) -> Any:
    """Return it with its arrays copied."""
    return _with_arrays(value, np.copy)


def read_only(value: Any) -> Any:
    """Return it with copies of its arrays that nobody can write into."""
    return _with_arrays(value, _locked)


def same(value: Any, other: Any) -> bool:
    """Say whether two inputs or answers are equal, numbers of a floating type nearly."""
    if isinstance(value, np.ndarray) and isinstance(other, np.ndarray):
        if value.shape != other.shape or value.dtype != other.dtype:
            return False
        if value.dtype.kind in "fc":
            return bool(np.allclose(value, other, rtol=_RTOL, atol=_ATOL, equal_nan=True))
        return bool((value == other).all())
    if isinstance(value, Mapping) and isinstance(other, Mapping):
        return list(value) == list(other) and all(same(value[name], other[name]) for name in value)
    if isinstance(value, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(value) == len(other) and all(map(same, value, other))
    return type(value) is type(other) and bool(value == other)


def share_memory(value: Any, other: Any) -> bool:
    """Say whether an array of one may share memory with an array of the other."""
    return any(np.may_share_memory(mine, its) for mine in arrays_in(value) for its in arrays_in(other))


def _with_arrays(value: Any, change: Any) -> Any:
    if isinstance(value, np.ndarray):
        return change(value)
    if isinstance(value, Mapping):
        return {name: _with_arrays(part, change) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_with_arrays(part, change) for part in value)
    return value


def _locked(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    made = np.copy(array)
    made.flags.writeable = False
    return made
