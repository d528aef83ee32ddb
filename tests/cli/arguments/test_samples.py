"""Which rows a variant is fed: its own file's, else every file's that it takes, in turn."""

import os

import numpy as np
import pytest

from edgeadapt.cli.arguments.samples import read_samples
from edgeadapt.cli.failure import Misuse
from edgeadapt.errors import InputError


def takes(width: int):
    """A model that takes rows of one width and answers with their first value."""

    def infer(row):
        if row.shape != (1, width):
            raise InputError(f"the model takes {width}")
        return int(row[0, 0])

    return infer


def rows(*firsts: int, width: int) -> np.ndarray:
    return np.array([[first] * width for first in firsts], np.float32)


def test_the_rows_of_one_file_go_round(tmp_path) -> None:
    np.save(tmp_path / "x.npy", rows(1, 2, 3, width=4))
    samples = read_samples(str(tmp_path / "x.npy"))
    assert [samples.infer("any", number, takes(4)) for number in range(5)] == [1, 2, 3, 1, 2]


def test_a_variant_is_fed_every_file_that_it_takes(tmp_path) -> None:
    for name, array in {"a": rows(1, 2, width=4), "b": rows(3, width=4), "c": rows(9, width=8)}.items():
        np.save(tmp_path / f"{name}.npy", array)
    samples = read_samples(str(tmp_path))
    assert [samples.infer("narrow", number, takes(4)) for number in range(4)] == [1, 2, 3, 1]
    assert [samples.infer("wide", number, takes(8)) for number in range(2)] == [9, 9]


def test_a_file_by_a_variants_name_is_fed_to_it_alone(tmp_path) -> None:
    for name, first in {"narrow": 1, "other": 2}.items():
        np.save(tmp_path / f"{name}.npy", rows(first, width=4))
    samples = read_samples(str(tmp_path))
    assert {samples.infer("narrow", number, takes(4)) for number in range(4)} == {1}
    assert {samples.infer("else", number, takes(4)) for number in range(4)} == {1, 2}


def test_arrays_of_an_npz_are_inputs_by_name(tmp_path) -> None:
    np.savez(tmp_path / "x.npz", left=rows(1, 2, width=2), right=rows(3, 4, width=3))
    samples = read_samples(str(tmp_path / "x.npz"))
    seen = samples.infer("any", 1, lambda row: {name: array.tolist() for name, array in row.items()})
    assert seen == {"left": [[2, 2]], "right": [[4, 4, 4]]}


def test_where_no_file_fits_each_request_says_so(tmp_path) -> None:
    np.save(tmp_path / "x.npy", rows(1, width=4))
    samples = read_samples(str(tmp_path / "x.npy"))
    for number in range(2):
        with pytest.raises(InputError, match="takes 7"):
            samples.infer("any", number, takes(7))


@pytest.mark.parametrize(
    ("array", "says"),
    [
        (np.float32(3), "has no rows"),
        (np.zeros((0, 3)), "has no rows"),
        (np.array([{}], dtype=object), "it is no array file, or holds Python objects"),
    ],
)
def test_a_file_without_rows_of_numbers_is_refused(tmp_path, array, says) -> None:
    np.save(tmp_path / "x.npy", array)
    with pytest.raises(Misuse, match=says):
        read_samples(str(tmp_path / "x.npy"))


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"\x93NUMPY\x01\x00\x10\x00{'descr': '<f4'", b"PK\x03\x04"]
)
@pytest.mark.parametrize("suffix", [".npy", ".npz"])
def test_a_file_that_is_no_array_is_refused(tmp_path, content, suffix) -> None:
    (tmp_path / f"x{suffix}").write_bytes(content)
    with pytest.raises(Misuse, match="cannot read"):
        read_samples(str(tmp_path / f"x{suffix}"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes to name here")
@pytest.mark.parametrize("name", ["pipe.npy", "pipe.npz"])
def test_a_pipe_blocks_nobody(tmp_path, name) -> None:
    os.mkfifo(tmp_path / name)
    with pytest.raises(Misuse, match=r"no regular file|invalid argument"):
        read_samples(str(tmp_path / name))
