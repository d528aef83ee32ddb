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
