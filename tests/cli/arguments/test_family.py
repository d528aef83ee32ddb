"""Where a policy's own family is looked for, and that its name can't lead elsewhere."""

import os

import pytest

from edgeadapt.cli.arguments.family import FamiliesRead, find_family


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch) -> None:
    for name in ("policies/near.yaml", "families/far.yml", "families/near.yaml", "elsewhere.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)


def test_beside_the_policy_comes_before_the_families_folder() -> None:
    assert find_family("policies/p.eap", "near") == os.path.join("policies", "near.yaml")
    assert find_family("policies/p.eap", "far") == os.path.join("families", "far.yml")
    assert find_family("policies/p.eap", "elsewhere") is None


def test_a_policy_on_stdin_lies_in_the_present_folder(monkeypatch) -> None:
    monkeypatch.chdir("policies")
    assert find_family("-", "near") == "near.yaml"
    assert find_family("-", "far") == os.path.join("..", "families", "far.yml")


@pytest.mark.parametrize("name", ["../elsewhere", "/etc/passwd", "a\\b", "nul\0", "x" * 5000])
def test_a_name_that_is_a_path_is_found_nowhere(name) -> None:
    assert find_family("policies/p.eap", name) is None


def test_a_family_is_read_once_and_a_wrong_one_told_of_once(tmp_path) -> None:
    good = "schema_version: 1\nname: f\nvariants: [{name: a, path: a.onnx}]\n"
    (tmp_path / "good.yaml").write_text(good, "utf-8")
    told = []
    families = FamiliesRead(told.append)
    assert families.load("good.yaml") is families.load("good.yaml")
    assert families.load("elsewhere.yaml") is None
    assert families.load("elsewhere.yaml") is None
    assert [error.path for error in told] == ["elsewhere.yaml"]
