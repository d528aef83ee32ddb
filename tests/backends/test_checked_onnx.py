"""ONNX files that were checked, from the check to the load."""

from __future__ import annotations

import os
import platform
import threading
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from edgeadapt.backends.checked_onnx import CheckedONNXBackend
from edgeadapt.errors import ActivationError
from edgeadapt.registry import ModelVariant
from edgeadapt.registry.integrity import OpenedFile, open_checked, sha256_of
from tests.backends.onnx_models import crashing, doubling

ROW = np.ones((1, 4), np.float32)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def checked(path: Path, **options: Any) -> tuple[CheckedONNXBackend, OpenedFile]:
    file = OpenedFile("m", str(path))
    return CheckedONNXBackend(ModelVariant("m", str(path), **options), file), file


def padded(path: Path, size: str) -> Path:
    """Above 8 MB a file is given to the runtime as a descriptor."""
    if size == "large":
        model = onnx.load(path)
        model.doc_string = "x" * (9 << 20)
        onnx.save(model, path)
    return path


def is_open(file: OpenedFile) -> bool:
    try:
        os.fstat(file.descriptor)
    except OSError:
        return False
    return True


def test_it_loads_what_was_checked_although_the_path_leads_elsewhere_now(tmp_path: Path) -> None:
    path = doubling(tmp_path / "m.onnx")
    backend, file = checked(path)
    (tmp_path / "new.onnx").write_bytes(b"junk")
    os.replace(tmp_path / "new.onnx", path)
    backend.load()
    assert backend.infer(ROW).tolist() == [[2, 2, 2, 2]]
    assert not is_open(file)


def test_a_file_written_to_after_its_check_does_not_serve(tmp_path: Path) -> None:
    path = doubling(tmp_path / "m.onnx")
    backend, file = checked(path)
    os.utime(path, ns=(0, 0))
    with pytest.raises(
        ActivationError, match="was replaced while it was loaded; write a new file beside it"
    ) as caught:
        backend.load()
    assert caught.value.stage == "loading"
    assert not backend.is_loaded
    assert not is_open(file)


@pytest.mark.parametrize("size", ["small", "large"])
def test_a_file_written_to_after_its_check_with_its_time_set_back_does_not_serve(
    tmp_path: Path, size: str
) -> None:
    path = padded(doubling(tmp_path / "m.onnx", scores="scores"), size)
    sha256 = sha256_of(path)
    other = padded(doubling(tmp_path / "other.onnx", scores="sc0res"), size).read_bytes()
    assert len(other) == path.stat().st_size
    variant = ModelVariant("m", str(path), sha256=sha256)
    file = open_checked(variant)
    found = path.stat()
    with path.open("r+b") as writing:
        writing.write(other)
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    backend = CheckedONNXBackend(variant, file)
    with pytest.raises(ActivationError, match="was replaced while it was loaded"):
        backend.load()
    assert not backend.is_loaded


@pytest.mark.parametrize("size", ["small", "large"])
def test_a_checked_file_serves_although_another_is_renamed_over_it(tmp_path: Path, size: str) -> None:
    path = padded(doubling(tmp_path / "m.onnx"), size)
    variant = ModelVariant("m", str(path), sha256=sha256_of(path))
    file = open_checked(variant)
    (tmp_path / "new.onnx").write_bytes(b"junk")
    os.replace(tmp_path / "new.onnx", path)
    backend = CheckedONNXBackend(variant, file)
    backend.load()
    assert backend.infer(ROW).tolist() == [[2, 2, 2, 2]]


def test_the_file_is_closed_where_it_is_never_loaded_or_fails_to(tmp_path: Path) -> None:
    path = doubling(tmp_path / "m.onnx")
    backend, file = checked(path)
    backend.unload()
    assert not is_open(file)
    path.write_bytes(b"junk")
    backend, file = checked(path)
    with pytest.raises(ActivationError):
        backend.load()
    assert not is_open(file)


@pytest.mark.skipif(
    platform.machine() not in ("x86_64", "AMD64") or os.name != "posix",
    reason="only there does the division end the process",
)
def test_a_model_that_would_end_this_process_does_not(tmp_path: Path) -> None:
    backend, _ = checked(crashing(tmp_path / "m.onnx"), preflight="process")
    with pytest.raises(ActivationError, match="would end the process"):
        backend.load()


def test_a_preflight_is_ended_by_a_cancel(tmp_path: Path) -> None:
    backend, _ = checked(doubling(tmp_path / "m.onnx"), preflight="process")
    backend.cancel_load()
    with pytest.raises(ActivationError, match="its preflight was cancelled"):
        backend.load()


def test_other_threads_run_while_a_preflight_does(tmp_path: Path) -> None:
    backend, _ = checked(doubling(tmp_path / "m.onnx"), preflight="process")
    turns = 0
    done = threading.Event()

    def load() -> None:
        backend.load()
        done.set()

    loading = threading.Thread(target=load)
    loading.start()
    while not done.wait(0.001):
        turns += 1
    loading.join()
    assert backend.is_loaded
    assert turns > 20
