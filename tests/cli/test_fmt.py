"""`fmt` writes the canonical form, and never half a file, a file that needs none, or one that it can't read."""

import os
import stat

import pytest

UGLY = "edition 1 policy p { otherwise use tiny } # why"
FORMED = "edition 1\n\npolicy p {  # why\n  otherwise use tiny\n}\n"
BROKEN = "edition 1\npolicy p {\n  let a = = 5\n  otherwise use tiny\n}\n"


def test_a_file_is_written_in_its_canonical_form_and_once_only(run, tmp_path) -> None:
    file = tmp_path / "p.eap"
    file.write_text(UGLY)
    result = run("fmt", "p.eap")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "formatted p.eap\n1 file formatted\n", "")
    assert file.read_text() == FORMED
    before = file.stat()
    result = run("fmt", ".")
    assert (result.exit_code, result.stdout) == (0, "1 file as it should be\n")
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_line_ends_and_a_byte_order_mark_are_a_change_too(run, tmp_path) -> None:
    (tmp_path / "p.eap").write_bytes(b"\xef\xbb\xbf" + FORMED.replace("\n", "\r\n").encode())
    assert run("fmt", "--check", "p.eap").exit_code == 1
    assert run("fmt", "p.eap").exit_code == 0
    assert (tmp_path / "p.eap").read_bytes() == FORMED.encode()


def test_check_tells_which_files_would_change_and_changes_none(run, tmp_path) -> None:
    (tmp_path / "a.eap").write_text(UGLY)
    (tmp_path / "b.eap").write_text(FORMED)
    result = run("fmt", "--check", ".")
    assert result.exit_code == 1
    assert result.stdout == "would format ./a.eap\n1 file would change; 1 file as it should be\n"
    assert (tmp_path / "a.eap").read_text() == UGLY
    assert run("fmt", "--check", "b.eap").exit_code == 0


def test_diff_shows_what_would_change_and_changes_nothing(run, tmp_path) -> None:
    (tmp_path / "p.eap").write_text(FORMED.replace("  otherwise", "otherwise"))
    result = run("fmt", "--diff", "p.eap")
    assert result.exit_code == 1
    assert "--- p.eap\n+++ p.eap\n" in result.stdout
    assert "\n-otherwise use tiny\n+  otherwise use tiny\n" in result.stdout
    assert result.stderr == "1 file would change\n"
    assert "\n  otherwise" not in (tmp_path / "p.eap").read_text()


def test_stdin_goes_to_stdout_and_nothing_else_does(run) -> None:
    result = run("fmt", "-", stdin=UGLY.replace("# why", "# 20 °C").encode())
    assert (result.exit_code, result.stdout_bytes) == (0, FORMED.replace("# why", "# 20 °C").encode())
    assert result.stderr == ""
    result = run("fmt", "-", stdin=BROKEN.encode())
    assert (result.exit_code, result.stdout) == (1, "")
    assert "--> <stdin>:3" in result.stderr


def test_a_file_with_syntax_errors_is_told_of_left_alone_and_hides_no_other(run, tmp_path) -> None:
    (tmp_path / "a.eap").write_text(BROKEN)
    (tmp_path / "b.eap").write_text(UGLY)
    result = run("fmt", ".")
    assert result.exit_code == 1
    assert "--> ./a.eap:3" in result.stderr
    assert result.stdout.endswith("1 file formatted; 1 file with syntax errors, left as it is\n")
    assert (tmp_path / "a.eap").read_text() == BROKEN
    assert (tmp_path / "b.eap").read_text() == FORMED


def test_a_file_that_only_means_nothing_is_formatted(run, tmp_path) -> None:
    (tmp_path / "p.eap").write_text("edition 1 policy p { otherwise use highest acuracy }")
    assert run("fmt", "p.eap").exit_code == 0
    assert "  otherwise use highest acuracy\n" in (tmp_path / "p.eap").read_text()


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_what_can_not_be_read_is_wrong_use_and_hides_no_other(run, tmp_path, content) -> None:
    if content is not None:
        (tmp_path / "a.eap").write_bytes(content)
    (tmp_path / "b.eap").write_text(UGLY)
    result = run("fmt", "a.eap", "b.eap")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: a.eap: ")
    assert (tmp_path / "b.eap").read_text() == FORMED


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_permissions_and_links_stay_and_no_other_file_is_left(run, tmp_path) -> None:
    (tmp_path / "real.eap").write_text(UGLY)
    (tmp_path / "real.eap").chmod(0o640)
    (tmp_path / "link.eap").symlink_to("real.eap")
    assert run("fmt", "link.eap").exit_code == 0
    assert (tmp_path / "link.eap").is_symlink()
    assert stat.S_IMODE((tmp_path / "real.eap").stat().st_mode) == 0o640
    assert (tmp_path / "real.eap").read_text() == FORMED
    assert sorted(os.listdir(tmp_path)) == ["link.eap", "real.eap"]


def test_a_file_that_can_not_be_replaced_is_told_of_and_stays_whole(run, tmp_path, monkeypatch) -> None:
    (tmp_path / "p.eap").write_text(UGLY)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    result = run("fmt", "p.eap")
    assert (result.exit_code, result.stderr) == (2, "error: cannot write `p.eap`: permission denied\n")
    assert (tmp_path / "p.eap").read_text() == UGLY
    assert os.listdir(tmp_path) == ["p.eap"]
