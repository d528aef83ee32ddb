"""`edgeadapt profile`: what this device measures now, as a table or data, as a stream, or recorded as a trace."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import click

from edgeadapt.cli.arguments.options import file_option
from edgeadapt.cli.failure import Misuse
from edgeadapt.cli.output.terminal import say, tell

if TYPE_CHECKING:
    from edgeadapt.profiler.port import PlatformProfiler

# Processor time is counted in ticks of 10 ms: fewer than 20 tell next to nothing.
_CPU_SAMPLE_S = 0.3
_LONGEST_INTERVAL_S = 86_400.0


@click.command("profile")
@click.option("--reasons", is_flag=True, help="Say why a signal is unknown, and where each one was read.")
@click.option("--json", "as_data", is_flag=True, help="Print JSON: a document, or one line a snapshot.")
@click.option("--interval", metavar="TIME", help="Go on, a snapshot every TIME: 1, 500ms. Ctrl-C ends it.")
@click.option(
    "--duration", metavar="TIME", help="Go on for TIME: 30s, 10min; without --interval every second."
)
@file_option("--record", help="Go on, into a trace for `dry-run` and `run`, .csv or .jsonl.")
@click.option(
    "--watch", is_flag=True, help="Go on, as a table that is drawn anew, every second or --interval."
)
def profile(
    reasons: bool, as_data: bool, interval: str | None, duration: str | None, record: str | None, watch: bool
) -> int:
    """Show what this device measures: every signal that a policy can read, or that it is unknown.

    With --interval or --duration it prints one JSON object a snapshot: a trace, whose time starts at 0 and which leaves
    out what is unknown. --record writes the same to a file, and prints it only with --json. --watch shows a table in place
    of the JSON, or a plain line a snapshot where the output is no terminal.

    \b
    Examples:
      edgeadapt profile --reasons
      edgeadapt profile --interval 1s --duration 1min > minute.jsonl
      edgeadapt profile --record day.csv --interval 10s
      edgeadapt profile --watch

    Exit codes: 0 shown; 2 wrong use, or a file that can't be written.
    """  # noqa: D301 - click wants the backspace itself, which keeps the lines below it apart
    # Imported here, so that `--help` and a wrong call cost nothing of it.
    from edgeadapt.cli.arguments.values import seconds_of
    from edgeadapt.profiler.base import get_profiler
    from edgeadapt.profiler.sources import TellsSources

    every = 1.0 if interval is None else seconds_of(interval, "--interval")
    if not 0 < every <= _LONGEST_INTERVAL_S:
        raise Misuse("--interval must be more than 0 and at most 24 h", "give a time such as 1s")
    length = None if duration is None else seconds_of(duration, "--duration")
    streams = watch or interval is not None or duration is not None or record is not None
    if streams and reasons:
        raise Misuse("--reasons speaks of one snapshot", "leave out what makes it go on")
    if watch and as_data:
        raise Misuse("--watch is a table and --json is data", "leave out one of them")
    try:
        profiler = get_profiler()
    except ImportError as error:
        raise Misuse(str(error)) from None
    with profiler:
        if streams:
            _go_on(profiler, every, length, record, watch=watch, as_data=as_data)
            return 0
        time.sleep(_CPU_SAMPLE_S)
        state = profiler.snapshot()
        why = dict(profiler.reasons())
        sources = dict(profiler.sources()) if isinstance(profiler, TellsSources) else {}
    for name in state.clamped:
        tell("warning", f"`{name}` is out of its range and taken as its nearest end")
    # The schema and the layout are not needed to refuse a call.
    from edgeadapt.cli.output.columns import columns, wrapped
    from edgeadapt.cli.output.words import value_words
    from edgeadapt.state import SIGNALS

    values = {name: state.value(name) for name in SIGNALS}
    if as_data:
        data = {"timestamp": state.timestamp, "signals": values, "reasons": why, "sources": sources}
        say(json.dumps(data, indent=2))
        return 0
    if reasons:
        from edgeadapt.cli.profile_reasons import reasons_table

        say("\n".join(reasons_table(state, why, sources)))
        return 0
    known = [(name, value_words(state, name)) for name, value in values.items() if value is not None]
    unknown = [name for name, value in values.items() if value is None]
    say("\n".join(columns(known, ("signal", "value"))))
    if unknown:
        say("\n" + "\n".join(wrapped("Unknown here: ", ", ".join(unknown))))
        tell("hint", "--reasons says why")
    return 0


def _go_on(
    profiler: PlatformProfiler,
    every_s: float,
    length_s: float | None,
    record: str | None,
    *,
    watch: bool,
    as_data: bool,
) -> None:
    from edgeadapt.cli.profile_stream import show_json, stream

    if not watch:
        show = show_json if as_data or record is None else None
        stream(profiler, every_s, length_s, record, sample_s=_CPU_SAMPLE_S, show=show)
        return
    from edgeadapt.cli.profile_watch import watching

    with watching() as show_state:
        stream(profiler, every_s, length_s, record, sample_s=_CPU_SAMPLE_S, show=show_state)
