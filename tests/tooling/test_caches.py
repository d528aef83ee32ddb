"""Where what is kept between starts lies, how large it is, and what is lost without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeadapt.tooling.caches import compile_cache


def test_the_folder_and_what_it_keeps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = str(tmp_path / "edgeadapt")
    assert compile_cache() == {"folder": folder, "kept": {"grammar": None, "preflight": None}, "note": ""}
    (tmp_path / "edgeadapt" / "grammar.table").write_bytes(bytes(7))
    assert compile_cache()["kept"] == {"grammar": 7, "preflight": None}


def test_without_a_folder_a_note_says_what_that_costs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "edgeadapt").write_text("in the way", "utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    found = compile_cache()
    assert found["folder"] is None
    assert "set XDG_CACHE_HOME" in found["note"]
