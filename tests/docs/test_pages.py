"""Every page's code blocks do what is shown, played from the page's top in an empty folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeadapt.shipped import shipped
from tests.docs.blocks import SHOWN, PageRun, blocks

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
# Pages whose blocks another test runs; how-tos and some others have one of their own, `test_NAME.py`, beside this one.
ELSEWHERE = {"reference/lints.md": "tests/language/lints/test_pages.py"}


def _has_its_own_test(page: Path) -> bool:
    return (Path(__file__).parent / f"test_{page.stem.replace('-', '_')}.py").exists()


PAGES = [
    page
    for page in sorted(DOCS.rglob("*.md"))
    if any(block.language not in SHOWN for block in blocks(page.read_text(encoding="utf-8")))
    and page.relative_to(DOCS).as_posix() not in ELSEWHERE
    and not _has_its_own_test(page)
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_a_page_does_what_it_shows(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if page.parent.name != "tutorial":  # which begins with nothing
        for name in ("families", "policies"):
            (tmp_path / name).symlink_to(shipped(name))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    run = PageRun(tmp_path)
    for block in blocks(page.read_text(encoding="utf-8")):
        run.run(block)


def test_what_is_left_to_other_tests_is_tested_there() -> None:
    for page, test in ELSEWHERE.items():
        assert (DOCS / page).exists()
        assert (ROOT / test).exists()
