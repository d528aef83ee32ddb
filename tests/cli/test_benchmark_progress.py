"""A benchmark's progress: on a terminal, and nowhere else."""

from __future__ import annotations

import io
import sys

import pytest

from edgeadapt.cli.benchmark_progress import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_nothing_is_shown_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with progress() as told:
        assert told is None


def test_a_terminal_shows_how_far_it_is_and_what_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with progress() as told:
        assert told is not None
        told(30, 600, "small[red]")
    assert "small[red]" in terminal.getvalue()
    assert "30/600" in terminal.getvalue()
