"""Over every policy of the corpus: the logs hold to the standard, and mending is stable and never for the worse."""

import json
import shutil
from pathlib import Path

from edgeadapt.diagnostics import Source
from edgeadapt.diagnostics.fixing import fix_all, safe_fix
from edgeadapt.language.compiler import lint_text
from tests.diagnostics.sarif_shape import violations

CORPUS = Path(__file__).parents[1] / "corpus"


def test_the_whole_corpus_gives_a_valid_log(run) -> None:
    log = json.loads(run("lint", str(CORPUS), "--format", "sarif").stdout)
    assert violations(log) == []
    assert len(log["runs"][0]["results"]) > 100


def test_a_second_run_finds_nothing_more_to_mend(run, tmp_path) -> None:
    shutil.copytree(CORPUS, tmp_path / "corpus")
    first = json.loads(run("lint", "corpus", "--fix", "--json").stdout)
    mended = {path: path.read_bytes() for path in (tmp_path / "corpus").rglob("*.eap")}
    second = json.loads(run("lint", "corpus", "--fix", "--json").stdout)
    assert first["fixed"] > 20
    assert second == {**first, "fixed": 0}
    assert all(path.read_bytes() == data for path, data in mended.items())


def test_no_safe_fix_of_the_corpus_has_to_be_undone() -> None:
    for path in sorted(CORPUS.rglob("*.eap")):
        fixed = fix_all(
            Source(path.name, path.read_text("utf-8")),
            lambda source: lint_text(source.text, name=source.name),
        )
        left = [problem.code for problem in fixed.problems if safe_fix(problem) is not None]
        assert not left, f"{path.name}: {left}"
