"""How a command's end becomes the process's: exit codes, interrupts, closed pipes, and bugs that own up."""

import os
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from edgeadapt.cli.lazy_group import LazyGroup


def ended(body) -> tuple[int, str]:
    """Run a command with this body; return the exit code and what stderr says."""

    class Group(LazyGroup):
        def get_command(self, ctx, cmd_name):
            return click.Command("do", callback=body)

    group = Group("tool", sections={"Commands": {"do": ("nowhere:do", "Do it.")}})
    result = CliRunner().invoke(group, ["do"], prog_name="tool")
    assert isinstance(result.exception, SystemExit | None)
    return result.exit_code, result.stderr


def raising(error: BaseException):
    def body() -> None:
        raise error

    return body


@pytest.mark.parametrize(("returned", "code"), [(None, 0), (0, 0), (1, 1), (2, 2)])
def test_a_command_returns_its_exit_code(returned, code) -> None:
    assert ended(lambda: returned) == (code, "")


def test_an_interrupt_ends_quietly_with_130() -> None:
    code, said = ended(raising(KeyboardInterrupt()))
    assert (code, said.strip()) == (130, "")


def test_a_bug_shows_its_traceback_and_owns_up() -> None:
    code, said = ended(raising(ZeroDivisionError("division by zero")))
    assert code == 70
    assert "Traceback" in said
    assert said.endswith(
        "error: this is a bug in EdgeAdapt, not in your input; please report it with the lines above\n"
    )


def test_a_file_that_vanishes_is_the_users_world_and_no_bug() -> None:
    assert ended(raising(FileNotFoundError(2, "No such file or directory", "a.npy"))) == (
        2,
        "error: `a.npy`: no such file or directory\n",
    )


def test_an_error_can_not_write_control_characters_to_the_terminal() -> None:
    _, said = ended(raising(FileNotFoundError(2, "No such file", "a\x1b[2J\nb")))
    assert "\x1b" not in said
    assert said.count("\n") == 1


def test_inside_another_program_errors_are_its_own() -> None:
    class Group(LazyGroup):
        def get_command(self, ctx, cmd_name):
            return click.Command("do", callback=raising(ZeroDivisionError()))

    group = Group("tool", sections={"Commands": {"do": ("nowhere:do", "Do it.")}})
    with pytest.raises(ZeroDivisionError):
        group.main(["do"], "tool", standalone_mode=False)


def test_a_reader_that_leaves_early_ends_it_quietly(tmp_path) -> None:
    (tmp_path / "a.eap").write_text(
        "edition 1 policy p {" + " rule r { when nope use x }" * 3000 + "}", "utf-8"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "edgeadapt", "lint", "a.eap"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 141


@pytest.mark.skipif(sys.platform == "win32", reason="its shell has no such pipes")
def test_a_reader_of_the_errors_that_leaves_changes_no_exit_code() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "edgeadapt", "lint", "nothing.eap"]
    process = subprocess.run(command, stdout=subprocess.PIPE, stderr=writing, check=False)
    os.close(writing)
    assert (process.returncode, process.stdout) == (2, b"")
