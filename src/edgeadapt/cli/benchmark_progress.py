"""How far a benchmark is: a bar on standard error where that is a terminal, nothing elsewhere."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

from edgeadapt.benchmark.runner import Progress
from edgeadapt.cli.output.terminal import printable, wants_colour


@contextlib.contextmanager
def progress() -> Iterator[Progress | None]:
    """Show a bar while inside; it is told how many runs are done, of how many, and what is measured now."""
    if not sys.stderr.isatty():
        yield None
        return
    # Imported here: nobody else needs it.
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    console = Console(stderr=True, no_color=not wants_colour(sys.stderr))
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    # Few frames a second: drawing takes processor time from what is measured.
    with Bars(*columns, console=console, transient=True, refresh_per_second=2) as bars:
        task = bars.add_task("starting", total=None)

        def told(done: int, total: int, variant: str) -> None:
            bars.update(task, completed=done, total=total, description=escape(printable(variant)))

        yield told
