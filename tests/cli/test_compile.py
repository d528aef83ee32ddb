"""`compile` writes what `dry-run` and `run` take in a text's place, in one stroke, and tells what is wrong like `lint`."""

import os
import stat

import pytest

from edgeadapt.language import compile_text
from edgeadapt.program.compiled import from_bytes, to_bytes

WRONG = "edition 1\npolicy p {\n  rule r { when batery < 20% use tiny }\n  otherwise use medium\n}\n"
SHORT = "edition 1 policy p { otherwise use tiny }"


def test_a_policy_is_compiled_and_told_of(run, saver, digits, tmp_path) -> None:
    result = run("compile", saver, "-o", "saver.eapc", "--family", digits)
    data = (tmp_path / "saver.eapc").read_bytes()
    program = from_bytes(data)
    assert (result.exit_code, result.stderr) == (0, "")
    assert (
        result.stdout
        == f"compiled policy saver to saver.eapc: {len(data)} bytes, digest {program.digest[:12]}\n"
    )
    assert program == compile_text((tmp_path / saver).read_text("utf-8"))
    assert os.listdir(tmp_path).count("saver.eapc") == 1
    assert len(os.listdir(tmp_path)) == 2, "no temporary file is left"


def test_parameters_are_set_in_what_is_compiled_from_text_or_compiled(run, saver, digits, tmp_path) -> None:
    for policy, value in ((saver, 10.0), ("out.eapc", 40.0)):
        result = run("compile", policy, "-o", "out.eapc", "--family", digits, "--param", f"floor={value:g}%")
        assert result.exit_code == 0, result.output
        assert from_bytes((tmp_path / "out.eapc").read_bytes()).params[0].value == value


def test_stdin_and_stdout_are_files_too(run) -> None:
    result = run("compile", "-", "-o", "-", stdin=SHORT.encode())
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout_bytes == to_bytes(compile_text(SHORT))
    again = run("compile", "-", "-o", "-", stdin=result.stdout_bytes)
    assert again.stdout_bytes == result.stdout_bytes


def test_a_family_that_is_not_found_is_told(run, saver) -> None:
    result = run("compile", saver, "-o", "saver.eapc")
    assert result.exit_code == 0
    assert result.stderr == (
        "note: saver.eap: family `digits` is neither beside the policy nor in families/ or ../families, so its variants are unchecked; "
        "give --family FILE\n"
    )


def test_errors_are_shown_as_lint_shows_them_and_the_file_keeps_what_it_had(run, tmp_path) -> None:
    (tmp_path / "wrong.eap").write_text(WRONG)
    (tmp_path / "wrong.eapc").write_bytes(b"before")
    result = run("compile", "wrong.eap", "-o", "wrong.eapc")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[EAP101]: `batery` is not a name here\n  --> wrong.eap:3:17" in result.stderr
    assert result.stderr.endswith("1 error in 1 file\n")
    assert (tmp_path / "wrong.eapc").read_bytes() == b"before"


@pytest.mark.parametrize("place", ["saver.eap", "notes.txt", "./saver.eap"])
def test_what_is_no_compiled_policy_is_not_written_over(run, saver, digits, tmp_path, place) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    before = (tmp_path / place).read_bytes()
    result = run("compile", saver, "-o", place, "--family", digits)
    assert (result.exit_code, (tmp_path / place).read_bytes()) == (2, before)
    remedy = "give another path, such as phone.eapc, or delete it first"
    assert result.stderr == f"error: `{place}` is there already, and is no compiled policy; {remedy}\n"


def test_a_file_is_replaced_and_keeps_its_permissions(run, saver, digits, tmp_path) -> None:
    file = tmp_path / "saver.eapc"
    file.write_bytes(b"before")
    file.chmod(0o640)
    assert run("compile", saver, "-o", "saver.eapc", "--family", digits).exit_code == 0
    assert from_bytes(file.read_bytes()).name == "saver"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_new_file_has_the_permissions_that_any_would(run, saver, digits, tmp_path) -> None:
    (tmp_path / "plain").write_bytes(b"")
    assert run("compile", saver, "-o", "saver.eapc", "--family", digits).exit_code == 0
    assert (tmp_path / "saver.eapc").stat().st_mode == (tmp_path / "plain").stat().st_mode


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("saver.eap", "-o", "."), "`.` is a folder; give the path of a file"),
        (("saver.eap", "-o", "none/saver.eapc"), "cannot write `none/saver.eapc`: no such file"),
        (("saver.eap", "-o", "a\0b"), "cannot write"),
        (("saver.eap",), "missing option '-o'"),
        (("none.eap", "-o", "x"), "none.eap: cannot read it"),
        (("none.eapc", "-o", "x"), "none.eapc: cannot read it"),
        (("saver.eap", "-o", "x", "--param", "flor=10%"), "no parameter `flor`; did you mean `floor`?"),
        (("saver.eap", "-o", "x", "--family", "none.yaml"), "none.yaml"),
    ],
)
def test_wrong_use_is_told_in_a_line(run, saver, args, message) -> None:
    result = run("compile", *args)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.output


def test_dry_run_takes_a_compiled_policy_as_it_takes_the_text(run, saver, digits, tmp_path) -> None:
    run("compile", saver, "-o", "saver.eapc", "--family", digits)
    data = (tmp_path / "saver.eapc").read_bytes()
    (tmp_path / "renamed").write_bytes(data)
    args = (
        "--family",
        digits,
        "--state",
        "battery=15%,charging=false",
        "--param",
        "floor=40%",
        "--after",
        "30s",
    )
    expected = run("dry-run", saver, *args)
    assert expected.exit_code == 0
    for given in ("saver.eapc", "renamed", "-"):
        found = run("dry-run", given, *args, stdin=data)
        assert (found.exit_code, found.stderr) == (0, "")
        assert found.stdout == expected.stdout


def test_a_compiled_policy_finds_the_family_it_names(run, saver, digits, tmp_path) -> None:
    run("compile", saver, "-o", "saver.eapc", "--family", digits)
    result = run("dry-run", "saver.eapc")
    assert result.exit_code == 2
    assert "family `digits` is neither beside the policy nor in families/ or ../families" in result.stderr
    (tmp_path / "digits.yaml").write_text("family: digits\nvariants: []\n")
    assert "digits.yaml" in run("dry-run", "saver.eapc").stderr


def test_a_compiled_policy_for_another_family_is_refused(run, digits, tmp_path) -> None:
    (tmp_path / "p.eapc").write_bytes(to_bytes(compile_text("edition 1 policy p { otherwise use tinny }")))
    result = run("dry-run", "p.eapc", "--family", digits)
    assert result.exit_code == 2
    assert "policy `p` uses `tinny`, which family `digits` lacks; did you mean `tiny`?" in result.stderr


def test_a_damaged_compiled_policy_is_refused_with_its_reason(run, digits, tmp_path) -> None:
    data = to_bytes(compile_text(SHORT))
    (tmp_path / "cut.eapc").write_bytes(data[:-1])
    (tmp_path / "text.eapc").write_text(SHORT)
    for file, reason in (
        ("cut.eapc", "it ends too early"),
        ("text.eapc", "these bytes are no compiled policy"),
    ):
        result = run("dry-run", file, "--family", digits)
        assert result.exit_code == 2
        assert result.stderr.startswith(f"error: {file}: {reason}")
        assert "compile the policy's text again" in result.stderr
