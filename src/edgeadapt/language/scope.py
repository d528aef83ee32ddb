"""The one namespace that signals, inputs, params, lets and candidate attributes share."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

import attrs

from edgeadapt.diagnostics import Span
from edgeadapt.program.expr import AttributeRef, Expr, InputRef, LetRef, ParamRef, SignalRef
from edgeadapt.program.kind import Boolean, Kind, Numeric, Word
from edgeadapt.registry.variant import VARIANT_ATTRIBUTES
from edgeadapt.state.schema import SIGNALS
from edgeadapt.state.signal import Signal, SignalKind
from edgeadapt.units import Dimension


@attrs.frozen
class Entry:
    """What a name stands for; `kind` is None where its own declaration is wrong, and it then spoils nothing else."""

    what: str
    node: Expr
    kind: Kind | None
    span: Span | None = None


def signal_kind(signal: Signal) -> Kind:
    """Return the kind of a device signal."""
    if signal.kind is SignalKind.BOOLEAN:
        return Boolean()
    if signal.kind is SignalKind.WORD:
        return Word(signal.words, signal.ordered)
    return Numeric(signal.dimension or Dimension.NUMBER)


def device_scope() -> dict[str, Entry]:
    """Return the names every policy starts with: signals and candidate attributes."""
    scope = {
        name: Entry("a signal", SignalRef(name), signal_kind(signal)) for name, signal in SIGNALS.items()
    }
    for name, row in VARIANT_ATTRIBUTES.items():
        kind: Kind = Word(row.words, True) if row.words else Numeric(row.dimension or Dimension.NUMBER)
        scope[name] = Entry("a candidate's attribute", AttributeRef(name), kind)
    return scope


def user_entry(what: str, name: str, kind: Kind | None, span: Span) -> Entry:
    """Return the entry of a name that the author declares: an input, a param or a let."""
    node: Expr = (
        InputRef(name) if what == "an input" else ParamRef(name) if what == "a param" else LetRef(name)
    )
    return Entry(what, node, kind, span)


def nearest(name: str, known: Mapping[str, object] | tuple[str, ...], what: str) -> str:
    """Say which known name is meant, or list them where they are few."""
    if name in ("yes", "on"):
        return "write `true`"
    if name in ("no", "off"):
        return "write `false`"
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.7)
    if near:
        return f"did you mean `{near[0]}`?"
    listed = ", ".join(known)
    return f"{what}: {listed}" if 0 < len(listed) <= 160 else f"declare it first; {what} are in the reference"
