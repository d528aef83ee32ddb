"""A family is looked for beside the policy first, then in `../families`."""

from __future__ import annotations

from edgeadapt.registry.beside import families_beside, family_beside


def test_a_family_beside_the_policy_comes_before_one_in_families(tmp_path) -> None:
    policies, families = tmp_path / "policies", tmp_path / "families"
    policies.mkdir()
    families.mkdir()
    (families / "digits.yml").touch()
    assert family_beside(str(policies), "digits") == str(families / "digits.yml")
    (policies / "digits.yaml").touch()
    assert family_beside(str(policies), "digits") == str(policies / "digits.yaml")


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
