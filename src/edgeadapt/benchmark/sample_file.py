"""A caller's inputs in a file: an array in `.npy`, several by name in `.npz`; never Python objects."""

from __future__ import annotations

import os
import zipfile
from typing import Any, BinaryIO

import numpy as np

from edgeadapt.backends.regular_file import open_regular
from edgeadapt.errors import SampleError
from edgeadapt.wording import in_words

_LARGEST_BYTES = 1 << 30


def read_sample(path: str | os.PathLike[str]) -> Any:
    """Return what `infer` takes: an array of a `.npy` file, arrays by name of a `.npz` file; raises SampleError."""
    name = os.fsdecode(path)
    suffix = os.path.splitext(name)[1].lower()
    # One that is not there says so below, whatever it is called.
    if suffix not in (".npy", ".npz") and os.path.lexists(name):
        raise SampleError(name, "it is no array file", "give one array as .npy, or several by name as .npz")
    try:
        with open_regular(name) as file:
            if not os.fstat(file.fileno()).st_size:
                raise SampleError(name, "the file is empty", "save one with numpy.save or numpy.savez")
            return _arrays(name, file) if suffix == ".npz" else _array(name, file)
    except SampleError:
        raise
    except OSError as error:
        reason = (error.strerror or "it is no array file").lower()
        raise SampleError(name, f"cannot read it: {reason}", "check the path") from None
    except Exception as error:  # noqa: BLE001 - numpy's reader has no error of its own; whatever it is, the file is why
        text = in_words(error)
        if "pickle" in text or "Object arrays" in text:
            raise _holds_objects(name) from None
        raise SampleError(
            name, f"it is broken: {text}", "save it again with numpy.save or numpy.savez"
        ) from None


def _array(name: str, file: BinaryIO) -> Any:
    if os.fstat(file.fileno()).st_size > _LARGEST_BYTES:
        raise _too_large(name)
    return np.lib.format.read_array(file, allow_pickle=False)


def _arrays(name: str, file: BinaryIO) -> dict[str, Any]:
    # What the arrays will take is told before any is read; a small file may hold a huge one.
    with zipfile.ZipFile(file) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > _LARGEST_BYTES:
            raise _too_large(name)
    file.seek(0)
    with np.load(file, allow_pickle=False) as loaded:
        arrays = {key: loaded[key] for key in loaded.files}
    if not arrays:
        raise SampleError(name, "there is no array in it", "save one with numpy.savez(FILE, NAME=array)")
    for array in arrays.values():
        # NumPy hands out what is no array of its own as bytes.
        if not isinstance(array, np.ndarray):
            raise _holds_objects(name)
    return arrays


def _holds_objects(name: str) -> SampleError:
    return SampleError(name, "it holds Python objects, which are never loaded", "save numbers or texts")


def _too_large(name: str) -> SampleError:
    return SampleError(name, "it holds more than 1 GiB", "give a smaller one")
