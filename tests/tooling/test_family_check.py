"""A family is checked whole: every problem with its place and remedy, and a model that ends its process ends no other."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest

from edgeadapt.errors import FamilyYamlError
from edgeadapt.registry import ModelFamily
from edgeadapt.tooling.family_check import FamilyCheck, check_family
from tests.backends.onnx_models import crashing_on_zeros, doubling


@pytest.fixture
def check(tmp_path: Path):
    doubling(tmp_path / "good.onnx")

    def checked(variants: str, head: str = "") -> FamilyCheck:
        text = f"schema_version: 1\nname: f\n{head}variants:\n{variants}"
        (tmp_path / "f.yaml").write_text(text, "utf-8")
        return check_family(str(tmp_path / "f.yaml"))

    return checked


def test_a_family_without_a_contract_gets_that_of_the_first_that_works(check, tmp_path: Path) -> None:
    doubling(tmp_path / "wide.onnx", shape=("N", 5))
    (tmp_path / "text.onnx").write_text("no model", "utf-8")
    found = check(
        "  - {name: text, path: text.onnx}\n  - {name: a, path: good.onnx}\n"
        "  - {name: b, path: good.onnx}\n  - {name: wide, path: wide.onnx}\n"
    )
    trials = [each.trial for each in found.variants]
    assert [trial.works for trial in trials] == [False, True, True, False]
    assert list(trials[1].seconds) == ["checking", "loading", "warming", "validating"]
    assert [problem.place.rpartition(":")[2] for problem in found.problems] == ["4", "7"]
    assert "it is no ONNX model; give a model's .onnx file" in found.problems[0].text
    assert "where `a`, which served first, has" in found.problems[1].text
    what = [dict(each.checks)["validating"] for each in found.variants]
    assert len(what) == 4
    contracts = [
        next(text for stage, text in each.checks if stage == "validating") for each in found.variants
    ]
    assert contracts[1].startswith("its own inputs and outputs become")
    assert contracts[2].startswith("it meets the contract of `a`")


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="only x86 ends a process for that")
def test_a_model_that_ends_its_process_is_a_problem_like_another(check, tmp_path: Path) -> None:
    crashing_on_zeros(tmp_path / "crash.onnx")
    found = check(
        "  - {name: crash, path: crash.onnx}\n  - {name: good, path: good.onnx}\n", "contract: {}\n"
    )
    assert [each.trial.works for each in found.variants] == [False, True]
    assert "ends the process (SIGFPE); restore the file, or declare `golden`" in found.problems[0].text


def test_what_is_not_here_needs_no_process(check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edgeadapt.tooling.variant_trial.TrialProcess", None)
    found = check(
        "  - {name: gone, path: gone.onnx}\n  - {name: typo, path: good.onnx, backend: onx}\n"
        "  - {name: own, path: good.onnx, backend: coreml}\n"
    )
    assert [problem.variant for problem in found.problems] == ["gone", "typo"]
    assert "check its `path`" in found.problems[0].text
    assert "did you mean `onnx`?" in found.problems[1].text
    assert "`Engine(loader=…)`" in found.variants[2].trial.skipped


def test_another_file_than_the_declared_one_is_a_problem(check) -> None:
    found = check(f"  - {{name: a, path: good.onnx, sha256: '{'0' * 64}'}}\n")
    assert "restore the file or correct `sha256`" in found.problems[0].text


def test_a_wrong_file_has_all_its_problems_told_and_nothing_tried(check) -> None:
    found = check("  - {name: a, path: good.onnx, colour: red, backend: 7}\n", "gap: no\n")
    assert found.family is None
    assert found.variants == ()
    assert len(found.problems) == 3
    assert str(found.problems[1]).startswith(
        found.path + ":5: this key is not known in `variants[0].colour`; "
    )


def test_a_file_that_can_not_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FamilyYamlError):
        check_family(str(tmp_path / "none.yaml"))


def test_adapters_and_golden_answers_are_among_what_is_checked() -> None:
    from edgeadapt.shipped import shipped
    from edgeadapt.tooling.variant_checks import checks_of

    family = ModelFamily.from_yaml(shipped("families/digits.yaml"))
    told = dict(checks_of(family, family.variant("small"), None))
    assert "it answers as recorded in" in told["validating"]
    assert told["warming"] == "it runs on its golden inputs"
