"""Draws what `swap_picture.py` measured: ours on the left, the naive way on the right, both on the same axes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from readers import percentile
from swapping import Record

from edgeadapt.demo.panels import FAINT, INK, headline, legend, new_figure, plain, save, title

OURS, NAIVE = "EdgeAdapt", "thread with a lock"
_COLOURS = {OURS: "#2f7f8f", NAIVE: "#d98324"}
_LOADING, _LARGE = "#d9d9d9", "#f3f3f3"
_MS_TICKS = (1, 10, 100, 1000)


def draw(
    records: dict[str, Record],
    phases: dict[str, dict[str, list[float]]],
    memory: dict[str, list[float]],
    path: Path,
) -> None:
    """Write the picture; raises ImportError without matplotlib, OSError where it can't write."""
    figure = new_figure(13, 10.5)
    grid = figure.add_gridspec(3, 2, height_ratios=(2.4, 1.2, 1.9))
    headline(figure, "Swaps between a small model and one of 100 MB, under load")
    figure.text(
        0.5,
        0.958,
        "a request every 10 ms, timed from when it was due; dark grey: the large model loads; light grey: it serves",
        ha="center",
        fontsize=11,
        color=FAINT,
    )
    slowest = max(value for record in records.values() for _, value in record.answers) * 1e3
    latest = max(value for record in records.values() for _, value in record.beats) * 1e3
    for column, (name, record) in enumerate(records.items()):
        answers, beats = (figure.add_subplot(grid[row, column]) for row in (0, 1))
        _answers(answers, name, record, slowest)
        _beats(beats, name, record, latest)
    _memory(figure.add_subplot(grid[2, 0]), memory)
    _phases(figure.add_subplot(grid[2, 1]), phases, slowest)
    save(figure, path)


def _times(panel: Any, record: Record, *, named: bool) -> float:
    """Shade the loads, and return when the time axis starts."""
    zero = record.served[0].start_s
    for spans, colour in ((record.served, _LARGE), (record.loads, _LOADING)):
        for span in spans:
            if span.variant == "large":
                panel.axvspan(span.start_s - zero, span.end_s - zero, color=colour, linewidth=0, zorder=0)
    panel.set_xlim(0, record.loads[-1].end_s - zero + 0.1)
    plain(panel, "y")
    if named:
        panel.set_xlabel("seconds", fontsize=9, color=FAINT)
    else:
        panel.set_xticklabels([])
    return zero


def _answers(panel: Any, name: str, record: Record, slowest: float) -> None:
    title(panel, f"{name}: time to each answer, ms")
    zero = _times(panel, record, named=False)
    shown = [(due - zero, 1e3 * late) for due, late in record.answers if due >= zero]
    panel.plot(*zip(*shown, strict=True), ".", color=_COLOURS[name], markersize=3.5)
    _log_ms(panel, slowest)


def _log_ms(panel: Any, slowest: float) -> None:
    panel.set_yscale("log")
    panel.set_ylim(0.5, 1.5 * slowest)
    ticks = [tick for tick in _MS_TICKS if tick < 1.5 * slowest]
    panel.set_yticks(ticks, [str(tick) for tick in ticks])
    panel.minorticks_off()


def _beats(panel: Any, name: str, record: Record, latest: float) -> None:
    title(panel, f"{name}: how late a Python heartbeat is, ms")
    zero = _times(panel, record, named=True)
    shown = [(due - zero, 1e3 * late) for due, late in record.beats if due >= zero]
    panel.vlines([at for at, _ in shown], 0, [late for _, late in shown], color=_COLOURS[name], linewidth=0.8)
    panel.set_ylim(0, 1.1 * max(latest, 5))


def _memory(panel: Any, memory: dict[str, list[float]]) -> None:
    title(panel, "Resident memory, MB")
    for name, values in memory.items():
        panel.plot(range(len(values)), values, color=_COLOURS[name], linewidth=0.6, alpha=0.45)
        panel.plot(range(len(values)), _highest_near(values), color=_COLOURS[name], linewidth=2, label=name)
    panel.set_ylim(0, 1.08 * max(max(values) for values in memory.values()))
    panel.set_xlim(0, max(len(values) for values in memory.values()) - 1)
    panel.set_xlabel(
        "after each swap among three models of up to 30 MB; thick: the highest nearby",
        fontsize=9,
        color=FAINT,
    )
    plain(panel, "y")
    legend(panel)


def _highest_near(values: Sequence[float], reach: int = 6) -> list[float]:
    return [max(values[max(0, place - reach) : place + reach + 1]) for place in range(len(values))]


def _phases(panel: Any, phases: dict[str, dict[str, list[float]]], slowest: float) -> None:
    title(panel, "Answers around a swap, ms")
    names = list(next(iter(phases.values())))
    for offset, (name, of) in zip((-0.19, 0.19), phases.items(), strict=True):
        for place, phase in enumerate(names):
            median, high, most = (percentile(of[phase], percent) for percent in (50, 99, 100))
            at = place + offset
            panel.bar(at, high - 0.5, 0.34, bottom=0.5, color=_COLOURS[name], label=None if place else name)
            panel.plot([at, at], [high, most], color=_COLOURS[name], linewidth=1.5)
            panel.plot([at - 0.17, at + 0.17], [median, median], color="white", linewidth=2)
            panel.text(
                at,
                1.12 * most,
                f"{high:.3g}" if high < 1000 else f"{high:.0f}",
                ha="center",
                fontsize=9,
                color=INK,
            )
    _log_ms(panel, 1.6 * slowest)
    panel.set_xticks(range(len(names)), [name.replace(": ", "\n") for name in names])
    panel.set_xlabel("white: median; bar, with its figure: p99; line: the slowest", fontsize=9, color=FAINT)
    plain(panel, "y")
    legend(panel)
