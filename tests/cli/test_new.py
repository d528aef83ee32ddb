"""`new` begins a family and a policy that all other commands find in order, asks on a terminal, and overwrites nothing."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from edgeadapt.registry import ModelFamily
from tests.backends.onnx_models import doubling


@pytest.fixture
def models(run, tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "models").mkdir()
    doubling(tmp_path / "models" / "mobile-net.onnx")
    doubling(tmp_path / "models" / "full.onnx", scores="out")
    return "models/mobile-net.onnx", "models/full.onnx=full net"


def in_order(run, folder: str, name: str) -> None:
    family, policy = f"{folder}/{name}.yaml", f"{folder}/{name}.eap"
    for args in (
        ("lint", folder),
        ("fmt", "--check", folder),
        ("test", folder),
        ("validate", "--family", family, "--policy", policy),
        ("decisions", "--family", family, "--policy", policy),
    ):
        result = run(*args)
        assert result.exit_code == 0, result.output


def test_own_models_give_a_folder_that_is_in_order(run, models: tuple[str, str]) -> None:
    result = run("new", "My Camera", "--model", models[0], "--model", models[1], "--yes")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(
        "made My Camera/my_camera.yaml, a family of 2 variants, and My Camera/my_camera.eap, its policy\n\nNext:\n"
    )
    assert "  edgeadapt validate --family 'My Camera/my_camera.yaml'\n" in result.stdout
    family = ModelFamily.from_yaml("My Camera/my_camera.yaml")
    assert family.names == ("mobile-net", "full net")
    assert family.missing_files() == ()
    in_order(run, "My Camera", "my_camera")


def test_each_next_step_is_a_line_that_can_be_copied(run, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    lines = run("new", "a-folder-with-a-long-name-for-its-family", "--yes").stdout.splitlines()
    steps = lines[lines.index("Next:") + 1 :]
    assert [line.lstrip(" ")[: len("edgeadapt")] == "edgeadapt" for line in steps] == [True, False] * 6
    assert max(map(len, steps[::2])) > 60


def test_without_models_there_is_an_example(run) -> None:
    result = run("new", "example", "--yes")
    assert result.exit_code == 0
    assert ModelFamily.from_yaml("example/example.yaml").names == ("tiny", "small", "medium_int8")
    in_order(run, "example", "example")


def test_a_folder_that_is_called_like_a_word_of_the_language_does_not_matter(run) -> None:
    assert run("new", "test", "--yes").exit_code == 0
    in_order(run, "test", "my_test")


def test_one_model_is_a_family_too(run, models: tuple[str, str], tmp_path: Path) -> None:
    result = run("new", "--name", "single", "--model", models[0])
    assert result.exit_code == 0
    in_order(run, ".", "single")


def test_nothing_is_overwritten(run, models: tuple[str, str], tmp_path: Path) -> None:
    for taken in ("a.yaml", "a.eap"):
        (tmp_path / taken).write_text("mine", "utf-8")
        result = run("new", ".", "--name", "a", "--model", models[0])
        assert result.exit_code == 2
        assert f"`{taken}` is there already, and nothing is overwritten" in result.stderr
        assert (tmp_path / taken).read_text("utf-8") == "mine"
        (tmp_path / taken).unlink()
    (tmp_path / "models" / "tiny.onnx").write_text("mine", "utf-8")
    assert run("new", ".", "--name", "a", "--yes").exit_code == 2
    assert (tmp_path / "models" / "tiny.onnx").read_text("utf-8") == "mine"
    assert not (tmp_path / "models" / "small.onnx").exists()
    assert not (tmp_path / "a.yaml").exists()


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("--model", "none.onnx"), "none.onnx: cannot read it"),
        (("--model", "text"), "text: it is no ONNX model"),
        (("--model", "models/full.onnx", "--model", "models/full.onnx"), "two models would be called `full`"),
        (("--name", "My App"), "use letters, digits and `_`: --name my_app"),
        (("--name", "policy"), "`policy` is a word of the policy language"),
        (("text",), "`text` is no folder"),
        (("text/deeper",), "cannot write to `text/deeper`"),
        (("--model", 'models/full.onnx=a"b'), "this can't be a family"),
    ],
)
def test_a_wrong_call_is_one_line_and_makes_nothing(
    run, models: tuple[str, str], tmp_path: Path, args: tuple[str, ...], told: str
) -> None:
    (tmp_path / "text").write_text("x", "utf-8")
    before = sorted(tmp_path.rglob("*"))
    result = run("new", *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr
    assert result.stderr.count("\n") == 1
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.skipif(sys.platform != "linux", reason="a terminal of its own is made as Linux has it")
def test_on_a_terminal_it_asks_for_what_is_not_given(models: tuple[str, str], tmp_path: Path) -> None:
    import pty

    answers = ["app", "", "none.onnx", models[0], "", "models/full.onnx", "mobile-net", "full", "", "y"]
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "edgeadapt", "new"]
    with subprocess.Popen(command, cwd=tmp_path, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        with os.fdopen(ours, "r+b", buffering=0) as talk:
            talk.write("".join(f"{answer}\n" for answer in answers).encode())
            said = b""
            # The terminal fails once its other end is closed.
            with contextlib.suppress(OSError):
                while part := talk.read(4096):
                    said += part
    text = said.decode()
    assert process.returncode == 0, text
    assert "none.onnx: cannot read it" in text
    assert "mobile-net is taken; its name" in text
    assert ModelFamily.from_yaml(tmp_path / "app/app.yaml").names == ("mobile-net", "full")
