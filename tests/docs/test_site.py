"""The site is built without a warning, and fetches nothing from elsewhere when it is read."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# What a browser fetches by itself; what a reader clicks is another matter.
_FETCHED = re.compile(r"<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)=[\"']?(?:https?:)?//[^>]*>")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(place)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return place


@pytest.mark.long
def test_every_page_is_built_and_fetches_nothing_from_elsewhere(site: Path) -> None:
    pages = {
        page.relative_to(site).with_suffix(".md"): page.read_text("utf-8") for page in site.rglob("*.html")
    }
    texts = {page.relative_to(ROOT / "docs") for page in (ROOT / "docs").rglob("*.md")}
    assert texts <= set(pages)
    for page in pages.values():
        assert _FETCHED.findall(page) == []
        assert 'class="mermaid"' not in page  # which the theme would draw by a script from elsewhere


@pytest.mark.long
def test_policies_are_highlighted(site: Path) -> None:
    page = (site / "index.html").read_text("utf-8")
    assert 'class="language-eap highlight"' in page
    assert '<span class="nl">tiny</span>' in page


def test_nothing_asks_for_a_diagram_from_elsewhere() -> None:
    for page in (ROOT / "docs").rglob("*.md"):
        assert "```mermaid" not in page.read_text("utf-8")
