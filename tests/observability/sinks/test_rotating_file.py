from __future__ import annotations

import os
from pathlib import Path

import pytest

from edgeadapt.observability.sinks.rotating_file import RotatingFile


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_older_files_keep_the_suffix_and_the_oldest_is_removed(tmp_path: Path) -> None:
    file = RotatingFile(tmp_path / "a.jsonl", keep=2)
    for number in range(5):
        file.write(f"line {number}")
        file.rotate()
    file.close()
    assert names(tmp_path) == ["a.1.jsonl", "a.2.jsonl", "a.jsonl"]
    assert (tmp_path / "a.1.jsonl").read_text() == "line 4\n"
    assert (tmp_path / "a.2.jsonl").read_text() == "line 3\n"


def test_without_room_for_older_ones_the_file_begins_anew(tmp_path: Path) -> None:
    file = RotatingFile(tmp_path / "a.jsonl", keep=0)
    file.write("one")
    file.rotate()
    file.write("two")
    file.close()
    assert names(tmp_path) == ["a.jsonl"]
    assert (tmp_path / "a.jsonl").read_text() == "two\n"


def test_it_goes_on_in_a_file_that_is_there_and_never_in_the_middle_of_a_line(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("whole\ncut o")
    file = RotatingFile(tmp_path / "a.jsonl", keep=1)
    assert file.size == 11
    file.write("next")
    file.write("last")
    file.close()
    assert (tmp_path / "a.jsonl").read_text() == "whole\ncut o\nnext\nlast\n"


def test_it_stays_where_it_is_when_the_process_changes_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = RotatingFile("a.jsonl", keep=1)
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "other")
    file.rotate()
    file.write("here")
    file.close()
    assert names(tmp_path) == ["a.1.jsonl", "a.jsonl", "other"]


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="not a file"):
        RotatingFile(tmp_path, keep=1)
    os.mkfifo(tmp_path / "pipe.jsonl")
    with pytest.raises(OSError, match="not a file"):
        RotatingFile(tmp_path / "pipe.jsonl", keep=1)
    with pytest.raises(FileNotFoundError):
        RotatingFile(tmp_path / "nowhere" / "a.jsonl", keep=1)
