"""What a shell proposes for an argument: a code, a variant of the family on the line. Quick, and never an error."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def codes(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Propose the codes that `explain` knows, each with what it says."""
    from click.shell_completion import CompletionItem

    from edgeadapt.language.linting.pages import summaries

    wanted = incomplete.lower()
    return [CompletionItem(code, help=line) for code, line in summaries() if code.lower().startswith(wanted)]


def variants(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Propose the variants of the family that the line gives, where it can be read."""
    from click.shell_completion import CompletionItem

    from edgeadapt.errors import FamilyYamlError
    from edgeadapt.registry.family import ModelFamily

    names: tuple[str, ...] = ()
    path = ctx.params.get("family_path")
    if isinstance(path, str):
        with contextlib.suppress(FamilyYamlError):
            names = ModelFamily.from_yaml(path).names
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]
