"""The page on operating: its session is played against a real engine in another process, and prints what is shown."""

from __future__ import annotations

import configparser
import doctest
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from edgeadapt.cli.main import main
from edgeadapt.cli.run import run
from edgeadapt.cli.run_signals import END_S
from edgeadapt.engine.control import orders
from edgeadapt.engine.control.default_path import default_path
from edgeadapt.shipped import shipped
from tests.docs.blocks import blocks, check_policy

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/how-to/operate.md").read_text(encoding="utf-8")
BLOCKS = blocks(PAGE)
SESSION, RECORD = (block.text for block in BLOCKS if block.language == "console")
PATIENCE_S = 30.0

if sys.platform == "win32":
    pytest.skip("Windows' Python has no Unix sockets", allow_module_level=True)


def told(text: str, folder: Path) -> str:
    """Return an output without what differs each time: who it was, when, how long yet, and where."""
    text = text.replace(str(folder.resolve()), "/home/alice").replace(str(folder), "/home/alice")
    text = re.sub(r"\w+ \(uid \d+, pid \d+\)", "alice (uid 1000, pid 4242)", text)
    text = re.sub(r"for another [^,]+,", "for another 2 h,", text)
    return " ".join(re.sub(r'"at_s":[0-9.]+', '"at_s":0', text).split())


def test_the_session_goes_as_shown_and_is_on_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (policy,) = (block for block in BLOCKS if block.file == "door.eap")
    check_policy(policy)
    (tmp_path / "door.eap").write_text(policy.text, encoding="utf-8")
    (tmp_path / "families").symlink_to(shipped("families"))
    (start,) = (block.text for block in BLOCKS if block.language == "sh")
    # The usual place may be a real engine's; and a poll in between would be the last that was heard of a swap.
    arguments = shlex.split(start.replace("--control", "--control c.sock --poll 1h"))[1:]
    monkeypatch.chdir(tmp_path)
    # A path that is broken over two lines is not found again.
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr("edgeadapt.engine.control.default_path.default_path", lambda: "c.sock")
    process = subprocess.Popen(
        [sys.executable, "-m", "edgeadapt", *arguments], stdout=subprocess.PIPE, cwd=tmp_path, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().endswith("medium serves\n")
        codes = []
        for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", SESSION, re.MULTILINE):
            if command.startswith("sed "):
                subprocess.run(shlex.split(command), check=True, cwd=tmp_path)
                continue
            result = CliRunner().invoke(main, shlex.split(command)[1:])
            codes.append(result.exit_code)
            assert told(result.output, tmp_path) == told(shown, tmp_path)
        assert codes == [0] * (len(codes) - 1) + [1]
        process.terminate()
        assert process.wait(PATIENCE_S) == 0
    finally:
        process.kill()
        process.communicate()
    (command, shown), *_ = re.findall(r"^\$ (.*)\n(.*)\n", RECORD)
    printed = subprocess.run(command, shell=True, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert told(printed.stdout, tmp_path) == told(shown, tmp_path)


def test_the_program_prints_what_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (policy,) = (block for block in BLOCKS if block.file == "door.eap")
    (tmp_path / "door.eap").write_text(policy.text, encoding="utf-8")
    (tmp_path / "families").symlink_to(shipped("families"))
    monkeypatch.chdir(tmp_path)
    (program,) = (block.text for block in BLOCKS if block.language == "python")
    example = doctest.DocTestParser().get_doctest(program, {}, "page", None, None)
    assert doctest.DocTestRunner().run(example).failed == 0


def test_the_service_gives_run_options_that_it_has() -> None:
    (unit,) = (block.text for block in BLOCKS if block.file == "door.service")
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign] # systemd's keys have capitals
    parser.read_string(unit)
    service = parser["Service"]
    program, command, *arguments = shlex.split(service["ExecStart"])
    assert (program.rpartition("/")[2], command) == ("edgeadapt", "run")
    known = {option for param in run.params for option in param.opts}
    assert {argument for argument in arguments if argument.startswith("--")} <= known
    assert float(service["TimeoutStopSec"]) > END_S
    assert f"/run/{service['RuntimeDirectory']}/control.sock" in arguments


@pytest.mark.skipif(sys.platform != "linux", reason="the page shows Linux' places")
def test_the_places_and_times_are_those_of_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert f"| root | `{default_path()}` |" in PAGE
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/there")
    assert default_path().replace("/there", "`$XDG_RUNTIME_DIR") + "`" in PAGE
    assert orders.SETTLE_S == END_S == 10
    assert "a load that takes longer than ten seconds" in PAGE
    assert "ends within ten seconds" in PAGE
