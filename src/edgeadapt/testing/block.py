"""A trace → a `test` block of the language, exact to the last bit, ready to paste into its policy."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from edgeadapt.diagnostics import Span
from edgeadapt.language import tree as t
from edgeadapt.language.formatter import format_tree
from edgeadapt.language.trials import PolicyTest
from edgeadapt.program.kind import Kind, Numeric, Word
from edgeadapt.program.program import Program
from edgeadapt.runtime.evaluate import Value
from edgeadapt.state import SIGNALS
from edgeadapt.units import CANONICAL_UNIT, Dimension, to_canonical

_NOWHERE = Span(0, 0)
_READABLE = {
    Dimension.MEMORY: ("MB", "GB", "kB"),
    Dimension.TIME: ("ms", "s", "min", "h"),
    Dimension.POWER: ("W", "mW"),
    Dimension.FREQUENCY: ("MHz", "GHz", "kHz", "Hz"),
}


def test_block(program: Program, test: PolicyTest) -> str:
    """Write a test in canonical form, indented as inside its policy."""
    kinds: dict[str, Kind] = {it.name: it.kind for it in program.inputs}
    steps = tuple(
        t.Step(
            t.Number(decimal(Decimal(step.at_ns).scaleb(-9)), "s", _NOWHERE),
            tuple(
                t.Assign(_ident(name), _literal(kinds, name, value), _NOWHERE) for name, value in step.assigns
            ),
            None if step.expect is None else _ident(step.expect),
            _NOWHERE,
        )
        for step in test.steps
    )
    block = t.TestDecl(_ident(test.name), steps, _NOWHERE)
    printed = format_tree(t.PolicyTree(None, _ident("p"), "", (block,), _NOWHERE))
    return "".join(printed.splitlines(keepends=True)[1:-1])


test_block.__test__ = False  # type: ignore[attr-defined] # pytest would take an imported one for a test


def decimal(value: Decimal) -> str:
    """Write a number as the language does: digits and at most a point."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _literal(kinds: Mapping[str, Kind], name: str, value: Value) -> t.Literal | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return t.Bool(value, _NOWHERE)
    kind = kinds.get(name)
    signal = SIGNALS[name] if kind is None else None
    words = kind.words if isinstance(kind, Word) else signal.words if signal is not None else ()
    if words:
        return t.Name(words[int(value)], _NOWHERE)
    dimension = (
        kind.dimension if isinstance(kind, Numeric) else signal.dimension if signal is not None else None
    )
    assert dimension is not None
    return number(value, dimension)


def number(value: float, dimension: Dimension) -> t.Number:
    """Write a canonical value in the unit that makes it shortest, where that means the same double."""
    unit = CANONICAL_UNIT[dimension] or None
    written = [(decimal(Decimal(repr(value))), unit)]
    for other in _READABLE.get(dimension, ()):
        scaled = decimal(Decimal(repr(value / to_canonical("1", other))))
        if to_canonical(scaled, other) == value:
            written.append((scaled, other))
    digits, unit = min(written, key=lambda it: len(it[0]))
    return t.Number(digits, unit, _NOWHERE)


def _ident(text: str) -> t.Ident:
    return t.Ident(text, _NOWHERE)
