"""The page on onnxruntime-gpu does what it shows, on a machine whose ONNX Runtime has no CUDA."""

from __future__ import annotations

from pathlib import Path

import onnxruntime
import pytest

from edgeadapt.shipped import shipped
from tests.docs.blocks import PageRun, blocks

PAGE = (Path(__file__).resolve().parents[2] / "docs/how-to/onnxruntime-gpu.md").read_text(encoding="utf-8")
PROVIDERS = onnxruntime.get_available_providers()


@pytest.mark.skipif("CUDAExecutionProvider" in PROVIDERS, reason="the page shows a machine without CUDA")
@pytest.mark.skipif("AzureExecutionProvider" not in PROVIDERS, reason="this wheel has no second provider")
def test_the_page_does_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "families").symlink_to(shipped("families"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    run = PageRun(tmp_path)
    for block in blocks(PAGE):
        run.run(block)
