"""What `lint` shows, mends and fails by is the user's choice; what it finds is not."""

import json
import os
import stat

import pytest

NOISY = "edition 1\npolicy p {\n  rule busy { when cpu > 85% use tiny }\n  otherwise use full\n}\n"
NOTED = "edition 1\npolicy p {\n  rule r { when charging linger 20 s hold 5 s use tiny }\n  otherwise use full\n}\n"
BROKEN = "edition 1\npolicy p {\n  rule r { when battery < 20% && not charging use tiny }\n  otherwise use full\n}\n"
MENDED = BROKEN.replace("&&", "and")
UNSAFE = "edition 1\npolicy p {\n  rule r { when batery < 20% use tiny }\n  otherwise use full\n}\n"


def test_concise_is_one_line_a_problem_and_a_summary(run, tmp_path) -> None:
    (tmp_path / "noisy.eap").write_text(NOISY)
    result = run("lint", "noisy.eap", "--format", "concise")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "noisy.eap:3:15: warning[EAP418] rule `busy` comes and goes with every ripple of `cpu`",
        "1 warning in 1 file",
    ]


def test_github_gets_commands_alone_on_stdout(run, tmp_path) -> None:
    (tmp_path / "noisy.eap").write_text(NOISY)
    result = run("lint", "noisy.eap", "--format", "github")
    assert result.exit_code == 1
    assert result.stdout.startswith(
        "::warning file=noisy.eap,line=3,col=15,endLine=3,endColumn=29,title=EAP418::"
    )
    assert result.stdout.count("\n") == 1
    assert result.stderr == "1 warning in 1 file\n"


def test_sarif_is_one_document_whose_rules_carry_their_pages(run, tmp_path) -> None:
    (tmp_path / "noisy.eap").write_text(NOISY)
    (tmp_path / "unsafe.eap").write_text(UNSAFE)
    result = run("lint", ".", "gone.eap", "--format", "sarif")
    assert result.exit_code == 2
    (sarif_run,) = json.loads(result.stdout)["runs"]
    rules = {rule["id"]: rule for rule in sarif_run["tool"]["driver"]["rules"]}
    assert rules["EAP418"]["name"] == "no-hysteresis"
    # Explained, its prose is as wide as there is room.
    assert rules["EAP418"]["help"]["markdown"].split() == run("explain", "EAP418").stdout.split()
    assert rules["EAP101"]["shortDescription"] == {"text": "A name that nothing declares."}
    assert [found["ruleId"] for found in sarif_run["results"]] == ["EAP418", "EAP101"]
    assert sarif_run["invocations"][0]["executionSuccessful"] is False


def test_json_is_an_alias_of_the_format(run, tmp_path) -> None:
    (tmp_path / "noisy.eap").write_text(NOISY)
    documents = [run("lint", "noisy.eap", *form).stdout for form in (["--json"], ["--format", "json"])]
    assert documents[0] == documents[1]
    result = run("lint", "noisy.eap", "--json", "--format", "sarif")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "error: --json and --format sarif exclude each other; give one of them\n"


@pytest.mark.parametrize("form", ["full", "concise"])
def test_of_a_files_many_problems_fifty_are_shown_and_another_files_all_the_same(run, tmp_path, form) -> None:
    slips = "".join(f"  let a{i} = b{i} + 1\n" for i in range(53))
    (tmp_path / "a.eap").write_text(f"edition 1\npolicy p {{\n{slips}  otherwise use tiny\n}}\n")
    (tmp_path / "b.eap").write_text(UNSAFE)
    result = run("lint", ".", "--format", form)
    assert result.exit_code == 1
    assert result.stdout.count("error[EAP101]") == 51
    assert "./a.eap: and 3 more problems\n" in result.stdout
    assert "`batery` is not a name here" in result.stdout
    assert result.stdout.endswith("54 errors in 2 files\n")


@pytest.mark.parametrize("form", ["json", "sarif", "github"])
def test_machines_get_all_problems(run, tmp_path, form) -> None:
    slips = "".join(f"  let a{i} = b{i} + 1\n" for i in range(60))
    (tmp_path / "a.eap").write_text(f"edition 1\npolicy p {{\n{slips}  otherwise use tiny\n}}\n")
    assert run("lint", ".", "--format", form).stdout.count("is not a name here") >= 60


@pytest.mark.parametrize(
    ("level", "code"), [(None, 1), ("note", 1), ("warning", 1), ("error", 0)], ids=lambda value: str(value)
)
def test_the_least_severity_that_fails_is_chosen(run, tmp_path, level, code) -> None:
    (tmp_path / "noisy.eap").write_text(NOISY)
    (tmp_path / "unsafe.eap").write_text(UNSAFE)
    options = [] if level is None else ["--fail-level", level]
    assert run("lint", "noisy.eap", *options).exit_code == code
    assert run("lint", "unsafe.eap", *options).exit_code == 1


def test_notes_fail_only_where_that_is_asked(run, tmp_path) -> None:
    (tmp_path / "p.eap").write_text(NOTED)
    assert run("lint", "p.eap").exit_code == 0
    assert run("lint", "p.eap").stdout.endswith("1 note in 1 file\n")
    assert run("lint", "p.eap", "--fail-level", "note").exit_code == 1


def test_lints_are_selected_and_ignored_and_errors_stay(run, tmp_path) -> None:
    (tmp_path / "noisy.eap").write_text(NOISY)
    (tmp_path / "unsafe.eap").write_text(UNSAFE)
    assert run("lint", "noisy.eap", "--ignore", "EAP418").stdout == "no problems in 1 file\n"
    assert run("lint", "noisy.eap", "--select", "EAP401,EAP402").exit_code == 0
    assert run("lint", "noisy.eap", "--select", "EAP41").exit_code == 1
    assert run("lint", "unsafe.eap", "--select", "EAP4").exit_code == 1


def test_an_unknown_code_is_wrong_use(run, tmp_path) -> None:
    (tmp_path / "noisy.eap").write_text(NOISY)
    result = run("lint", "noisy.eap", "--select", "EAP999")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: --select: there is no code `EAP999`; give codes")


def test_a_safe_fix_is_announced_and_applied_only_when_asked_for(run, tmp_path) -> None:
    file = tmp_path / "p.eap"
    file.write_text(BROKEN)
    os.chmod(file, 0o640)
    assert run("lint", "p.eap").stdout.endswith("1 error in 1 file; --fix mends 1\n")
    assert file.read_text() == BROKEN
    result = run("lint", "p.eap", "--fix", "--ignore", "EAP4")
    assert (result.exit_code, result.stdout) == (
        0,
        "fixed 1 problem in p.eap\nno problems in 1 file; 1 problem fixed\n",
    )
    assert file.read_text() == MENDED
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_what_is_not_safe_is_left_and_the_file_is_not_written(run, tmp_path) -> None:
    file = tmp_path / "p.eap"
    file.write_text(UNSAFE)
    before = file.stat()
    result = run("lint", "p.eap", "--fix")
    assert result.exit_code == 1
    assert "fixed" not in result.stdout
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_what_the_fixes_do_not_touch_is_kept_to_the_byte(run, tmp_path) -> None:
    file = tmp_path / "p.eap"
    file.write_bytes(b"\xef\xbb\xbf" + BROKEN.replace("\n", "  \r\n").encode())
    run("lint", "p.eap", "--fix")
    assert file.read_bytes() == b"\xef\xbb\xbf" + MENDED.replace("\n", "  \r\n").encode()


@pytest.mark.parametrize("form", ["json", "sarif", "github"])
def test_a_format_for_machines_keeps_stdout_for_itself(run, tmp_path, form) -> None:
    (tmp_path / "p.eap").write_text(BROKEN)
    result = run("lint", "p.eap", "--fix", "--format", form, "--ignore", "EAP4")
    assert result.exit_code == 0
    assert result.stderr.startswith("fixed 1 problem in p.eap\n")
    assert "fixed 1 problem" not in result.stdout
    if form == "json":
        assert json.loads(result.stdout) == {"files": 1, "unreadable": [], "fixed": 1, "diagnostics": []}


def test_stdin_can_not_be_mended(run) -> None:
    result = run("lint", "-", "--fix", stdin=BROKEN.encode())
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "error: --fix can't mend stdin; give the file's path\n"


def test_a_file_that_can_not_be_written_is_told_of_with_its_problems(run, tmp_path, monkeypatch) -> None:
    (tmp_path / "a.eap").write_text(BROKEN)
    (tmp_path / "b.eap").write_text(BROKEN)
    replace = os.replace

    def refuse(source: str, target: str) -> None:
        if target.endswith("a.eap"):
            raise PermissionError(13, "Permission denied")
        replace(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    result = run("lint", ".", "--fix", "--ignore", "EAP4")
    assert result.exit_code == 2
    assert result.stderr == "error: cannot write `./a.eap`: permission denied\n"
    assert "error[EAP002]" in result.stdout
    assert (tmp_path / "a.eap").read_text() == BROKEN
    assert (tmp_path / "b.eap").read_text() == MENDED
    assert sorted(os.listdir(tmp_path)) == ["a.eap", "b.eap"]


def test_a_family_that_is_nowhere_is_noted_once_however_often_the_file_is_checked(run, tmp_path) -> None:
    (tmp_path / "p.eap").write_text(BROKEN.replace("policy p {", "policy p {\n  family mine"))
    assert run("lint", "p.eap", "--fix").stderr.count("note: ") == 1
