"""A recording as a value: rows of a device state and the host's inputs at that moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import attrs

from edgeadapt.state import DeviceState

TIMESTAMP_NAMES = ("timestamp", "t", "time")
_NOTHING: Mapping[str, Any] = MappingProxyType({})


def _frozen(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(dict(inputs)) if inputs else _NOTHING


@attrs.frozen
class TraceRow:
    """One moment: the state, and every host input the row gives, None where it gives it as unknown.

    A number among the inputs is in its dimension's canonical unit.
    """

    state: DeviceState
    inputs: Mapping[str, float | bool | str | None] = attrs.field(
        default=_NOTHING, converter=_frozen, hash=False
    )


def _some(_trace: Trace, _field: attrs.Attribute[Any], rows: tuple[TraceRow, ...]) -> None:
    if not rows:
        raise ValueError("a trace has at least one row")


@attrs.frozen
class Trace:
    """Rows in the order they were recorded, at least one, else ValueError; timestamps may go back.

    `input_names` lists the columns that are no signals: what the host fed, or a misspelt signal.
    """

    rows: tuple[TraceRow, ...] = attrs.field(validator=_some)
    input_names: tuple[str, ...] = ()
    name: str = ""

    @classmethod
    def of(cls, rows: Iterable[TraceRow | DeviceState], name: str = "") -> Trace:
        """Make a trace of rows or bare states; raises ValueError where there are none."""
        made = tuple(row if isinstance(row, TraceRow) else TraceRow(row) for row in rows)
        return cls(made, tuple(dict.fromkeys(key for row in made for key in row.inputs)), name)

    @property
    def duration_s(self) -> float:
        """Seconds from the first timestamp to the latest one."""
        first = self.rows[0].state.timestamp
        return max(row.state.timestamp for row in self.rows) - first
