"""`profile --watch`: the snapshots as they come, a table in its place on a terminal, a plain line each elsewhere."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from edgeadapt.cli.output.terminal import say
from edgeadapt.cli.output.words import span, value_words
from edgeadapt.state import SIGNALS, DeviceState

if TYPE_CHECKING:
    from rich.console import Console, Group

Show = Callable[[DeviceState], None]


@contextlib.contextmanager
def watching(console: Console | None = None) -> Iterator[Show]:
    """Give what shows a snapshot; on a terminal the last table stays when it is over."""
    if console is None and not (sys.stdout.isatty() and os.environ.get("TERM") != "dumb"):
        yield lambda state: say(watch_line(state))
        return
    # Imported here: without a terminal it is not needed.
    from rich.console import Console as RichConsole
    from rich.live import Live

    # Drawn by who measures, when it has measured: a thread of its own would take processor time from what is shown.
    with Live(console=console or RichConsole(), auto_refresh=False) as live:
        yield lambda state: live.update(_table(state), refresh=True)


def watch_line(state: DeviceState) -> str:
    """Write what a snapshot knows, in one line."""
    known = [f"{name} {value_words(state, name)}" for name in SIGNALS if state.value(name) is not None]
    return f"{span(state.timestamp)}: " + (", ".join(known) or "nothing is known")


def _table(state: DeviceState) -> Group:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    # Without lines: a terminal need not have their characters.
    table = Table("signal", "value", box=None, padding=(0, 2, 0, 0))
    for name in SIGNALS:
        if state.value(name) is not None:
            is_clamped = name in state.clamped
            words = value_words(state, name) + (" (clamped: it was out of its range)" if is_clamped else "")
            table.add_row(Text(name), Text(words, style="yellow" if is_clamped else ""))
    unknown = ", ".join(name for name in SIGNALS if state.value(name) is None)
    below = Text(f"after {span(state.timestamp)}; Ctrl-C ends it\nunknown here: {unknown}", style="dim")
    return Group(table, below)
