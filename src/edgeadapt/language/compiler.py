"""The stages in a row: text to diagnostics, and text to a program."""

from __future__ import annotations

from collections.abc import Mapping

from edgeadapt.diagnostics import Diagnostic, PolicyError, Source
from edgeadapt.language.checker import Checked, check
from edgeadapt.language.parser import Parsed, parse
from edgeadapt.program.params import with_params
from edgeadapt.program.program import Program
from edgeadapt.registry.family import ModelFamily


def compile_policy(checked: Checked) -> Program:
    """Return the program of a checked policy; raises PolicyError with every problem where it has errors."""
    if checked.program is None:
        raise PolicyError(checked.diagnostics)
    return checked.program


def compile_text(
    text: str,
    name: str = "<text>",
    family: ModelFamily | None = None,
    params: Mapping[str, str | float | bool] | None = None,
) -> Program:
    """Compile a policy text, with parameters set anew if given.

    Raises PolicyError with every problem of the text, ParameterError for a wrong override.
    """
    program = compile_policy(check(parse(Source(name, text)), family))
    return with_params(program, params) if params else program


def lint_text(
    text: str, *, name: str = "<text>", family: ModelFamily | None = None
) -> tuple[Diagnostic, ...]:
    """Return every problem of a policy text, lints included, sorted by place; empty where nothing is amiss."""
    return lint(parse(Source(name, text)), family)


def lint(parsed: Parsed, family: ModelFamily | None = None) -> tuple[Diagnostic, ...]:
    """Return every problem of a parsed policy; a policy with errors is not linted, as its meaning is not known."""
    checked = check(parsed, family)
    if checked.program is None:
        return checked.diagnostics
    # Imported here: what only compiles a policy does not load the lints.
    from edgeadapt.language.lints import run

    found = (*checked.diagnostics, *run(parsed, checked, family))
    return tuple(sorted(found, key=lambda problem: (problem.span.start, problem.code)))
