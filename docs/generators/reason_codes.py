"""Writes the tables of reason codes, counters and events from the engine's own."""

from __future__ import annotations

from docs.generators.markdown import table
from edgeadapt.observability import COUNTERS, OUTCOMES, Event


def codes() -> str:
    """Return the table of reason codes."""
    return table(
        ["code", "event", "counters", "meaning"],
        [
            [
                f"`{outcome.code}`",
                f"`{outcome.event}`",
                ", ".join(f"`{counter}`" for counter in outcome.counters),
                outcome.meaning,
            ]
            for outcome in OUTCOMES
        ],
    )


def counters() -> str:
    """Return the table of counters."""
    return table(["counter", "counts"], [[f"`{name}`", meaning] for name, meaning in COUNTERS.items()])


def events() -> str:
    """Return the table of kinds of events."""
    kinds = sorted(Event.__subclasses__(), key=lambda kind: kind.kind)
    return table(
        ["event", "meaning"],
        [
            [f"`{kind.kind}`", (kind.__doc__ or "").splitlines()[0]]
            for kind in kinds
            if "__attrs_attrs__" in vars(kind)
        ],
    )
