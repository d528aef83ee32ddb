"""Which family a command works with: the one that is given, or the one that the policy names, where it is looked for."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

import click

from edgeadapt.cli.arguments.policy_text import STDIN
from edgeadapt.registry.family import ModelFamily

_SUFFIXES = (".yaml", ".yml")
_F = TypeVar("_F", bound=Callable[..., Any])


def family_option(help_text: str) -> Callable[[_F], _F]:
    """Give a command `--family FILE` and its alias `--config`, as the argument `family_path`."""
    return click.option("--family", "--config", "family_path", metavar="FILE", help=help_text)


def find_family(policy_path: str, name: str) -> str | None:
    """Look for the family that a policy names: beside the policy, then in `../families`; None where it is not."""
    if any(char in name for char in "/\\\0"):
        return None
    beside = "" if policy_path == STDIN else os.path.dirname(policy_path)
    for folder in (beside, os.path.join(beside, os.pardir, "families")):
        for suffix in _SUFFIXES:
            path = os.path.normpath(os.path.join(folder, name + suffix))
            if os.path.isfile(path):
                return path
    return None


def load_family(path: str) -> ModelFamily:
    """Read a family file; raises FamilyYamlError."""
    return ModelFamily.from_yaml(path)
