"""A host's own adapters, as they are given: a variant's name to a function before its model and one after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from edgeadapt.registry.family import ModelFamily
from edgeadapt.wording import did_you_mean, shown

Before = Callable[[Any], Any]
After = Callable[[Any], Any]
Functions = tuple[Before | None, After | None]

_FORM = 'a pair of functions, before and after the model, such as {"small": (shrink, None)}'


def checked_adapters(
    family: ModelFamily, adapters: Mapping[str, tuple[Before | None, After | None]] | None
) -> dict[str, Functions]:
    """Return the adapters as pairs; raises TypeError or ValueError for what is none, or for a variant that can't have it."""
    if adapters is None:
        return {}
    if not isinstance(adapters, Mapping):
        raise TypeError(f"`adapters` gives variants by name {_FORM}, not {shown(adapters)}")
    return {name: _checked(family, name, adapter) for name, adapter in adapters.items()}


def _checked(family: ModelFamily, name: Any, adapter: Any) -> Functions:
    if not isinstance(name, str) or name not in family:
        remedy = did_you_mean(name, family.names, "it has")
        raise ValueError(
            f"`adapters` names {shown(name)}, which family {shown(family.name)} has not; {remedy}"
        )
    if family.variant(name).adapter is not None:
        raise ValueError(
            f"variant {shown(name)} has an adapter in `adapters` and one in the family; keep one of them"
        )
    if not isinstance(adapter, (tuple, list)):
        raise TypeError(f"`adapters` gives {shown(name)} {shown(adapter)} where it takes {_FORM}")
    if len(adapter) != 2:
        raise ValueError(f"`adapters` gives {shown(name)} {len(adapter)} items where it takes {_FORM}")
    for side, function in zip(("before", "after"), adapter, strict=True):
        if function is not None and not callable(function):
            raise TypeError(
                f"`adapters` gives {shown(name)} {shown(function)} {side} its model; it takes a function, or None"
            )
    return adapter[0], adapter[1]
