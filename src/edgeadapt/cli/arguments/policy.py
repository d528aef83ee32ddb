"""A policy and its family, as given on the command line → a program checked against the family."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from edgeadapt.cli.arguments.family import find_family, load_family
from edgeadapt.cli.arguments.policy_text import read_text
from edgeadapt.cli.arguments.values import assignments
from edgeadapt.cli.failure import Misuse
from edgeadapt.language.checker import check
from edgeadapt.language.compiler import compile_policy
from edgeadapt.language.parser import Parsed, parse
from edgeadapt.language.tree import Ident
from edgeadapt.program.params import with_params
from edgeadapt.program.program import Program
from edgeadapt.registry.family import ModelFamily
from edgeadapt.wording import shown


@attrs.frozen
class Given:
    """What a command works with: the program, the family, and the file that the family was read from."""

    program: Program
    family: ModelFamily
    family_path: str


def declared_family(parsed: Parsed) -> str | None:
    """Return the name of the family that a policy's text asks to be checked against."""
    sections = parsed.tree.sections if parsed.tree is not None else ()
    return next((section.text for section in sections if isinstance(section, Ident)), None)


def compile_given(policy_path: str, family_path: str | None, params: Sequence[str]) -> Given:
    """Compile a policy against its family.

    Raises PolicyFileError, PolicyError, ParameterError, FamilyYamlError, or Misuse where no family is given.
    """
    parsed = parse(read_text(policy_path))
    name = declared_family(parsed)
    if family_path is None and name is not None:
        family_path = find_family(policy_path, name)
    family = load_family(family_path) if family_path is not None else None
    program = compile_policy(check(parsed, family))
    if family is None or family_path is None:
        # After the check, so that a wrong policy is told first: it is the nearer mistake.
        raise _no_family(name)
    return Given(
        with_params(program, assignments(params, "--param", "latency_budget=25ms")), family, family_path
    )


def _no_family(name: str | None) -> Misuse:
    if name is None:
        return Misuse("no family is given", "add --family FILE, or write `family NAME` in the policy")
    return Misuse(
        f"family {shown(name)} is neither beside the policy nor in ../families", "give --family FILE"
    )
