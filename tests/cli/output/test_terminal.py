"""Printing never fails: not on an ASCII terminal, not on a name that is no text, and colour is for terminals."""

import io
import os
import subprocess
import sys

import pytest

from edgeadapt.cli.output.terminal import printable, wants_colour

HOT = "edition 1\npolicy p { rule r { when temperature >= 75 \N{DEGREE SIGN}C use µ } otherwise use a }"


@pytest.mark.parametrize(
    "env",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C"},
        {"LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
)
def test_what_a_terminal_lacks_is_spelt_out(tmp_path, env) -> None:
    (tmp_path / "hot.eap").write_text(HOT, "utf-8")
    process = subprocess.run(
        [sys.executable, "-m", "edgeadapt", "lint", "hot.eap"],
        cwd=tmp_path,
        env={**os.environ, **env},
        capture_output=True,
        check=False,
    )
    assert process.returncode == 1
    assert b"Traceback" not in process.stderr
    shown = process.stdout.decode("utf-8")
    assert "75 degC" in shown or "75 \N{DEGREE SIGN}C" in shown


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere file names are text")
def test_a_file_name_that_is_no_text_can_be_complained_about(tmp_path) -> None:
    process = subprocess.run(
        [os.fsencode(sys.executable), b"-m", b"edgeadapt", b"lint", b"caf\xe9.eap"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert (process.returncode, process.stdout) == (2, b"")
    assert process.stderr.startswith(b"error: caf")
    assert process.stderr.count(b"\n") == 1


def ended(command: str, *streams: str) -> tuple[int, str]:
    """Run a command with its streams as a shell sets them up; return the exit code and what stderr says."""
    line = f'exec "$0" -m edgeadapt {command} {" ".join(streams)}'
    process = subprocess.run(
        ["/bin/sh", "-c", line, sys.executable], capture_output=True, encoding="utf-8", check=False
    )
    return process.returncode, process.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="its shell can't close a stream")
@pytest.mark.parametrize(
    "closed", [(">&-",), ("<&-",), (">&-", "2>&-"), ("<&-", ">&-", "2>&-")], ids=" ".join
)
def test_streams_that_are_closed_change_no_exit_code(closed) -> None:
    assert ended("completion bash", *closed) == (0, "")
    code, said = ended("lint nothing.eap", *closed)
    assert code == 2
    assert "Traceback" not in said
    code, said = ended("lint -", *closed, "</dev/null" if "<&-" not in closed else "")
    assert code == 1
    assert "Traceback" not in said


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a device that is always full")
def test_a_full_disk_is_told_where_it_can_be_and_keeps_the_exit_code_elsewhere() -> None:
    assert ended("completion bash", ">/dev/full") == (
        2,
        "error: `standard output`: no space left on device\n",
    )
    assert ended("lint nothing.eap", "2>/dev/full") == (2, "")


def test_control_characters_are_made_visible() -> None:
    assert (
        printable("a\x1b[2J\tb\n")
        == "a\N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}"
    )


def test_colour_is_for_terminals_whose_user_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert wants_colour(Terminal())
    assert not wants_colour(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_colour(Terminal())
