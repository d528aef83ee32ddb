"""A policy's and a family's file, read again: what is there now, or why it can't be used, in one line.

It knows nothing of a running engine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

import attrs

from edgeadapt.engine.decision_notes import program_of
from edgeadapt.engine.in_use import InUse
from edgeadapt.engine.journal import described
from edgeadapt.policy import BasePolicy
from edgeadapt.registry import ModelFamily
from edgeadapt.wording import shown

_T = TypeVar("_T")


@attrs.frozen
class Found(Generic[_T]):
    """What a file has: `value`, None where it is what is in use already, or an `error`."""

    path: str
    value: _T | None = None
    error: str = ""


def reread_policy(in_use: InUse) -> Found[BasePolicy] | None:
    """Read the policy's file; None where it has none."""
    before, path = in_use.given, in_use.given.policy_file
    if path is None:
        return None
    found = _read(path, before.reread)
    if found.value is None:
        return found
    old, new = program_of(before), program_of(found.value)
    is_same = old is not None and new is not None and old.digest == new.digest
    return Found(path) if is_same else found


def reread_family(in_use: InUse) -> Found[ModelFamily] | None:
    """Read the family's file; None where it has none."""
    before, path = in_use.family, in_use.family.file
    if path is None:
        return None
    found = _read(path, lambda: ModelFamily.from_yaml(path))
    if found.value is None:
        return found
    if found.value.name != before.name:
        problem = f"{path}: it has family {shown(found.value.name)} now; a running engine keeps its own, `{before.name}`"
        return Found(path, error=problem)
    return Found(path) if _content(found.value) == _content(before) else found


def _read(path: str, read: Callable[[], _T]) -> Found[_T]:
    from edgeadapt.diagnostics import PolicyError, render_concise

    try:
        return Found(path, read())
    except PolicyError as error:
        errors = [it for it in error.diagnostics if it.is_error] or list(error.diagnostics)
        more = len(errors) - 1
        rest = f" ({more} more {'error' if more == 1 else 'errors'})" if more else ""
        return Found(path, error=render_concise(errors[0]) + rest)
    except Exception as error:  # noqa: BLE001 - whatever the file holds, and a host's own policy reads, the engine goes on
        text = described(error)
        return Found(path, error=text if path in text else f"{path}: {text}")


def _content(family: ModelFamily) -> tuple[object, ...]:
    return family.description, family.contract, family.activation, family.variants
