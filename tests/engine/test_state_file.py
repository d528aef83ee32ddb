from __future__ import annotations

import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from edgeadapt.engine.state_file import StateFile, StateFileError


class WallClock:
    def __init__(self) -> None:
        self.now_s = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> WallClock:
    return WallClock()


@pytest.fixture
def file(tmp_path: Path, clock: WallClock) -> StateFile:
    return StateFile(tmp_path / "edgeadapt.state", "digits", clock)


def test_where_there_is_no_file_nothing_was_saved(file: StateFile) -> None:
    assert file.read() is None


def test_what_was_written_is_read_with_the_time_that_passed(file: StateFile, clock: WallClock) -> None:
    file.write({"active": "tiny"}, {}, ["big"])
    clock.now_s += 42.5
    saved = file.read()
    assert saved is not None
    assert (saved.session, saved.activating, saved.elapsed_s) == ({"active": "tiny"}, ("big",), 42.5)


@pytest.mark.parametrize("jump_s", [-3600.0, 2e9])
def test_a_wall_clock_that_jumped_tells_no_time(file: StateFile, clock: WallClock, jump_s: float) -> None:
    file.write(None, {}, [])
    clock.now_s += jump_s
    saved = file.read()
    assert saved is not None
    assert saved.elapsed_s == 0.0


def test_a_write_leaves_nothing_beside_the_file(file: StateFile, tmp_path: Path) -> None:
    file.write(None, {}, [])
    file.write(None, {}, ["big"])
    assert [path.name for path in tmp_path.iterdir()] == ["edgeadapt.state"]


def test_a_write_that_fails_leaves_the_old_content(file: StateFile) -> None:
    file.write(None, {}, ["big"])
    with pytest.raises(ValueError, match="JSON compliant"):
        file.write({"age": float("nan")}, {}, [])
    saved = file.read()
    assert saved is not None
    assert saved.activating == ("big",)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b'{"format": "edgeadapt-state", ', "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "not a state file"),
        (b'{"format": "other"}', "not a state file"),
        (b'{"format": "edgeadapt-state", "version": 9}', "version `9`"),
        (b'{"format": "edgeadapt-state", "version": 2, "family": "faces"}', "family `faces`"),
        (b'{"format": "edgeadapt-state", "version": 2, "family": "digits"}', "missing"),
    ],
)
def test_what_is_no_state_file_is_refused_with_the_reason(
    file: StateFile, content: bytes, reason: str
) -> None:
    Path(file.path).write_bytes(content)
    with pytest.raises(StateFileError, match=reason):
        file.read()


@pytest.mark.parametrize("saved_at", [float("nan"), 10**400, -(10**400), float("inf")])
def test_a_time_that_is_no_number_tells_no_time(file: StateFile, saved_at: float) -> None:
    file.write(None, {}, [])
    data = json.loads(Path(file.path).read_text())
    data["saved_at_s"] = saved_at
    Path(file.path).write_text(json.dumps(data))
    saved = file.read()
    assert saved is not None
    assert saved.elapsed_s == 0.0


def test_what_is_no_ordinary_file_is_neither_read_nor_replaced(tmp_path: Path) -> None:
    pipe, folder = tmp_path / "pipe", tmp_path / "folder"
    os.mkfifo(pipe)
    folder.mkdir()
    for path in (pipe, folder):
        before = path.stat()
        file = StateFile(path, "digits")
        with pytest.raises(OSError, match="not an ordinary file"):
            file.read()
        with pytest.raises(OSError, match="not an ordinary file"):
            file.write(None, {}, [])
        after = path.stat()
        assert (after.st_ino, after.st_mode) == (before.st_ino, before.st_mode)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "pipe"]


def test_a_link_goes_on_leading_to_the_file(tmp_path: Path) -> None:
    link, target = tmp_path / "link", tmp_path / "target"
    link.symlink_to(target)
    StateFile(link, "digits").write(None, {}, ["big"])
    assert link.is_symlink()
    saved = StateFile(target, "digits").read()
    assert saved is not None
    assert saved.activating == ("big",)


def test_a_path_of_bytes_is_the_same_path(tmp_path: Path) -> None:
    StateFile(os.fsencode(tmp_path / "edgeadapt.state"), "digits").write(None, {}, [])
    assert [path.name for path in tmp_path.iterdir()] == ["edgeadapt.state"]


def test_a_file_that_grew_without_bound_is_refused(file: StateFile) -> None:
    with open(file.path, "wb") as sparse:
        sparse.truncate(1 << 40)
    with pytest.raises(StateFileError, match="too large"):
        file.read()


def test_two_that_write_at_once_leave_a_whole_file(file: StateFile, tmp_path: Path) -> None:
    start = threading.Barrier(2)

    def write(activating: str) -> None:
        start.wait()
        for _ in range(50):
            StateFile(file.path, "digits").write(None, {}, [activating])

    with ThreadPoolExecutor(2) as pool:
        for written in [pool.submit(write, text) for text in ("a" * 10_000, "b" * 100_000)]:
            written.result()
    saved = file.read()
    assert saved is not None
    assert [path.name for path in tmp_path.iterdir()] == ["edgeadapt.state"]


def test_a_file_is_set_aside_and_not_lost(file: StateFile) -> None:
    Path(file.path).write_bytes(b"other program's")
    aside = file.set_aside()
    assert aside is not None
    assert Path(aside).read_bytes() == b"other program's"
    assert file.read() is None
