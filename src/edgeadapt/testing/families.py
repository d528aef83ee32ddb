"""Families for Hypothesis, drawn from the schema of variant attributes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from edgeadapt.registry.family import ModelFamily
from edgeadapt.registry.variant import VARIANT_ATTRIBUTES, AttributeKind, VariantAttribute, VariantMetadata

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@st.composite
def families(
    draw: st.DrawFn, *, names: Sequence[str] | None = None, max_variants: int = 6, unknowns: bool = True
) -> ModelFamily:
    """Draw a family whose variants have any metadata; their model files do not exist.

    `names` sets the variants' names; `unknowns=False` fills every attribute.
    """
    drawn = st.lists(
        st.text(_LETTERS, min_size=1, max_size=8), min_size=1, max_size=max_variants, unique=True
    )
    family = ModelFamily("drawn")
    for name in draw(drawn) if names is None else names:
        metadata: dict[str, Any] = {}
        for row in VARIANT_ATTRIBUTES.values():
            metadata[row.attribute] = draw(st.none() | _values(row) if unknowns else _values(row))
        family.add_variant(name, f"{name}.onnx", metadata=VariantMetadata(**metadata))
    return family


def _values(row: VariantAttribute) -> st.SearchStrategy[Any]:
    if row.kind is AttributeKind.WORD:
        return st.sampled_from(row.words)
    return st.floats(row.low, row.high)
