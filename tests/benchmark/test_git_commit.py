"""The commit of a folder, from Git's own files."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeadapt.benchmark.git_commit import commit_of

COMMIT, OTHER = "1234567890" * 4, "abcdef0123" * 4


@pytest.fixture
def git(tmp_path: Path) -> Path:
    (tmp_path / ".git" / "refs" / "heads").mkdir(parents=True)
    (tmp_path / "families").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    return tmp_path / ".git"


def test_it_is_that_of_the_branch_that_is_checked_out(git: Path) -> None:
    (git / "refs" / "heads" / "main").write_text(f"{COMMIT}\n")
    assert commit_of(git.parent) == commit_of(git.parent / "families") == COMMIT


def test_a_packed_branch_is_found_and_a_loose_one_comes_first(git: Path) -> None:
    (git / "packed-refs").write_text(
        f"# pack-refs\n{OTHER} refs/heads/mainly\n{COMMIT} refs/heads/main\n^{OTHER}\n"
    )
    assert commit_of(git.parent) == COMMIT
    (git / "refs" / "heads" / "main").write_text(f"{OTHER}\n")
    assert commit_of(git.parent) == OTHER


def test_a_commit_may_be_checked_out_without_a_branch(git: Path) -> None:
    (git / "HEAD").write_text(f"{COMMIT}\n")
    assert commit_of(git.parent) == COMMIT


def test_a_worktree_has_its_own_head_and_its_repositorys_branches(git: Path, tmp_path: Path) -> None:
    inner, tree = git / "worktrees" / "w", tmp_path / "elsewhere"
    inner.mkdir(parents=True)
    tree.mkdir()
    (tree / ".git").write_text(f"gitdir: {inner}\n")
    (inner / "HEAD").write_text("ref: refs/heads/side\n")
    (inner / "commondir").write_text("../..\n")
    (git / "refs" / "heads" / "side").write_text(f"{OTHER}\n")
    assert commit_of(tree) == OTHER


@pytest.mark.parametrize("head", ["", "ref: refs/heads/none\n", "no commit\n", "ref:\n", "\0"])
def test_what_cannot_be_told_is_none(git: Path, head: str) -> None:
    (git / "HEAD").write_text(head)
    assert commit_of(git.parent) is None


def test_a_folder_outside_of_any_repository_has_none(tmp_path: Path) -> None:
    assert commit_of(tmp_path) is None
    (tmp_path / ".git").write_text("nothing of Git's")
    assert commit_of(tmp_path) is None
