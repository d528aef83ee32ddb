"""Resizing along two axes, in NumPy alone and the same everywhere.

A pixel is a square: the n pixels of a side cover 0..n, and the new pixel j of m covers j*n/m .. (j+1)*n/m of it.
`nearest` takes the old pixel that the new one's middle lies in. `linear` goes straight between the middles of the two old
pixels next to it, and beyond the outermost middles takes those; without smoothing. `area` is the mean over what the new
pixel covers, parts of pixels by their share. Height first, then width, in float32 (float64 for float64 and 32-bit
integers); integers are rounded to the nearest, halves to the even one. A side that keeps its size is not touched.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]
# NumPy's names of the types that `linear` and `area` take; 64-bit integers would lose digits, booleans have no mean.
BLENDED = ("float16", "float32", "float64", "int8", "int16", "int32", "uint8", "uint16", "uint32")
_WIDE = ("float64", "int32", "uint32")


def resize(array: Array, axes: tuple[int, int], sizes: tuple[int, int], method: str) -> Array:
    """Bring each of `axes` to its size; raises ValueError for an empty side, and for a type that can't be blended."""
    dtype = array.dtype
    if method != "nearest" and dtype.name not in BLENDED:
        raise ValueError(f"`{method}` does not resize {dtype}; `cast` it first, or resize by `nearest`")
    todo = [(axis, size) for axis, size in zip(axes, sizes, strict=True) if array.shape[axis] != size]
    if not todo:
        return array
    if method == "nearest":
        for axis, size in todo:
            array = array.take(_nearest(_side(array, axis), size), axis)
        return array
    number = np.float64 if dtype.name in _WIDE else np.float32
    blended: Array = array.astype(number)
    along = _along_linear if method == "linear" else _along_area
    for axis, size in todo:
        blended = along(blended, axis, _side(array, axis), size)
    if dtype.kind in "iu":
        blended = np.rint(blended)
    return blended.astype(dtype, copy=False)


def _side(array: Array, axis: int) -> int:
    side: int = array.shape[axis]
    if side == 0:
        raise ValueError("an image without pixels can't be resized")
    return side


def _along_linear(array: Array, axis: int, old: int, new: int) -> Array:
    below, above, share = _neighbours(old, new)
    shape = [1] * array.ndim
    shape[axis] = new
    weight = share.astype(array.dtype).reshape(shape)
    low, high = array.take(below, axis), array.take(above, axis)
    result: Array = low * (1 - weight) + high * weight
    return result


def _along_area(array: Array, axis: int, old: int, new: int) -> Array:
    shares = _shares(old, new).astype(array.dtype)
    result: Array = np.moveaxis(np.moveaxis(array, axis, -1) @ shares, -1, axis)
    return result


@lru_cache(maxsize=64)
def _nearest(old: int, new: int) -> npt.NDArray[np.int64]:
    # The middle is at (2j + 1) * old / (2 * new), in whole numbers: no rounding decides.
    return (2 * np.arange(new, dtype=np.int64) + 1) * old // (2 * new)


@lru_cache(maxsize=64)
def _neighbours(old: int, new: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Floats]:
    middles = np.clip((np.arange(new) + 0.5) * old / new - 0.5, 0, old - 1)
    below = np.floor(middles).astype(np.int64)
    return below, np.minimum(below + 1, old - 1), middles - below


@lru_cache(maxsize=16)
def _shares(old: int, new: int) -> Floats:
    """Return [old, new]: which share of each new pixel an old one covers. Columns sum to 1."""
    edges = np.arange(new + 1) * (old / new)
    pixels = np.arange(old)[:, None]
    covered = np.minimum(edges[1:], pixels + 1) - np.maximum(edges[:-1], pixels)
    overlap = np.clip(covered, 0, None)
    shares: Floats = overlap / overlap.sum(axis=0)
    return shares
