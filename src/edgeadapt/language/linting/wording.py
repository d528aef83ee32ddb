"""Values and ranges in a lint's words."""

from __future__ import annotations

from edgeadapt.language.linting.context import Context, Named
from edgeadapt.program import expr as p
from edgeadapt.program.kind import Numeric
from edgeadapt.regions import Axis
from edgeadapt.registry.variant import VARIANT_ATTRIBUTES
from edgeadapt.state import SIGNALS
from edgeadapt.units import Dimension, format_quantity


def dimension_of(ctx: Context, name: Named | p.AttributeRef) -> Dimension:
    """Return a name's dimension; a number where it has none."""
    if isinstance(name, p.AttributeRef):
        row = VARIANT_ATTRIBUTES.get(name.name)
        return (row.dimension if row is not None else None) or Dimension.NUMBER
    if isinstance(name, p.SignalRef):
        return SIGNALS[name.name].dimension or Dimension.NUMBER
    kind = next(i.kind for i in ctx.program.inputs if i.name == name.name)
    return kind.dimension if isinstance(kind, Numeric) else Dimension.NUMBER


def listed(names: list[str]) -> str:
    """Join names in backticks: `a`, `b` and `c`."""
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def range_text(axis: Axis, dimension: Dimension) -> str:
    """Write an axis's range: `0% to 100%`."""
    low, high = axis.full.spans[0]
    return f"{format_quantity(low, dimension)} to {format_quantity(high, dimension)}"


def time_text(milliseconds: float) -> str:
    """Write a duration: `10 s`."""
    return format_quantity(milliseconds, Dimension.TIME)


def state_text(ctx: Context, state: dict[Axis, float | None]) -> str:
    """Write a state of the first step for a message: `battery = 10%, charging = false`."""
    return ", ".join(f"{axis.name} = {_value(ctx, axis, value)}" for axis, value in state.items())


def _value(ctx: Context, axis: Axis, value: float | None) -> str:
    if value is None:
        return "unknown"
    signal = SIGNALS.get(axis.name)
    words = signal.words if signal is not None else _words(ctx, axis.name)
    if words:
        return words[int(value)]
    if axis.is_discrete:
        return "true" if value else "false"
    name: Named = p.InputRef(axis.name) if signal is None else p.SignalRef(axis.name)
    return format_quantity(value, dimension_of(ctx, name))


def _words(ctx: Context, name: str) -> tuple[str, ...]:
    kind = next((i.kind for i in ctx.program.inputs if i.name == name), None)
    return getattr(kind, "words", ())
