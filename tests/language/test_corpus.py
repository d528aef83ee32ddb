"""Every policy in `corpus/valid` compiles without a word; every one in `corpus/invalid` gets exactly the diagnostics beside it.

`EDGEADAPT_UPDATE_CORPUS=1 pytest tests/language/test_corpus.py` rewrites what stands beside; read the difference.
"""

import os
import re
from pathlib import Path

import pytest

from edgeadapt.diagnostics import CODES, Diagnostic, Source, render_report
from edgeadapt.language import lint_text
from edgeadapt.language.checker import check
from edgeadapt.language.messages import MESSAGES
from edgeadapt.language.parser import parse
from edgeadapt.registry.family import ModelFamily

CORPUS = Path(__file__).parents[1] / "corpus"
DIGITS = ModelFamily.from_yaml(Path(__file__).parents[2] / "families" / "digits.yaml")
VALID = sorted((CORPUS / "valid").glob("*.eap"))
INVALID = sorted((CORPUS / "invalid").glob("*.eap"))
# These need a text too large to keep.
ONLY_LARGE = {"EAP009"}


def _read(path: Path) -> str:
    # Line ends are part of the test.
    return path.read_bytes().decode("utf-8")


def _lint(text: str, name: str) -> tuple[Diagnostic, ...]:
    return lint_text(text, name=name, family=_family(text))


def _family(text: str) -> ModelFamily | None:
    return DIGITS if "family digits" in text else None


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_valid_policy_compiles_without_a_word(path: Path) -> None:
    text = _read(path)
    checked = check(parse(Source(path.name, text)), _family(text))
    assert render_report(checked.diagnostics) == ""
    assert checked.program is not None


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_an_invalid_policy_gets_the_diagnostics_beside_it(path: Path) -> None:
    rendered = render_report(_lint(_read(path), path.name), most=20) + "\n"
    beside = path.with_suffix(".diagnostics")
    if os.environ.get("EDGEADAPT_UPDATE_CORPUS"):
        beside.write_text(rendered, encoding="utf-8")
    assert rendered == beside.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_a_diagnostic_can_be_read_by_itself(path: Path) -> None:
    for diagnostic in _lint(_read(path), path.name):
        for text in (diagnostic.message, diagnostic.label, diagnostic.help):
            assert "\n" not in text
            assert not re.search(r"\{[a-z_]+\}", text), "an unfilled message"
        assert diagnostic.message[0] in "`abcdefghijklmnopqrstuvwxyz"
        assert not diagnostic.message.endswith(".")
        assert diagnostic.help
        assert diagnostic.span.start < diagnostic.span.end


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_a_safe_fix_removes_its_problem_and_makes_no_other_of_its_code(path: Path) -> None:
    text = _read(path)
    before = _lint(text, path.name)
    if any(diagnostic.code == "EAP020" for diagnostic in before):
        return  # where reading stopped, a slip mended lets the next one in
    for diagnostic in before:
        if diagnostic.fix is None or not diagnostic.fix.safe:
            continue
        mended = text
        for edit in sorted(diagnostic.fix.edits, key=lambda edit: -edit.span.start):
            mended = mended[: edit.span.start] + edit.text + mended[edit.span.end :]
        after = _lint(mended, path.name)
        assert [d.code for d in after].count(diagnostic.code) == [d.code for d in before].count(
            diagnostic.code
        ) - 1


def test_the_corpus_has_every_code() -> None:
    met = {diagnostic.code for path in INVALID for diagnostic in _lint(_read(path), path.name)}
    assert met | ONLY_LARGE == set(CODES)


def test_every_code_has_its_line_in_the_table_and_its_message() -> None:
    assert list(CODES) == sorted(CODES)
    assert list(MESSAGES) == list(CODES)


def test_a_text_too_long_for_a_policy_is_refused_at_once() -> None:
    (diagnostic,) = lint_text("#" * 1_000_001)
    assert diagnostic.code == "EAP009"
