"""A family is looked for beside the policy first, then in `families` there, then in `../families`."""

from __future__ import annotations

import pytest

from edgeadapt.registry.beside import families_beside, family_beside, not_found


def test_a_family_beside_the_policy_comes_before_one_in_families(tmp_path) -> None:
    policies, families = tmp_path / "policies", tmp_path / "families"
    policies.mkdir()
    families.mkdir()
    (families / "digits.yml").touch()
    assert family_beside(str(policies), "digits") == str(families / "digits.yml")
    (policies / "digits.yaml").touch()
    assert family_beside(str(policies), "digits") == str(policies / "digits.yaml")


def test_a_policy_beside_the_folder_of_families_needs_no_folder_of_its_own(tmp_path) -> None:
    (tmp_path / "families").mkdir()
    (tmp_path / "families" / "digits.yaml").touch()
    assert family_beside(str(tmp_path), "digits") == str(tmp_path / "families" / "digits.yaml")


@pytest.mark.parametrize("name", ["digit", "Digits", "digits.yaml"])
def test_of_a_family_that_is_not_found_the_nearest_name_is_told(tmp_path, name) -> None:
    (tmp_path / "digits.yaml").touch()
    assert not_found(str(tmp_path), name) == (
        f"family `{name}` is neither beside the policy nor in families/ or ../families",
        "did you mean `digits`?",
    )


def test_where_no_family_has_such_a_name_the_option_is_told(tmp_path) -> None:
    (tmp_path / "digits.yaml").touch()
    assert not_found(str(tmp_path), "faces")[1] == "give --family FILE"


def test_a_name_with_a_path_in_it_is_looked_for_nowhere(tmp_path) -> None:
    (tmp_path / "digits.yaml").touch()
    (tmp_path / "policies").mkdir()
    assert family_beside(str(tmp_path / "policies"), "../digits") is None


def test_all_that_may_be_families_are_listed_by_place_and_name(tmp_path) -> None:
    policies, families = tmp_path / "policies", tmp_path / "families"
    policies.mkdir()
    families.mkdir()
    for name in ("b.yaml", "a.yml", "notes.txt"):
        (policies / name).touch()
    (families / "c.yaml").mkdir()
    (families / "d.yaml").touch()
    found = [policies / "a.yml", policies / "b.yaml", families / "d.yaml"]
    assert [*families_beside(str(policies))] == [*map(str, found)]


def test_without_a_folder_of_families_none_is_listed(tmp_path) -> None:
    assert [*families_beside(str(tmp_path / "gone"))] == []
