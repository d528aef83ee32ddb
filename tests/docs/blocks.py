"""The code blocks of a page, and how each kind of them is run: a page is played from its top, in one folder."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import attrs
from click.testing import CliRunner

import edgeadapt
from edgeadapt.cli.main import main
from edgeadapt.diagnostics import Source
from edgeadapt.language import lint_text
from edgeadapt.language.formatter import format_policy
from edgeadapt.language.parser import parse

_BLOCK = re.compile(r'^```(\S*)(?: title="([^"]+)")?[^\n]*\n(.*?)^```$', re.MULTILINE | re.DOTALL)
# Looked at by people: outputs of programs told before, signatures, help texts, other languages' examples.
SHOWN = ("text", "py", "sh", "json")
# What sets up a machine is not run.
_SETS_UP = ("pip", "make", "git", "cd", "mkdir", "python -m venv", "python -m pip")
_TIME_OUT_S = 60


@attrs.frozen
class Block:
    """A fenced block: its language, the file that its title names, and its text."""

    language: str
    file: str
    text: str


def blocks(page: str) -> list[Block]:
    """Return a page's blocks from the top."""
    return [Block(language, file, text) for language, file, text in _BLOCK.findall(page)]


class PageRun:
    """Runs the blocks of one page in a folder, whose files and Python names go on from block to block."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: dict[str, Any] = {name: getattr(edgeadapt, name) for name in edgeadapt.__all__}

    def run(self, block: Block) -> None:
        """Run a block; raises AssertionError where it does not do what is shown."""
        if block.language == "eap":
            check_policy(block)
        elif block.language == "python" and not block.file:
            self._run_python(block.text)
        elif block.language == "console":
            self._run_commands(block.text)
        else:
            assert block.file or block.language in SHOWN, f"nothing runs a block of `{block.language}`"
        if block.file:
            (self._folder / block.file).write_text(block.text, encoding="utf-8")

    def _run_python(self, text: str) -> None:
        if ">>>" not in text:
            exec(compile(text, "page", "exec"), self._names)
            return
        example = doctest.DocTestParser().get_doctest(text, self._names, "page", None, None)
        assert doctest.DocTestRunner().run(example, clear_globs=False).failed == 0
        self._names = example.globs

    def _run_commands(self, text: str) -> None:
        for command, shown in re.findall(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", text, re.MULTILINE):
            if not command.startswith(_SETS_UP):
                assert_shown(output_of(command.replace("\\\n", " "), self._folder), shown)


def output_of(command: str, folder: Path) -> str:
    """Return what a command prints: `edgeadapt` in this process, which is quick, `python` in one of its own."""
    program, *arguments = shlex.split(command, comments=True)
    if program == "edgeadapt":
        result = CliRunner().invoke(main, arguments)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.output
    assert program == "python", f"nothing runs `{program}`"
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTEST_ADDOPTS": "-p no:cacheprovider"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_TIME_OUT_S,
        check=False,
    )
    return done.stdout


def assert_shown(output: str, shown: str) -> None:
    """Hold an output against a page's, in which `...` stands for anything; one that shows nothing says nothing."""
    expected = re.escape(shown.strip()).replace(re.escape("..."), ".*?")
    assert not shown.strip() or re.fullmatch(expected, output.strip(), re.DOTALL), output


def check_policy(block: Block) -> None:
    """Hold a policy, or a part of one, against the checker; one that is a file also against the formatter."""
    if block.file:
        assert format_policy(parse(Source(block.file, block.text))) == block.text
    wrapped = [block.text] if block.file else _around(block.text)
    told = [[problem for problem in lint_text(text) if problem.is_error] for text in wrapped]
    assert [] in told, told


def _around(text: str) -> list[str]:
    """Return the policies that a text may be, or be a part of: sections, clauses of a rule, or an expression."""
    otherwise = "" if "otherwise" in text else "\notherwise use some_variant"
    clauses = (
        text + ("" if "when " in text else "\nwhen cpu > 1%") + ("" if "use " in text else "\nuse other")
    )
    inside = [
        text + otherwise,
        f"rule it {{ {clauses} }}\notherwise use some_variant",
        f"let it = {text}{otherwise}",
    ]
    return [text, *(f"edition 1\npolicy it {{\n{sections}\n}}\n" for sections in inside)]
