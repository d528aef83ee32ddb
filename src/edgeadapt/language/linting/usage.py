"""Which declared names a policy reads anywhere."""

from __future__ import annotations

from typing import Any, cast

import attrs

from edgeadapt.language.linting.context import Context
from edgeadapt.program import expr as p


def used_names(ctx: Context) -> frozenset[str]:
    """Return the inputs, params and lets that the program refers to, in conditions, scores and constants alike."""
    found: set[str] = set()
    stack: list[object] = [ctx.program]
    while stack:
        item = stack.pop()
        if isinstance(item, (p.InputRef, p.ParamRef, p.LetRef)):
            found.add(item.name)
        elif isinstance(item, tuple):
            stack.extend(item)
        elif attrs.has(type(item)):
            stack.extend(getattr(item, field.name) for field in attrs.fields(cast(Any, type(item))))
    return frozenset(found)
