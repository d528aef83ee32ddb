"""The group: what it offers, what it says of a wrong call, and that help costs nothing."""

import re
import subprocess
import sys
from importlib.metadata import version

import pytest

from edgeadapt.cli.main import COMMANDS, main


def test_the_version_is_the_packages(run) -> None:
    result = run("--version")
    assert (result.exit_code, result.stdout) == (0, f"edgeadapt {version('edgeadapt')}\n")


def test_help_lists_every_command_in_a_line(run) -> None:
    result = run("--help")
    assert result.exit_code == 0
    for name, (_, line) in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(line)}$", result.stdout, re.MULTILINE)
        page = run(name, "--help")
        assert page.exit_code == 0
        # Examples stand as they are to be typed.
        assert "\\b" not in page.stdout
        assert re.search(rf"^  +edgeadapt {name}", page.stdout, re.MULTILINE) or "Examples" not in page.stdout


def test_each_command_is_called_what_the_table_calls_it() -> None:
    assert {name: main.get_command(None, name).name for name in COMMANDS} == {name: name for name in COMMANDS}


def test_no_command_is_wrong_use_and_shows_the_help(run) -> None:
    result = run()
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Usage: edgeadapt [OPTIONS] [COMMAND]" in result.stderr


def test_a_misspelt_command_gets_the_nearest_one(run) -> None:
    result = run("lnt")
    assert result.exit_code == 2
    assert (
        result.stderr == "error: there is no command `lnt`; did you mean `lint`?\n  see: edgeadapt --help\n"
    )


@pytest.mark.parametrize("word", ["help", "version"])
def test_an_option_that_is_written_as_a_command_is_told(run, word) -> None:
    result = run(word)
    assert result.exit_code == 2
    assert f"there is no command `{word}`; write edgeadapt --{word}\n" in result.stderr


def test_a_misspelt_option_gets_the_nearest_one_and_where_to_read_on(run) -> None:
    result = run("lint", "--famly", "x", "a.eap")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: no such option")
    assert "--family" in result.stderr
    assert result.stderr.endswith("\n  see: edgeadapt lint --help\n")


def test_a_missing_argument_is_one_clear_line(run) -> None:
    result = run("lint")
    assert (result.exit_code, result.stderr) == (
        2,
        "error: missing argument 'PATH...'\n  see: edgeadapt lint --help\n",
    )


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("decisions camera.eap", "got unexpected extra argument (camera.eap); write --policy camera.eap"),
        ("new app tiny.ONNX", "got unexpected extra argument (tiny.ONNX); write --model tiny.ONNX"),
        ("lint-none", "there is no command `lint-none`; did you mean `lint`?"),
        ("dry-run a.eap day.csv", "got unexpected extra argument (day.csv); write --trace day.csv"),
        ("doctor a.eap", "got unexpected extra argument (a.eap)"),
        ("test a.eap --fail-under 90%", "invalid value for '--fail-under': '90%' is not a number"),
        ("run a.eap --speed fast", "invalid value for '--speed': 'fast' is not a number"),
        ("fuzz a.eap --seed x", "invalid value for '--seed': 'x' is not a whole number"),
        ("fuzz a.eap --examples 2.5", "invalid value for '--examples': '2.5' is not a whole number"),
    ],
)
def test_a_wrong_call_says_in_plain_words_what_would_be_right(run, line: str, says: str) -> None:
    result = run(*line.split())
    assert (result.exit_code, result.stderr.splitlines()[0]) == (2, f"error: {says}")


def test_help_and_lint_load_nothing_that_infers_or_draws(tmp_path) -> None:
    (tmp_path / "a.eap").write_text("edition 1 policy p { otherwise use tiny }", "utf-8")
    code = (
        "import sys\nfrom edgeadapt.cli.main import main\n"
        "try: main(sys.argv[1:])\nexcept SystemExit as end: print(end.code, *sys.modules, file=sys.stderr)"
    )
    for args, unwanted in (
        (["--help"], {"lark", "edgeadapt.registry", "edgeadapt.language"}),
        (["lint", "a.eap"], {"ruamel", "edgeadapt.runtime", "edgeadapt.profiler"}),
    ):
        process = subprocess.run(
            [sys.executable, "-c", code, *args], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        ended, *loaded = process.stderr.split()
        assert ended == "0"
        assert (unwanted | {"onnxruntime", "numpy", "rich", "psutil"}).isdisjoint(loaded)
