"""Inputs from files: arrays, and never Python objects."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edgeadapt.benchmark.sample_file import read_sample
from edgeadapt.errors import SampleError


def test_an_array_and_arrays_by_name_are_read(tmp_path: Path) -> None:
    array = np.arange(4, dtype=np.float32).reshape(1, 4)
    np.save(tmp_path / "one.npy", array)
    np.savez(tmp_path / "two.npz", a=array, b=array + 1)
    assert np.array_equal(read_sample(tmp_path / "one.npy"), array)
    assert {name: each.tolist() for name, each in read_sample(tmp_path / "two.npz").items()} == {
        "a": [[0, 1, 2, 3]],
        "b": [[1, 2, 3, 4]],
    }


class Trap:
    """Leaves a file where it is loaded."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (open, (str(self.path), "w"))


@pytest.mark.parametrize("name", ["trap.npy", "trap.npz"])
def test_python_objects_are_refused_and_not_loaded(tmp_path: Path, name: str) -> None:
    trap = np.array([Trap(tmp_path / "caught")], dtype=object)
    if name.endswith("npy"):
        np.save(tmp_path / name, trap, allow_pickle=True)
    else:
        np.savez(tmp_path / name, x=trap)
    with pytest.raises(SampleError, match="it holds Python objects, which are never loaded"):
        read_sample(tmp_path / name)
    assert not (tmp_path / "caught").exists()


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("image.png", b"x", "it is no array file; give one array as .npy"),
        ("none.npy", None, "cannot read it: no such file or directory"),
        ("empty.npy", b"", "the file is empty; save one with numpy.save"),
        ("gone", None, "cannot read it: no such file or directory; check the path"),
        (
            "cut.npy",
            b"\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortran_order': False, 'shape': (4,)}\n",
            "it is broken: ",
        ),
        ("text.npz", b"no archive", "it is broken: "),
    ],
)
def test_what_is_no_array_is_refused_in_one_line(
    tmp_path: Path, name: str, content: bytes | None, problem: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(SampleError) as caught:
        read_sample(tmp_path / name)
    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_archive_without_arrays_and_a_pipe_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "none.npz")
    with pytest.raises(SampleError, match="there is no array in it"):
        read_sample(tmp_path / "none.npz")
    os.mkfifo(tmp_path / "pipe.npy")
    with pytest.raises(SampleError, match="cannot read it"):
        read_sample(tmp_path / "pipe.npy")
