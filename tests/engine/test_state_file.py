from __future__ import annotations

import json
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
    file.write({"active": "tiny"}, {}, "big")
    clock.now_s += 42.5
    saved = file.read()
    assert saved is not None
    assert (saved.session, saved.activating, saved.elapsed_s) == ({"active": "tiny"}, "big", 42.5)


@pytest.mark.parametrize("jump_s", [-3600.0, 2e9])
def test_a_wall_clock_that_jumped_tells_no_time(file: StateFile, clock: WallClock, jump_s: float) -> None:
    file.write(None, {}, None)
    clock.now_s += jump_s
    saved = file.read()
    assert saved is not None
    assert saved.elapsed_s == 0.0


def test_a_write_leaves_nothing_beside_the_file(file: StateFile, tmp_path: Path) -> None:
    file.write(None, {}, None)
    file.write(None, {}, "big")
    assert [path.name for path in tmp_path.iterdir()] == ["edgeadapt.state"]


def test_a_write_that_fails_leaves_the_old_content(file: StateFile) -> None:
    file.write(None, {}, "big")
    with pytest.raises(ValueError, match="JSON compliant"):
        file.write({"age": float("nan")}, {}, None)
    saved = file.read()
    assert saved is not None
    assert saved.activating == "big"


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
        (b'{"format": "edgeadapt-state", "version": 1, "family": "faces"}', "family `faces`"),
        (b'{"format": "edgeadapt-state", "version": 1, "family": "digits"}', "missing"),
    ],
)
def test_what_is_no_state_file_is_refused_with_the_reason(
    file: StateFile, content: bytes, reason: str
) -> None:
    Path(file.path).write_bytes(content)
    with pytest.raises(StateFileError, match=reason):
        file.read()


def test_a_time_that_is_no_number_tells_no_time(file: StateFile) -> None:
    file.write(None, {}, None)
    data = json.loads(Path(file.path).read_text())
    data["saved_at_s"] = float("nan")
    Path(file.path).write_text(json.dumps(data))
    saved = file.read()
    assert saved is not None
    assert saved.elapsed_s == 0.0


def test_a_file_is_set_aside_and_not_lost(file: StateFile) -> None:
    Path(file.path).write_bytes(b"other program's")
    aside = file.set_aside()
    assert aside is not None
    assert Path(aside).read_bytes() == b"other program's"
    assert file.read() is None
