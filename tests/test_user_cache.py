"""The user's cache folder: only one that nobody else can write to."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeadapt.user_cache import user_cache


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def test_the_folder_is_made_for_the_user_alone(home: Path) -> None:
    assert user_cache() == str(home / "edgeadapt")
    assert (home / "edgeadapt").stat().st_mode & 0o077 == 0


def test_a_folder_that_others_can_write_to_is_not_used(home: Path) -> None:
    (home / "edgeadapt").mkdir()
    (home / "edgeadapt").chmod(0o777)
    assert user_cache() is None


def test_a_link_and_a_file_are_not_used(home: Path) -> None:
    (home / "elsewhere").mkdir()
    (home / "edgeadapt").symlink_to(home / "elsewhere")
    assert user_cache() is None
    (home / "edgeadapt").unlink()
    (home / "edgeadapt").touch()
    assert user_cache() is None


def test_an_impossible_place_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null")
    assert user_cache() is None


@pytest.mark.parametrize("given", ["cache", "~/.cache"])
def test_a_place_that_depends_on_the_present_folder_is_not_used(
    given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", given)
    assert user_cache() is None
    assert list(tmp_path.iterdir()) == []
