"""Which files decide whether a variant can serve."""

from __future__ import annotations

from edgeadapt.backends.external_data import external_files
from edgeadapt.registry import ModelFamily

# A model may name any number of files, and each is looked at again and again.
_MOST_FILES = 64


def files_of(family: ModelFamily, name: str) -> tuple[str, ...]:
    """Return the paths of a variant's model, its golden answers and the weights beside it; none for an unknown one."""
    if name not in family:
        return ()
    variant = family.variant(name)
    golden = () if variant.golden is None else (variant.golden.inputs, variant.golden.outputs)
    return (variant.path, *golden, *external_files(variant.path))[:_MOST_FILES]
