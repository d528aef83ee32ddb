"""Which families a policy can be tested with that names none: those near it that have every variant it speaks of."""

from __future__ import annotations

from edgeadapt.errors import FamilyYamlError
from edgeadapt.language.checker import check
from edgeadapt.language.parser import Parsed
from edgeadapt.registry.beside import families_beside
from edgeadapt.registry.family import ModelFamily


def fitting(parsed: Parsed, folder: str) -> dict[str, ModelFamily]:
    """Return the families, by path, near a policy in `folder` against which it has no error."""
    found: dict[str, ModelFamily] = {}
    for path in families_beside(folder):
        try:
            family = ModelFamily.from_yaml(path)
        except FamilyYamlError:
            # Some other YAML, or a family that is wrong: nobody asked for it.
            continue
        if check(parsed, family).program is not None:
            found[path] = family
    return found
