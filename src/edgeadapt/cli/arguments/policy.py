"""A policy and its family, as given on the command line → a program checked against the family.

A policy is a text or compiled; for a compiled one, nothing that reads texts is loaded.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import attrs

from edgeadapt.cli.arguments.family import family_not_found, find_family, load_family
from edgeadapt.cli.arguments.policy_text import STDIN
from edgeadapt.cli.arguments.values import assignments
from edgeadapt.cli.failure import Misuse
from edgeadapt.program.compiled import MAX_BYTES, from_bytes, is_compiled_file, looks_compiled, read_compiled
from edgeadapt.program.params import with_params
from edgeadapt.program.program import NamedChoice, Program
from edgeadapt.registry.family import ModelFamily
from edgeadapt.shipped import shipped
from edgeadapt.wording import did_you_mean, nearest, shown

if TYPE_CHECKING:
    from edgeadapt.diagnostics import Source


PRESETS = ("balanced", "maximize_accuracy", "minimize_power")


@attrs.frozen
class Given:
    """What a command works with: the program, the family, and the file that the family was read from."""

    program: Program
    family: ModelFamily
    family_path: str


@attrs.frozen
class Found:
    """A program with its parameters set; the family that it was checked against, and the name that it asks for."""

    program: Program
    family: ModelFamily | None
    family_path: str | None
    asks_for: str | None


def preset_or_file(given: str) -> str:
    """Return the path of a shipped preset that is given by its name; anything else is a path itself.

    Raises Misuse for what is no path and looks like a preset's name.
    """
    if os.path.lexists(given):
        return given
    if given in PRESETS:
        return str(shipped(f"policies/{given}.eapc"))
    meant = nearest(given, PRESETS)
    if meant is not None:
        raise Misuse(f"there is neither a file nor a preset {shown(given)}", f"did you mean `{meant}`?")
    return given


def compile_given(policy_path: str, family_path: str | None, params: Sequence[str]) -> Given:
    """Compile a policy against its family.

    Raises PolicyFileError, ProgramError, PolicyError, ParameterError, FamilyYamlError, or Misuse where no family is
    given.
    """
    found = find_program(policy_path, family_path, params)
    if found.family is None or found.family_path is None:
        # After the check, so that a wrong policy is told first: it is the nearer mistake.
        raise _no_family(policy_path, found.asks_for)
    return Given(found.program, found.family, found.family_path)


def find_program(policy_path: str, family_path: str | None, params: Sequence[str]) -> Found:
    """Compile a policy, or read a compiled one, against its family where that is given or found; raises as above."""
    source = _read(policy_path)
    if isinstance(source, Program):
        program, name = source, source.family
        family_path = _family_path(policy_path, family_path, name)
        family = None if family_path is None else load_family(family_path)
        if family is not None:
            _check_variants(program, family)
    else:
        from edgeadapt.language.checker import check
        from edgeadapt.language.compiler import compile_policy
        from edgeadapt.language.parser import parse

        parsed = parse(source)
        name = parsed.family
        family_path = _family_path(policy_path, family_path, name)
        family = None if family_path is None else load_family(family_path)
        program = compile_policy(check(parsed, family))
    program = with_params(program, assignments(params, "--param", "latency_budget=25ms"))
    return Found(program, family, family_path, name)


def _read(path: str) -> Source | Program:
    if path == STDIN:
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
        if looks_compiled(data):
            return from_bytes(data)
        from edgeadapt.language.policy_file import decode_policy

        return decode_policy(data, "<stdin>")
    if is_compiled_file(path):
        return read_compiled(path)
    from edgeadapt.language.policy_file import read_policy

    return read_policy(path)


def _family_path(policy_path: str, given: str | None, name: str | None) -> str | None:
    return find_family(policy_path, name) if given is None and name is not None else given


def _check_variants(program: Program, family: ModelFamily) -> None:
    """Refuse a compiled policy for a family that it does not fit; a text has diagnostics for that."""
    for choice in (*program.otherwise, *(choice for rule in program.rules for choice in rule.choices)):
        if isinstance(choice, NamedChoice) and choice.variant not in family:
            raise Misuse(
                f"policy `{program.name}` uses {shown(choice.variant)}, which family {shown(family.name)} lacks",
                did_you_mean(choice.variant, family.names, "it has"),
            )


def _no_family(policy_path: str, name: str | None) -> Misuse:
    if name is None:
        return Misuse("no family is given", "add --family FILE, or write `family NAME` in the policy")
    return Misuse(*family_not_found(policy_path, name))
