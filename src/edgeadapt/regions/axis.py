"""One dimension of the space of states: a name, and every value it can take."""

from __future__ import annotations

import attrs

from edgeadapt.regions.values import Values

BOOLEANS = Values.of(0.0, 1.0)


@attrs.frozen(eq=False)
class Axis:
    """A signal, an input or another unknown of a question; two axes are one only if they are the same object.

    A `hidden` axis stands for what boxes can't describe, such as a comparison of two signals: its values are not free of
    the others, so a set that only it tells apart from nothing may be empty after all.
    """

    name: str
    full: Values
    hidden: bool = False

    @property
    def is_optional(self) -> bool:
        """Whether the value may be unknown."""
        return self.full.unknown

    @property
    def is_discrete(self) -> bool:
        """Whether the axis has a few single values (booleans, words) and no ranges."""
        return all(low == high for low, high in self.full.spans)
