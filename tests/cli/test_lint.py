"""`lint` finds every problem of every file, and never lets one file's trouble hide another's."""

import json

import pytest

WRONG = "edition 1\npolicy p {\n  rule r { when batery < 20% use tiny }\n  otherwise use medium\n}\n"
RIGHT = "edition 1 policy p { otherwise use tiny }"
IN_FULL = """\
error[EAP101]: `batery` is not a name here
  --> wrong.eap:3:17
   |
 3 |   rule r { when batery < 20% use tiny }
   |                 ^^^^^^ unknown name
   |
   = help: did you mean `battery`?

"""


def test_a_right_policy_has_no_problems(run, tmp_path) -> None:
    (tmp_path / "right.eap").write_text(RIGHT)
    result = run("lint", "right.eap")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "no problems in 1 file\n", "")


def test_a_problem_is_shown_in_full_and_counted(run, tmp_path) -> None:
    (tmp_path / "wrong.eap").write_text(WRONG)
    result = run("lint", "wrong.eap")
    assert (result.exit_code, result.stdout) == (1, IN_FULL + "1 error in 1 file\n")


def test_a_folder_is_searched_but_not_what_is_hidden_in_it(run, tmp_path) -> None:
    for name in ("a/b/wrong.eap", "a/right.eap", ".hidden/wrong.eap", "a/notes.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(WRONG if "wrong" in name else RIGHT)
    result = run("lint", ".")
    assert result.exit_code == 1
    assert result.stdout.count("error[") == 1
    assert result.stdout.endswith("1 error in 1 file of 2\n")


def test_a_file_that_is_named_twice_is_checked_once(run, tmp_path) -> None:
    (tmp_path / "wrong.eap").write_text(WRONG)
    assert run("lint", "wrong.eap", "./wrong.eap", ".").stdout.endswith("1 error in 1 file\n")


def test_stdin_is_a_policy_too(run) -> None:
    result = run("lint", "-", stdin=WRONG.encode())
    assert result.exit_code == 1
    assert "--> <stdin>:3:17" in result.stdout


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "cannot read it: no such file or directory"),
        (b"\xff\xfe\x00", "the text is not UTF-8, first on line 1"),
        (b"edition 1\npolicy p {\n # caf\xe9\n}", "the text is not UTF-8, first on line 3"),
    ],
)
def test_what_can_not_be_read_is_one_line_and_hides_nothing(run, tmp_path, content, says) -> None:
    if content is not None:
        (tmp_path / "a.eap").write_bytes(content)
    (tmp_path / "wrong.eap").write_text(WRONG)
    result = run("lint", "a.eap", "wrong.eap")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"error: a.eap: {says}; ")
    assert result.stderr.count("\n") == 1
    assert result.stdout == IN_FULL + "1 error in 1 file; 1 could not be read\n"


def test_a_folder_without_a_policy_is_wrong_use(run, tmp_path) -> None:
    (tmp_path / "empty").mkdir()
    result = run("lint", "empty")
    assert (result.exit_code, result.stdout) == (2, "")
    assert (
        result.stderr == "error: there is no .eap file in `empty`; give a file, or a folder that has some\n"
    )


@pytest.mark.parametrize("option", ["--family", "--config"])
def test_a_given_family_is_what_the_policy_is_held_against(run, tmp_path, digits, option) -> None:
    (tmp_path / "p.eap").write_text("edition 1 policy p { otherwise use smal }")
    result = run("lint", "p.eap", option, digits)
    assert result.exit_code == 1
    assert "family `digits` has no variant `smal`" in result.stdout


@pytest.mark.parametrize("place", ["policies/mine.yaml", "policies/mine.yml", "families/mine.yaml"])
def test_the_family_that_a_policy_names_is_found_beside_it_or_among_the_families(
    run, tmp_path, place
) -> None:
    for folder in ("policies", "families"):
        (tmp_path / folder).mkdir()
    (tmp_path / place).write_text(
        "schema_version: 1\nname: mine\nvariants:\n  - {name: one, path: one.onnx}\n"
    )
    (tmp_path / "policies/p.eap").write_text("edition 1 policy p { family mine otherwise use two }")
    result = run("lint", "policies/p.eap")
    assert result.exit_code == 1
    assert "family `mine` has no variant `two`" in result.stdout


def test_a_family_that_is_nowhere_is_noted_and_the_rest_is_checked(run, tmp_path) -> None:
    (tmp_path / "p.eap").write_text("edition 1 policy p { family mine otherwise use two }")
    result = run("lint", "p.eap")
    assert (result.exit_code, result.stdout) == (0, "no problems in 1 file\n")
    assert result.stderr == (
        "note: p.eap: family `mine` is neither beside the policy nor in families/ or ../families, so its variants are unchecked; "
        "give --family FILE\n"
    )


def test_a_broken_family_is_told_once_and_hides_no_policys_problems(run, tmp_path) -> None:
    (tmp_path / "mine.yaml").write_text("schema_version: 1\nname: mine\nvariants: 3\n")
    for name in ("a", "b"):
        (tmp_path / f"{name}.eap").write_text(
            "edition 1 policy p { family mine rule r { when x use y } otherwise use z }"
        )
    result = run("lint", ".")
    assert result.exit_code == 2
    assert result.stderr.count("mine.yaml:3") == 1
    assert result.stdout.count("error[EAP101]") == 2


def test_json_is_one_document_with_places_and_fixes(run, tmp_path) -> None:
    (tmp_path / "wrong.eap").write_text(WRONG)
    result = run("lint", "--json", "wrong.eap", "gone.eap")
    assert result.exit_code == 2
    document = json.loads(result.stdout)
    assert document["files"] == 1
    assert document["unreadable"] == [
        "gone.eap: cannot read it: no such file or directory; check the path and its permissions"
    ]
    (diagnostic,) = document["diagnostics"]
    place = {"line": 3, "column": 17, "end_line": 3, "end_column": 23}
    assert place.items() <= diagnostic.items()
    assert (diagnostic["file"], diagnostic["code"], diagnostic["severity"]) == (
        "wrong.eap",
        "EAP101",
        "error",
    )
    assert diagnostic["fix"]["edits"] == [{**place, "text": "battery"}]


def test_the_shipped_policies_have_no_problems(run) -> None:
    from edgeadapt.shipped import shipped

    result = run("lint", str(shipped("policies")), "--family", str(shipped("families/digits.yaml")))
    assert (result.exit_code, result.stderr) == (0, "")
