"""The generated parts and pictures of the pages say what the code says; EDGEADAPT_UPDATE_CORPUS=1 writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from docs.generators import hysteresis
from docs.generators.parts import DOCS, PARTS, PICTURES, marked_pages, names_in, with_generated

UPDATE = os.environ.get("EDGEADAPT_UPDATE_CORPUS") == "1"
HOW = "EDGEADAPT_UPDATE_CORPUS=1 writes it anew"


@pytest.mark.parametrize("page", marked_pages(), ids=lambda page: page.stem)
def test_a_page_says_what_the_code_says(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    if UPDATE:
        page.write_text(with_generated(text), encoding="utf-8")
    # Compared apart from the assertion: a diff of thousands of lines takes minutes, and nobody would read it.
    is_up_to_date = page.read_text(encoding="utf-8") == with_generated(text)
    assert is_up_to_date, HOW


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_shows_what_the_code_does(name: str) -> None:
    if UPDATE:
        (DOCS / "images" / name).write_text(PICTURES[name](), encoding="utf-8")
    assert (DOCS / "images" / name).read_text(encoding="utf-8") == PICTURES[name](), HOW


def test_the_plot_of_hysteresis_shows_what_the_evaluator_does() -> None:
    if UPDATE:
        hysteresis.draw()
    assert hysteresis.digest() in hysteresis.PICTURE.read_text(encoding="utf-8"), HOW


def test_every_part_stands_on_one_page() -> None:
    found = [name for page in marked_pages() for name in names_in(page.read_text(encoding="utf-8"))]
    assert sorted(found) == sorted(PARTS)
