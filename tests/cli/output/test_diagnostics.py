"""Diagnostics are in colour where somebody sees it and wants it."""

import io
import sys

import click
import pytest

from edgeadapt.cli.output.diagnostics import show_diagnostics
from edgeadapt.diagnostics import Diagnostic, Severity, Source, Span, render_full


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


PROBLEM = Diagnostic(
    "EAP001", Severity.ERROR, "m", Source("a.eap", "one two\n"), Span(4, 7), "here", "drop it"
)


@pytest.fixture(autouse=True)
def _wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")


def _printed(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO) -> str:
    monkeypatch.setattr(sys, "stdout", stream)
    show_diagnostics([PROBLEM])
    return stream.getvalue()


def test_a_terminal_gets_colour_and_the_same_text(monkeypatch: pytest.MonkeyPatch) -> None:
    text = _printed(monkeypatch, Terminal())
    assert click.style("error[EAP001]", fg="red", bold=True) in text
    assert click.unstyle(text) == render_full(PROBLEM) + "\n\n"


def test_all_else_gets_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _printed(monkeypatch, io.StringIO()) == render_full(PROBLEM) + "\n\n"


def test_a_user_who_wants_no_colour_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert _printed(monkeypatch, Terminal()) == render_full(PROBLEM) + "\n\n"
