"""Links between pages lead somewhere, and every page can be reached from README and from the site's navigation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").rglob("*.md"))]


def links(page: Path) -> list[tuple[Path, str]]:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = (
        target.partition("#") for target in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in target
    )
    return [((page.parent / path).resolve() if path else page, anchor) for path, _, anchor in targets]


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    for target, anchor in links(page):
        assert target.exists(), target
        assert not anchor or anchor in anchors(target), anchor


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, new = set(), {README}
    while new:
        reached |= new
        new = {target for page in new if page in PAGES for target, _ in links(page)} - reached
    assert [page.name for page in PAGES if page not in reached] == []


def test_every_page_is_in_the_navigation() -> None:
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    named = re.findall(r"^ +- (?:[^:\n]+: )?(\S+\.md)$", text, re.MULTILINE)
    there = [page.relative_to(ROOT / "docs").as_posix() for page in PAGES[1:]]
    assert sorted(named) == sorted(there)
