"""What is remembered of trials, here and between processes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from edgeadapt.backends.preflight_verdicts import Verdicts, verdict_key
from edgeadapt.registry import ModelVariant, SessionOptions
from edgeadapt.registry.integrity import OpenedFile


def test_a_verdict_is_there_again_in_another_process(tmp_path: Path) -> None:
    first = Verdicts(str(tmp_path))
    assert first.get("k") is None
    first.put("k", "it crashes")
    first.put("other", "")
    assert Verdicts(str(tmp_path)).get("k") == "it crashes"
    assert Verdicts(str(tmp_path)).get("other") == ""
    assert os.listdir(tmp_path) == ["preflight.json"]


def test_another_processes_verdict_is_seen_and_not_lost(tmp_path: Path) -> None:
    one, other = Verdicts(str(tmp_path)), Verdicts(str(tmp_path))
    one.put("a", "x")
    other.put("b", "y")
    assert one.get("b") == "y"
    assert Verdicts(str(tmp_path)).get("a") == "x"


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"k": 3}', b"[" * 100_000, b"\xff"])
def test_a_damaged_file_holds_nothing(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "preflight.json").write_bytes(data)
    verdicts = Verdicts(str(tmp_path))
    assert verdicts.get("k") is None
    verdicts.put("k", "")
    assert Verdicts(str(tmp_path)).get("k") == ""


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    verdicts = Verdicts(str(tmp_path))
    for number in range(300):
        verdicts.put(str(number), "")
    stored = json.loads((tmp_path / "preflight.json").read_bytes())
    assert len(stored) == 256
    assert "299" in stored


def test_without_a_folder_they_are_kept_in_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null")
    verdicts = Verdicts()
    verdicts.put("k", "no")
    assert verdicts.get("k") == "no"
    gone = Verdicts("/no/such/folder")
    gone.put("k", "no")
    assert gone.get("k") == "no"


def test_a_verdict_belongs_to_a_file_its_options_and_the_runtime(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "m.onnx"
    path.write_bytes(b"one")

    def key(standby: bool = False, threads: int | None = None) -> str:
        variant = ModelVariant("m", str(path), session=SessionOptions(threads))
        file = OpenedFile("m", str(path))
        file.close()
        return verdict_key(variant, file, standby)

    first = key()
    assert key() == first
    changed = {first, key(standby=True), key(threads=2)}
    monkeypatch.setenv("EDGEADAPT_ONNXRUNTIME_LIBRARY", str(path))
    changed.add(key())
    monkeypatch.undo()
    path.write_bytes(b"more")
    changed.add(key())
    assert len(changed) == 5
