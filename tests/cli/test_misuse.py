"""Whatever a command is given, it ends with 0, 1 or 2 and a line that says why: no traceback is a user's to read.

`tests/fuzz` does the same with files that are nearly right; here is what is wrong altogether.
"""

from __future__ import annotations

import os
import random
import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from edgeadapt.cli.main import main
from tests.cli.test_help import COMMANDS

FAMILY = "schema_version: 1\nname: f\nvariants: [{name: a, path: a.onnx}]\n"
POLICY = "edition 1 policy p { family f otherwise use a }"

# Every place on a command line where a file is read; the rest of the line is right.
READS = (
    "lint {}",
    "lint p.eap --family {}",
    "fmt {}",
    "fmt --check {}",
    "test {}",
    "test p.eap --config {}",
    "compile {} -o out.eapc",
    "compile p.eap --family {} -o out.eapc",
    "fuzz {} --family f.yaml --examples 5",
    "fuzz p.eap --family {} --examples 5",
    "decisions --policy {} --family f.yaml",
    "decisions --family {}",
    "dry-run {} --family f.yaml",
    "dry-run p.eap --family {}",
    "dry-run p.eap --trace {}.csv",
    "dry-run p.eap --trace {}.jsonl",
    "inspect-model {}",
    "inspect-model {} --json",
    "validate --family {}",
    "validate --family {} --explain --json",
    "validate --family f.yaml --policy {}",
    "benchmark --family {} --runs 1",
    "run {} --family f.yaml --duration 0s",
    "run p.eap --family {} --duration 0s",
    "run p.eap --trace {}.csv --duration 0s",
    "run p.eap --input {}.npy --duration 0s",
    "demo --policy {} --seconds 3",
    "new there --yes --model {}",
    "ctl status --socket {}",
    "scaffold lint some-lint --root {}",
)
# And where one is written.
WRITES = (
    "compile p.eap -o {}",
    "test p.eap --junit {}",
    "profile --record {} --duration 0s",
    "profile --record {}.csv --duration 0s",
    "new {} --yes",
    "new --name {} --yes",
)


@pytest.fixture
def ended(run, tmp_path: Path):
    (tmp_path / "f.yaml").write_text(FAMILY, "utf-8")
    (tmp_path / "p.eap").write_text(POLICY, "utf-8")

    def call(*args: str) -> Result:
        result = CliRunner().invoke(main, args, prog_name="edgeadapt")
        told = f"{args}\n{result.output[-2000:]}"
        assert result.exception is None or isinstance(result.exception, SystemExit), told
        assert result.exit_code in (0, 1, 2), told
        assert "Traceback" not in result.output, told
        assert all(char.isprintable() or char in "\n\x1b" for char in result.stderr), told
        if result.exit_code == 2:
            assert "error: " in result.stderr, told
        return result

    return call


def placed(line: str, path: str) -> list[str]:
    return [word.replace("{}", path) for word in line.split()]


@pytest.mark.parametrize("line", READS)
def test_a_file_that_can_not_be_read_is_code_2(ended, tmp_path: Path, line: str) -> None:
    (tmp_path / "folder").mkdir()
    for suffix in (".csv", ".jsonl", ".npy"):
        (tmp_path / f"folder{suffix}").mkdir()
    for path in ("none", "none/deeper", "x" * 5000, "nul\0", "", "-x"):
        result = ended(*placed(line, path))
        assert result.exit_code == 2, (line, path, result.output)
        assert ": : " not in result.stderr, (line, path)
    if not line.startswith(("lint {}", "fmt", "test {}", "run p.eap --input")):  # which search folders
        assert ended(*placed(line, "folder")).exit_code == 2


@pytest.mark.parametrize(
    "line", [line for line in (*READS, *WRITES) if not re.search(r"--name {}|{}[.]", line)]
)
def test_an_empty_path_is_called_empty_wherever_it_stands(ended, line: str) -> None:
    """A shell makes one of a variable that is not set."""
    result = ended(*placed(line, ""))
    assert (result.exit_code, "empty" in result.stderr) == (2, True), (line, result.output)


@pytest.mark.parametrize("line", READS)
def test_any_bytes_are_refused_with_a_reason(ended, tmp_path: Path, line: str) -> None:
    seed = random.Random(line)
    contents = (
        b"",
        b"\0" * 300,
        b"\xff\xfe\x00",
        b"{}[]",
        b"a: &a [*a, *a]",
        b"edition 1",
        b"\x08\x08\x3a\xff\xff\xff\xff\x7f",
    )
    for content in (*contents, *(seed.randbytes(seed.randrange(1, 400)) for _ in range(6))):
        for name in ("bytes", "bytes.csv", "bytes.jsonl", "bytes.npy"):
            (tmp_path / name).write_bytes(content)
        result = ended(*placed(line, "bytes"))
        # An empty policy list or a formatted file may be in order; then nothing else is said.
        assert result.exit_code in (1, 2), (line, content, result.output)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes to name here")
@pytest.mark.parametrize("line", READS)
def test_a_pipe_and_a_device_block_nobody(ended, tmp_path: Path, line: str) -> None:
    for suffix in ("", ".csv", ".jsonl", ".npy"):
        os.mkfifo(tmp_path / f"pipe{suffix}")
    assert ended(*placed(line, "pipe")).exit_code == 2


@pytest.mark.parametrize("line", WRITES)
def test_what_can_not_be_written_is_code_2(ended, tmp_path: Path, line: str) -> None:
    (tmp_path / "file").write_text("mine", "utf-8")
    for path in ("file/deeper", "nul\0", "x" * 5000):
        assert ended(*placed(line, path)).exit_code == 2, (line, path)
    assert (tmp_path / "file").read_text("utf-8") == "mine"


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_wrong_options_and_arguments_are_code_2_and_point_to_the_help(ended, path: tuple[str, ...]) -> None:
    command = COMMANDS[path]
    unknown = ended(*path, "--no-such-option")
    assert unknown.exit_code == 2
    assert unknown.stderr.endswith(f"\n  see: {' '.join(('edgeadapt', *path))} --help\n")
    if isinstance(command, click.Group):
        assert ended(*path, "no-such-command").exit_code == 2
        return
    if not any(isinstance(each, click.Argument) and each.nargs == -1 for each in command.params):
        surplus = ended(
            *path, *(["x"] * (1 + sum(isinstance(each, click.Argument) for each in command.params)))
        )
        assert surplus.exit_code == 2
    for option in command.params:
        if not isinstance(option, click.Option) or option.is_flag or option.name == "help":
            continue
        assert ended(*path, option.opts[0]).exit_code == 2
        if not isinstance(option.type, (click.types.StringParamType,)):
            assert ended(*path, option.opts[0], "wörter\x1b[2J\n").exit_code == 2


@pytest.mark.parametrize("value", ["", "=", "a=", "=1", "a=b=c", "a=1,a=2", "\x1b[2J", "ä" * 400])
def test_values_that_are_none_are_code_2(ended, value: str) -> None:
    for args in (
        ("dry-run", "p.eap", "--state", value),
        ("dry-run", "p.eap", "--param", value),
        ("decisions", "--policy", "p.eap", "--param", value),
        ("compile", "p.eap", "-o", "out.eapc", "--param", value),
        ("run", "p.eap", "--report", value, "--duration", "0s"),
        ("dry-run", "p.eap", "--active", value),
        ("dry-run", "p.eap", "--why-not", value),
        ("dry-run", "p.eap", "--after", value),
        ("lint", "p.eap", "--select", value),
        ("explain", value),
        ("completion", value),
    ):
        assert ended(*args).exit_code == 2, args
