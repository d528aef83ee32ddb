"""`profile --reasons`: each signal's value, or why it is unknown, and the files that tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from edgeadapt.cli.output.columns import columns
from edgeadapt.cli.output.words import value_words
from edgeadapt.state import SIGNALS, DeviceState

_MOST_FILES = 4


def reasons_table(
    state: DeviceState, reasons: Mapping[str, str], sources: Mapping[str, Sequence[str]]
) -> list[str]:
    """Lay out every signal, each file on a line of its own below what it told."""
    rows: list[tuple[str, str]] = []
    for name in SIGNALS:
        is_known = state.value(name) is not None
        rows.append((name, value_words(state, name) if is_known else f"unknown: {reasons.get(name, '')}"))
        files = sources.get(name, ())
        shown = files if len(files) <= _MOST_FILES else files[: _MOST_FILES - 1]
        rows += [("", f"  {file}") for file in shown]
        if len(shown) < len(files):
            rows.append(("", f"  and {len(files) - len(shown)} more"))
    return columns(rows, ("signal", "value, and where it was read or looked for"))
