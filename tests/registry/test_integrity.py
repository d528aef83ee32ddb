"""Model files against their declared digests."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from edgeadapt.errors import ActivationError
from edgeadapt.registry import ModelVariant
from edgeadapt.registry.integrity import Digests, OpenedFile, open_checked, sha256_of, verify


def test_the_declared_file_passes(tmp_path: Path) -> None:
    model = tmp_path / "m.onnx"
    model.write_bytes(b"model" * 500_000)
    digest = hashlib.sha256(model.read_bytes()).hexdigest()
    assert sha256_of(model) == digest
    verify(ModelVariant("m", str(model), sha256=digest.upper()))
    verify(ModelVariant("m", str(model)))


def test_another_file_is_refused_with_both_digests(tmp_path: Path) -> None:
    model = tmp_path / "m.onnx"
    model.write_bytes(b"broken")
    with pytest.raises(ActivationError, match=r"is not the declared file.*restore the file") as caught:
        verify(ModelVariant("m", str(model), sha256="0" * 64))
    assert (caught.value.variant, caught.value.stage) == ("m", "checking")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ActivationError, match="there is no model file"):
        verify(ModelVariant("m", str(tmp_path / "gone.onnx")))


def test_a_folder_and_a_pipe_are_no_model_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(ActivationError, match="there is no model file"):
            verify(ModelVariant("m", str(path)))


class Counting(OpenedFile):
    """Counts how often files are read."""

    reads = 0

    def sha256(self) -> str:
        Counting.reads += 1
        return super().sha256()


@pytest.fixture
def reads() -> Callable[[], int]:
    before = Counting.reads
    return lambda: Counting.reads - before


def digest_of(path: Path, digests: Digests) -> str:
    file = Counting("m", str(path))
    try:
        return digests.of(file)
    finally:
        file.close()


def test_an_unchanged_file_is_read_once(tmp_path: Path, reads: Callable[[], int]) -> None:
    model = tmp_path / "m.onnx"
    model.write_bytes(b"one")
    later = model.stat().st_ctime + 60
    digests = Digests(lambda: later)
    first = digest_of(model, digests)
    assert digest_of(model, digests) == first == hashlib.sha256(b"one").hexdigest()
    assert reads() == 1
    model.write_bytes(b"two")
    assert digest_of(model, digests) == hashlib.sha256(b"two").hexdigest()
    assert reads() == 2


def test_a_file_that_has_just_changed_is_read_again(tmp_path: Path, reads: Callable[[], int]) -> None:
    # Within one tick of the file system's clock it could change again and look the same.
    model = tmp_path / "m.onnx"
    model.write_bytes(b"one")
    now = model.stat().st_ctime
    digests = Digests(lambda: now)
    assert digest_of(model, digests) == digest_of(model, digests)
    assert reads() == 2


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    model = tmp_path / "m.onnx"
    model.write_bytes(b"one")

    class Changing(OpenedFile):
        def sha256(self) -> str:
            os.utime(model, ns=(0, 0))
            return super().sha256()

    file = Changing("m", str(model))
    with pytest.raises(ActivationError, match="was replaced while it was checked") as caught:
        Digests().of(file)
    assert caught.value.stage == "checking"
    file.close()
    file.close()


def test_what_is_checked_stays_open_and_is_what_was_there(tmp_path: Path) -> None:
    model = tmp_path / "m.onnx"
    model.write_bytes(b"old")
    file = open_checked(ModelVariant("m", str(model), sha256=hashlib.sha256(b"old").hexdigest()))
    (tmp_path / "new").write_bytes(b"new")
    os.replace(tmp_path / "new", model)
    assert os.pread(file.descriptor, 10, 0) == b"old"
    file.confirm("loading")
    file.close()


def test_the_oldest_of_many_digests_is_forgotten(tmp_path: Path, reads: Callable[[], int]) -> None:
    digests = Digests(lambda: 1e12)
    paths = [tmp_path / f"{number}" for number in range(257)]
    for path in paths:
        path.write_bytes(path.name.encode())
        digest_of(path, digests)
    digest_of(paths[-1], digests)
    assert reads() == 257
    digest_of(paths[0], digests)
    assert reads() == 258
