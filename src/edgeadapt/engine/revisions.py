"""Which definition of each variant is the present one, and what the swapper calls it.

The swapper tells models apart by their names, and takes what serves for what is asked for. So a variant that a reload
changed gets a new name there: the family's, a mark that no variant's name can hold, and a number. Then it is loaded,
swapped to and rolled back from as any other. Outside the swapper only the family's names are seen.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import TypeVar

import attrs

from edgeadapt.registry import ModelFamily, ModelVariant
from edgeadapt.swapper import SwapEvent

_E = TypeVar("_E", bound=BaseException)

# A unit separator: a variant's name is printable.
_MARK = "\x1f"
_MARKED = re.compile(_MARK + r"\d+")


def plain(name: str) -> str:
    """Return the family's name of what the swapper knows by this one."""
    return name.partition(_MARK)[0]


def plain_error(error: _E) -> _E:
    """Take the marks out of what an error says, and return it; in place, since its traceback is the host's."""
    if any(isinstance(part, str) and _MARK in part for part in error.args):
        error.args = tuple(_MARKED.sub("", part) if isinstance(part, str) else part for part in error.args)
    for field in ("variant", "reason"):
        text = getattr(error, field, None)
        if isinstance(text, str) and _MARK in text:
            setattr(error, field, _MARKED.sub("", text))
    return error


def plain_event(event: SwapEvent) -> SwapEvent:
    """Return a swap's event with the family's names."""
    previous = None if event.previous is None else plain(event.previous)
    error = None if event.error is None else plain_error(event.error)
    return attrs.evolve(event, variant=plain(event.variant), previous=previous, error=error)


@attrs.frozen
class _Revision:
    """A variant as one state of the family file has it; `name` is the swapper's."""

    name: str
    family: ModelFamily

    @property
    def model(self) -> tuple[object, ...]:
        """All that a load makes its generation of; what else is known of a variant may change without a load."""
        variant = self.family.variant(plain(self.name))
        return (*_opened(variant), variant.adapter, self.family.contract)


class Revisions:
    """The revisions of one start; the control thread replaces them, and the loader's reads."""

    def __init__(self, family: ModelFamily) -> None:
        self.family = family
        self._present: Mapping[str, _Revision] = {name: _Revision(name, family) for name in family.names}
        # By the swapper's name: what it may still serve, keep, or go back to.
        self._known: Mapping[str, _Revision] = dict(self._present)
        self._count = 1

    def name_of(self, variant: str) -> str:
        """Return what the swapper calls a variant's present revision; an unknown one by its own name."""
        revision = self._present.get(variant)
        return variant if revision is None else revision.name

    def family_of(self, name: str) -> ModelFamily:
        """Return the family that a revision, by the swapper's name, is of."""
        revision = self._known.get(name)
        return self.family if revision is None else revision.family

    def replace(self, family: ModelFamily, in_use: Collection[str]) -> tuple[str, ...]:
        """Take another state of the family; return the variants whose model is another one now, or gone.

        `in_use` are the names that the swapper still knows. A model that it has already keeps its name there.
        """
        before = self._present
        present = {name: self._revision(name, family) for name in family.names}
        known = {name: revision for name, revision in self._known.items() if name in in_use}
        self._known = {**known, **{revision.name: revision for revision in present.values()}}
        self._present, self.family = present, family
        return tuple(
            name for name in before if name not in present or present[name].name != before[name].name
        )

    def _revision(self, variant: str, family: ModelFamily) -> _Revision:
        wanted = _Revision(variant, family).model
        # The present one first.
        for revision in (self._present.get(variant), *self._known.values()):
            if revision is not None and plain(revision.name) == variant and revision.model == wanted:
                return _Revision(revision.name, family)
        if not any(plain(name) == variant for name in self._known):
            return _Revision(variant, family)
        self._count += 1
        return _Revision(f"{variant}{_MARK}{self._count}", family)


def _opened(variant: ModelVariant) -> tuple[object, ...]:
    return variant.path, variant.backend, variant.sha256, variant.session, variant.standby
