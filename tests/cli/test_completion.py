"""A shell completes commands, options, codes and variants, from the line as it stands, and never fails."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from edgeadapt.cli.main import COMMANDS, main


def completed(*line: str) -> list[str]:
    *args, incomplete = line
    completer = ShellComplete(main, {}, "edgeadapt", "_EDGEADAPT_COMPLETE")
    return [found.value for found in completer.get_completions(args, incomplete)]


def test_commands_are_completed_without_loading_them() -> None:
    code = (
        "import os, sys\nos.environ.update(_EDGEADAPT_COMPLETE='bash_complete', COMP_WORDS='edgeadapt ', COMP_CWORD='1')\n"
        "from edgeadapt.cli.main import main\n"
        "try: main(prog_name='edgeadapt')\nexcept SystemExit as end: print(end.code, *sys.modules, file=sys.stderr)"
    )
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert process.stdout.split() == [f"plain,{name}" for name in COMMANDS]
    ended, *loaded = process.stderr.split()
    assert ended == "0"
    assert {"edgeadapt.cli.lint", "edgeadapt.registry", "lark", "numpy"}.isdisjoint(loaded)


def test_a_beginning_narrows_them_and_options_are_completed() -> None:
    assert completed("li") == ["lint"]
    assert "--coverage" in completed("test", "--c")
    assert set(completed("--")) == {"--help", "--version"}


def test_codes_and_variants_are_completed(digits) -> None:
    assert "EAP404" in completed("explain", "eap40")
    assert completed("dry-run", "p.eap", "--family", digits, "--active", "medium") == [
        "medium_int8",
        "medium",
    ]
    assert completed("dry-run", "p.eap", "--config", digits, "--active", "x") == []


@pytest.mark.parametrize("family", ["none.yaml", ".", "\0"])
def test_a_family_that_can_not_be_read_proposes_nothing(family) -> None:
    assert completed("dry-run", "p.eap", "--family", family, "--active", "") == []


def test_files_are_left_to_the_shell() -> None:
    completer = ShellComplete(main, {}, "edgeadapt", "_EDGEADAPT_COMPLETE")
    for args in (["lint"], ["lint", "--family"], ["test", "--config"], ["compile", "p.eap", "-o"]):
        assert [found.type for found in completer.get_completions(args, "so")] == ["file"], args


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_asks_this_command(run, shell: str) -> None:
    result = run("completion", shell)
    assert (result.exit_code, result.stderr) == (0, "")
    assert f"_EDGEADAPT_COMPLETE={shell}_complete" in result.stdout


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_bash_takes_the_script(run, tmp_path: Path) -> None:
    (tmp_path / "it").write_text(run("completion", "bash").stdout, "utf-8")
    ask = ". ./it && complete -p edgeadapt"
    process = subprocess.run(["bash", "--norc", "-c", ask], capture_output=True, text=True, check=True)
    assert process.stdout.strip().endswith("edgeadapt")


def test_another_shell_is_wrong_use(run) -> None:
    result = run("completion", "tcsh")
    assert result.exit_code == 2
    assert "'bash', 'zsh', 'fish'" in result.stderr
