"""The format's shape is written down here: it changes only together with its version."""

from __future__ import annotations

import hashlib
import typing

from edgeadapt.program import expr, kind, program
from edgeadapt.program.compiled.envelope import FORMAT_VERSION
from edgeadapt.program.compiled.nodes import HELD, TAGS, fields

SHAPE = {1: "045899a695bacb1f"}


def test_every_node_has_a_tag_of_its_own() -> None:
    classes = {
        cls
        for module in (expr, kind, program)
        for cls in vars(module).values()
        if isinstance(cls, type) and hasattr(cls, "__attrs_attrs__")
    }
    assert set(TAGS) == classes
    assert set(typing.get_args(expr.Expr)) < classes
    assert len({*TAGS.values(), HELD}) == len(TAGS) + 1


def test_another_shape_is_another_version() -> None:
    shape = [(tag, [name for name, _ in fields(cls)]) for cls, tag in TAGS.items()]
    found = hashlib.sha256(repr(shape).encode()).hexdigest()[:16]
    assert found == SHAPE[FORMAT_VERSION], "raise FORMAT_VERSION, and add its shape here"
