"""`edgeadapt explain` tells what a code means, offline."""

from __future__ import annotations

from click.testing import CliRunner

from edgeadapt.cli.main import main


def explained(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["explain", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_a_lint_is_explained_by_its_page() -> None:
    code, out, _ = explained("EAP404")
    assert code == 0
    assert out.startswith("# EAP404 shadowed-rule (warning)")
    assert "## Blind spots" in out


def test_a_lint_is_found_by_its_name_and_a_code_in_any_case() -> None:
    assert explained("shadowed-rule") == explained("EAP404") == explained("eap404")


def test_an_error_is_explained_from_the_tables() -> None:
    code, out, _ = explained("EAP304")
    assert code == 0
    assert "An `until` that holds wherever its `when` does." in out


def test_without_a_code_all_are_listed() -> None:
    code, out, _ = explained()
    assert code == 0
    assert "EAP001" in out
    assert "shadowed-rule" in out


def test_an_unknown_code_is_wrong_use_and_says_what_there_is() -> None:
    code, out, err = explained("EAP999")
    assert (code, out) == (2, "")
    assert "there is no code `EAP999`; `edgeadapt explain` lists all" in err
    assert "did you mean `shadowed-rule`?" in explained("shadow-rule")[2]


def test_a_reason_is_explained_as_it_stands_in_a_log() -> None:
    code, out, _ = explained("SWAP_POLICY_RECOMMEND")
    assert code == 0
    assert "The policy wants another variant than the active one." in out
    assert explained("swap_load_failed:full:no such file") == explained("SWAP_LOAD_FAILED")
    assert explained("SWAP_SKIPPED_MEMORY")[1].count("(event") == 2


def test_a_misspelt_reason_gets_the_nearest_one() -> None:
    assert explained("SWAP_PINED") == (
        2,
        "",
        "error: there is no code `SWAP_PINED`; did you mean `SWAP_PINNED`?\n",
    )
