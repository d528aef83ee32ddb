from __future__ import annotations

import re

from edgeadapt.observability import Event


def kinds() -> list[str]:
    return [kind.kind for kind in Event.__subclasses__() if "__attrs_attrs__" in vars(kind)]


def test_every_kind_has_a_name_of_its_own_with_a_version() -> None:
    names = set(kinds())
    assert names
    assert all(re.fullmatch(r"[a-z_]+\.v[1-9]", name) for name in names)
    types = {kind.__name__ for kind in Event.__subclasses__()}
    assert len(names) == len(types)
