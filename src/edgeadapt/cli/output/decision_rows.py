"""When which variant serves, as a table for a person and as JSON data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from edgeadapt.cli.output.columns import columns
from edgeadapt.cli.output.state_words import region_words, values_data
from edgeadapt.cli.output.terminal import printable
from edgeadapt.program.kind import Numeric
from edgeadapt.program.program import Program
from edgeadapt.runtime.session import OTHERWISE
from edgeadapt.tooling.decision_table import DecisionTable, Row
from edgeadapt.units import CANONICAL_UNIT, Dimension, format_quantity

_MOST_BOXES = 6


def table_lines(table: DecisionTable) -> list[str]:
    """Lay out the rows, each with its states, and below them what it takes and what ends it."""
    lines: list[tuple[str, str, str]] = []
    for row in table.rows:
        states = _states(row, table)
        lines.append((printable(row.variant), row.rule, states[0]))
        lines += [("", "", f"or {text}") for text in states[1:]]
        timing = _timing(row)
        if timing:
            lines.append(("", "", f"  {timing}"))
    return columns(lines, ("serves", "by", "when"))


def _states(row: Row, table: DecisionTable) -> list[str]:
    if row.region.exceeded:
        return ["in too many kinds of states to list; ask `edgeadapt dry-run` for one"]
    texts = region_words(row.region, table.kinds)
    if texts == [""]:
        is_alone = len(table.rows) == 1 and not table.too_many
        return [
            "always" if is_alone else "otherwise" if row.rule == OTHERWISE else "always, if no row above fits"
        ]
    shown = texts[:_MOST_BOXES]
    return shown if len(shown) == len(texts) else [*shown, f"{len(texts) - len(shown)} more kinds of states"]


def _timing(row: Row) -> str:
    parts = [f"once that has lasted {_time(row.for_ms)}"] if row.for_ms else []
    if row.hold_ms:
        parts.append(f"stays {_time(row.hold_ms)} at least")
    lasting = f" for {_time(row.linger_ms)}" if row.linger_ms else ""
    if row.until:
        parts.append(f"until {row.until}{lasting}")
    elif lasting:
        parts.append(f"until that is over{lasting}")
    return "; ".join(parts)


def _time(milliseconds: float) -> str:
    return format_quantity(milliseconds, Dimension.TIME)


def choice_lines(table: DecisionTable) -> Iterator[str]:
    """Say what each rule picks by, once a choice."""
    rows = dict.fromkeys((row.rule, f"use {row.choice}") for row in table.rows)
    yield from columns(list(rows))


def table_data(table: DecisionTable, program: Program) -> dict[str, Any]:
    """Return the table as JSON data; values are canonical, an axis that is left out may be anything."""
    return {
        "policy": program.name,
        "rows": [_row_data(row, table) for row in table.rows],
        "units": {
            name: CANONICAL_UNIT[knob.kind.dimension]
            for name, knob in table.kinds.items()
            if isinstance(knob.kind, Numeric)
        },
        "never": list(table.never),
        "sampled": list(table.sampled),
        "too_many": list(table.too_many),
    }


def _row_data(row: Row, table: DecisionTable) -> dict[str, Any]:
    return {
        "variant": row.variant,
        "rule": row.rule,
        "choice": row.choice,
        "when": None if row.region.exceeded else _states(row, table),
        "states": [
            {axis.name: dict(values_data(values, table.kinds[axis.name])) for axis, values in box.items()}
            for box in row.region.boxes
        ],
        "for_ms": row.for_ms,
        "hold_ms": row.hold_ms,
        "linger_ms": row.linger_ms,
        "until": row.until or None,
    }
