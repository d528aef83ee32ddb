"""The grammar's table on disk: used when it is right, built anew when it is not, never read from where others write."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from edgeadapt.language.grammar_cache import cache_file

LINT = "from edgeadapt.language import lint_text; print(len(lint_text('edition 1 policy p { otherwise use a b }')))"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def lint() -> str:
    done = subprocess.run([sys.executable, "-c", LINT], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


def test_the_table_is_kept_and_used(home: Path) -> None:
    table = home / "edgeadapt" / "grammar.table"
    first = lint()
    written = table.stat().st_mtime_ns
    assert lint() == first
    assert table.stat().st_mtime_ns == written


@pytest.mark.parametrize("content", [b"", b"garbage", b"\x80\x05N."])
def test_a_damaged_table_is_built_anew(home: Path, content: bytes) -> None:
    right = lint()
    table = home / "edgeadapt" / "grammar.table"
    table.write_bytes(table.read_bytes()[:64].splitlines()[0] + b"\n" + content)
    assert lint() == right
    table.write_bytes(content)
    assert lint() == right


def test_a_folder_that_others_can_write_is_not_used(home: Path) -> None:
    folder = home / "edgeadapt"
    folder.mkdir()
    folder.chmod(0o777)
    assert cache_file() is None
    folder.chmod(0o700)
    assert cache_file() == str(folder / "grammar.table")


def test_a_link_or_a_file_in_its_place_is_not_used(
    home: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (home / "edgeadapt").symlink_to(tmp_path_factory.mktemp("elsewhere"))
    assert cache_file() is None
    (home / "edgeadapt").unlink()
    (home / "edgeadapt").write_text("")
    assert cache_file() is None
    lint()


def test_no_home_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/none")
    assert cache_file() is None
