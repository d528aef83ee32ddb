"""`frozen`: attrs' decorator of that name for plain values, at less than half its cost on import.

attrs writes and compiles `__repr__`, `__eq__` and `__hash__` for each class, and a cold start spent more on that than on
all the policies it read. Here they are shared functions that go by the class's fields, and behave the same. A class that
sets options uses `attrs.frozen`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from attrs import frozen as frozen
else:
    from operator import attrgetter

    import attrs

    def frozen(cls):
        """Make a class of annotated fields an immutable value."""
        made = attrs.frozen(cls, eq=False, repr=False)
        values = attrgetter("__class__", *(field.name for field in attrs.fields(made) if field.eq))

        def equal(self, other):
            return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

        def hashed(self):
            return hash(values(self))

        made.__eq__, made.__hash__, made.__repr__ = equal, hashed, _repr
        return made

    def _repr(self):
        shown = (field.name for field in attrs.fields(type(self)) if field.repr)
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"
