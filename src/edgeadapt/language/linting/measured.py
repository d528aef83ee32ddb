"""What a family's variants say of themselves, as states on the axes of their attributes."""

from __future__ import annotations

from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.policy_parts import Choice
from edgeadapt.program import expr as p
from edgeadapt.program.program import NamedChoice
from edgeadapt.registry.family import ModelFamily
from edgeadapt.registry.variant import VARIANT_ATTRIBUTES


def declared_family(ctx: Context) -> ModelFamily | None:
    """Return the family that the policy itself declares, where it is at hand: for no other was it written."""
    family = ctx.family
    return family if family is not None and family.name == ctx.program.family else None


def qualifying(ctx: Context, choice: Choice, family: ModelFamily) -> tuple[int, int] | None:
    """Return how many candidates a choice's `where` keeps, and of how many.

    None where that depends on anything but what the family says: signals, inputs, parameters, the host's attributes.
    """
    where = choice.choice.where
    if where is None or ctx.reads(where) or ctx.uses_params(where):
        return None
    names = {node.name: node for node in ctx.all_nodes(where) if isinstance(node, p.AttributeRef)}
    truth = ctx.any.truth(where).true
    if not names or any(axis.hidden for box in truth.boxes for axis in box) or truth.exceeded:
        return None
    if not set(names) <= set(VARIANT_ATTRIBUTES):
        return None
    variants = family.names
    if isinstance(choice.choice, NamedChoice):
        variants = (choice.choice.variant,)
    kept = 0
    for variant in variants:
        state = {ctx.any.axis(node): attribute(family, variant, name) for name, node in names.items()}
        kept += truth.contains(state)
    return kept, len(variants)


def attribute(family: ModelFamily, variant: str, name: str) -> float | None:
    """Return a variant's attribute as an evaluator sees it: canonical, a word as its place; None where unknown."""
    value = family.variant(variant).attribute(name)
    if isinstance(value, str):
        return float(VARIANT_ATTRIBUTES[name].words.index(value))
    return None if value is None else float(value)
