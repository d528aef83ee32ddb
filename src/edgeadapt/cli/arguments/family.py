"""Which family a command works with: the one that is given, or the one that the policy names, where it is looked for.

Every command that has to do with a family takes it by the option that is made here.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

from edgeadapt.cli.arguments.options import file_option
from edgeadapt.cli.arguments.policy_text import STDIN
from edgeadapt.errors import FamilyYamlError
from edgeadapt.registry.beside import family_beside, not_found
from edgeadapt.registry.family import ModelFamily

_F = TypeVar("_F", bound=Callable[..., Any])


def family_option(help_text: str, *, required: bool = False) -> Callable[[_F], _F]:
    """Give a command `--family FILE` and its alias `--config`, as the argument `family_path`."""
    return file_option("--family", "--config", "family_path", required=required, help=help_text)


def find_family(policy_path: str, name: str) -> str | None:
    """Look for the family that a policy names; None where it is in none of the places."""
    return family_beside(policy_folder(policy_path), name)


def family_not_found(policy_path: str, name: str) -> tuple[str, str]:
    """Return what to tell of a family that `find_family` did not find, and the remedy."""
    return not_found(policy_folder(policy_path), name)


def policy_folder(policy_path: str) -> str:
    """Return the folder beside which families are looked for; for stdin it is the present one."""
    return "" if policy_path == STDIN else os.path.dirname(policy_path)


def load_family(path: str) -> ModelFamily:
    """Read a family file; raises FamilyYamlError."""
    return ModelFamily.from_yaml(path)


class FamiliesRead:
    """Families by path, each read once; of one that is wrong, `refuse` is told once."""

    def __init__(self, refuse: Callable[[FamilyYamlError], None]) -> None:
        self._refuse = refuse
        self._known: dict[str, ModelFamily | None] = {}

    def load(self, path: str) -> ModelFamily | None:
        """Return the family of a file; None where it is wrong."""
        if path not in self._known:
            try:
                self._known[path] = load_family(path)
            except FamilyYamlError as error:
                self._known[path] = None
                self._refuse(error)
        return self._known[path]
