"""`--input`: arrays in files, as requests of one row each, and which of them a variant takes."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from edgeadapt.backends.regular_file import open_regular
from edgeadapt.cli.failure import Misuse
from edgeadapt.errors import InputError
from edgeadapt.wording import shown

_SUFFIXES = (".npy", ".npz")


@attrs.frozen(eq=False)
class SampleFile:
    """A file's rows: an array, or with several inputs an array by input name; `name` is the file's, without suffix."""

    name: str
    content: Any
    count: int

    def row(self, index: int) -> Any:
        """Return a row as a batch of one."""
        if isinstance(self.content, Mapping):
            return {name: array[index : index + 1] for name, array in self.content.items()}
        return self.content[index : index + 1]

    @property
    def kind(self) -> object:
        """What two files have in common whose rows look alike to a model."""
        arrays = self.content if isinstance(self.content, Mapping) else {"": self.content}
        return tuple((name, array.dtype.str, array.shape[1:]) for name, array in arrays.items())


class Samples:
    """Rows to feed, in turn: of a variant's own file where there is one, else of every file whose rows it takes."""

    def __init__(self, files: Sequence[SampleFile]) -> None:
        self._files = tuple(files)
        self._taken: dict[str, tuple[SampleFile, ...]] = {}
        self._refused: dict[str, InputError] = {}

    def infer(self, variant: str, number: int, infer: Callable[[Any], Any]) -> Any:
        """Infer on a variant's row by number; raises what `infer` raises, InputError where no file fits."""
        files = self._taken.get(variant)
        if files is None:
            files = self._taken[variant] = self._try(variant, infer)
        if not files:
            raise self._refused[variant]
        at = number % sum(file.count for file in files)
        for file in files:
            if at < file.count:
                return infer(file.row(at))
            at -= file.count
        raise AssertionError("the number was below the sum of all counts")

    def _try(self, variant: str, infer: Callable[[Any], Any]) -> tuple[SampleFile, ...]:
        """Find out by asking: only the model knows what it takes."""
        files = tuple(file for file in self._files if file.name == variant) or self._files
        fits: dict[object, bool] = {}
        for file in files:
            if file.kind not in fits:
                try:
                    infer(file.row(0))
                    fits[file.kind] = True
                except InputError as error:
                    fits[file.kind] = False
                    self._refused[variant] = error
        return tuple(file for file in files if fits[file.kind])


def read_samples(path: str) -> Samples:
    """Read a file, or every .npy and .npz of a folder; raises Misuse."""
    if not os.path.isdir(path):
        return Samples([_read(path)])
    try:
        names = sorted(name for name in os.listdir(path) if name.endswith(_SUFFIXES))
    except OSError as error:
        raise Misuse(
            f"cannot read folder {shown(path)}: {(error.strerror or 'unreadable').lower()}"
        ) from None
    if not names:
        raise Misuse(
            f"there is no .npy or .npz file in {shown(path)}", "give a file, or a folder that has some"
        )
    return Samples([_read(os.path.join(path, name)) for name in names])


def _arrays(path: str) -> Mapping[str, Any]:
    # Opened here, as numpy leaves what it opened open where it is no archive.
    with open_regular(path) as file, np.load(file, allow_pickle=False) as archive:
        return dict(archive)


def _array(path: str) -> Any:
    # Numpy opens it by its path, and would wait for whoever writes to a pipe.
    open_regular(path).close()
    return np.asarray(np.lib.format.open_memmap(path, "r"))


def _read(path: str) -> SampleFile:
    # One that is not there says so below, whatever it is called.
    if not path.endswith(_SUFFIXES) and os.path.lexists(path):
        raise Misuse(f"{shown(path)} is not an array file", "give a .npy or .npz file, or a folder of them")
    try:
        content: Any = _arrays(path) if path.endswith(".npz") else _array(path)
    except OSError as error:
        reason = (error.strerror or "it is no array file").lower()
        raise Misuse(f"cannot read {shown(path)}: {reason}") from None
    except Exception:  # noqa: BLE001 - numpy's reader has no error of its own; whatever it is, the file is why
        problem = f"cannot read {shown(path)}: it is no array file, or holds Python objects"
        raise Misuse(problem, "save numbers with numpy.save") from None
    arrays = content.values() if isinstance(content, Mapping) else (content,)
    counts = {array.shape[0] if array.ndim else 0 for array in arrays}
    if len(counts) != 1 or 0 in counts:
        raise Misuse(
            f"{shown(path)} has no rows, or not as many in each array", "its first axis counts the requests"
        )
    return SampleFile(os.path.splitext(os.path.basename(path))[0], content, counts.pop())
