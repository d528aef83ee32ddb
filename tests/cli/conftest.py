"""What the command line's tests share: a way to run a command, and policies and families in a folder."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from edgeadapt.cli.main import main
from edgeadapt.shipped import shipped

Run = Callable[..., Result]

SAVER = """\
edition 1
policy saver {
  family digits
  input light: number in 0 .. 1000 stale after 10 s
  param floor = 20% in 5% .. 50%
  rule dark { when light < 10 use small }
  rule low {
    when battery < floor and not charging
    until battery >= 30% or charging
    for 10 s
    hold 1 min
    use tiny
  }
  rule plugged { when charging use highest accuracy where memory <= 50% * memory_available else lowest latency }
  otherwise use medium
  guard { cooldown 30 s }
}
"""


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run `edgeadapt` in an empty folder, 80 columns wide, in the standalone mode that a shell sees."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def call(*args: str, stdin: bytes | None = None) -> Result:
        return CliRunner().invoke(main, args, input=stdin, prog_name="edgeadapt", catch_exceptions=False)

    return call


@pytest.fixture
def digits() -> str:
    """The path of the shipped family."""
    return str(shipped("families/digits.yaml"))


@pytest.fixture
def saver(tmp_path: Path) -> str:
    """A right policy, in the folder."""
    (tmp_path / "saver.eap").write_text(SAVER, "utf-8")
    return "saver.eap"
