"""How far the demo is: a bar on a terminal, a plain line a stage elsewhere."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Protocol

Say = Callable[[str], None]
Tick = Callable[[float], None]


class Progress(Protocol):
    """Shows stages, one at a time."""

    def stage(self, text: str, seconds: float | None) -> contextlib.AbstractContextManager[Tick]:
        """Show a stage of about so many seconds while inside; the tick is told how many have passed."""


class PlainProgress:
    """Says each stage once it is over, and how long it took."""

    def __init__(self, say: Say) -> None:
        self._say = say

    @contextlib.contextmanager
    def stage(self, text: str, seconds: float | None) -> Iterator[Tick]:  # noqa: ARG002 - only a bar needs the length
        """Say the stage when it has ended."""
        started = time.perf_counter()
        yield lambda _: None
        self._say(f"  {text:<46} {time.perf_counter() - started:5.1f} s")


class BarProgress:
    """Draws a bar on the terminal while a stage lasts, then leaves its line."""

    def __init__(self, say: Say) -> None:
        self._plain = PlainProgress(say)

    @contextlib.contextmanager
    def stage(self, text: str, seconds: float | None) -> Iterator[Tick]:
        """Draw the stage."""
        # Imported here: a demo without a terminal does not need it.
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as RichProgress

        columns = (TextColumn("  {task.description:<46}"), BarColumn(bar_width=24))
        # Few frames a second: drawing takes processor time from what is measured.
        with self._plain.stage(text, seconds):
            bars = RichProgress(*columns, console=Console(stderr=True), transient=True, refresh_per_second=4)
            with bars:
                task = bars.add_task(text, total=seconds)
                yield lambda passed: bars.tasks[task].__setattr__("completed", passed)
