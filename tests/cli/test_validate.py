"""`validate` tells what each variant came to, then every problem with its place and remedy; code 1 where there is one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.backends.onnx_models import doubling


@pytest.fixture
def family(run, tmp_path: Path) -> str:
    doubling(tmp_path / "good.onnx")
    (tmp_path / "f.yaml").write_text(
        "schema_version: 1\nname: f\nvariants:\n  - {name: good, path: good.onnx}\n  - {name: gone, path: gone.onnx}\n",
        "utf-8",
    )
    return "f.yaml"


def test_a_line_a_variant_then_the_problems(run, family: str) -> None:
    result = run("validate", "--family", family)
    assert result.exit_code == 1
    good, gone, empty, problem, end = result.stdout.splitlines()
    assert good.startswith("good: ok, loaded and run in ")
    assert (gone, empty) == ("gone: failed while checking", "")
    assert problem.startswith("f.yaml:5: variant `gone` fails while checking: there is no model file at ")
    assert problem.endswith("; check its `path`")
    assert end == "1 problem in 2 variants of f"


def test_explain_tells_each_check_and_how_it_fared(run, family: str) -> None:
    result = run("validate", "--config", family, "--explain")
    assert result.exit_code == 1
    good, gone, _ = result.stdout.split("\n\n", 2)
    assert [line.split()[0] for line in good.splitlines() if line[2:3].strip()] == [
        *("good:", "checking", "loading", "warming", "validating")
    ]
    assert "checking    failed" in gone
    assert "loading     not tried" in gone
    assert max(map(len, result.stdout.splitlines()[:12])) <= 80


def test_a_policy_is_held_against_the_family(run, tmp_path: Path) -> None:
    doubling(tmp_path / "m.onnx")
    (tmp_path / "f.yaml").write_text(
        "schema_version: 1\nname: f\nvariants: [{name: a, path: m.onnx}]\n", "utf-8"
    )
    (tmp_path / "bad.eap").write_text("edition 1 policy p { otherwise use b }", "utf-8")
    result = run("validate", "--family", "f.yaml", "--policy", "bad.eap")
    assert result.exit_code == 1
    assert "error[EAP306]: family `f` has no variant `b`" in result.stdout
    assert result.stdout.endswith("no problems in 1 variant of f; the policy has 1 error in 1 file\n")
    (tmp_path / "good.eap").write_text(
        "edition 1 policy p { otherwise use highest accuracy else a }", "utf-8"
    )
    result = run("validate", "--family", "f.yaml", "--policy", "good.eap", "--json")
    assert result.exit_code == 0
    data = json.loads(result.stdout)
    assert (data["policy"], data["problems"], data["diagnostics"]) == ("p", [], [])
    assert data["variants"][0]["works"] is True
    assert "passes them over" in data["notes"][0]


def test_a_wrong_family_is_code_1_with_all_its_problems_and_leaves_the_policy_alone(
    run, tmp_path: Path
) -> None:
    (tmp_path / "f.yaml").write_text("schema_version: 1\nname: f\nx: 1\nvariants: [{name: a}]\n", "utf-8")
    result = run("validate", "--family", "f.yaml", "--policy", "none.eap")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1] == "2 problems"
    assert "none.eap was not checked" in result.stderr


@pytest.mark.parametrize("path", ["none.yaml", "."])
def test_a_file_that_can_not_be_read_is_code_2(run, path: str) -> None:
    result = run("validate", "--family", path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: ")


def test_a_policy_that_can_not_be_read_is_code_2(run, tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_text("schema_version: 1\nname: f\nvariants: [{name: a, path: a}]\n", "utf-8")
    assert run("validate", "--family", "f.yaml", "--policy", "none.eap").exit_code == 2
