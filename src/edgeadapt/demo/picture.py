"""The day as one picture: what the device felt, which rules were on, what served, how late, and what it all came to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from edgeadapt.demo.day import clock_text
from edgeadapt.demo.outcome import Outcome
from edgeadapt.demo.panels import BROKEN, FAINT, INK, headline, legend, new_figure, plain, save, title

if TYPE_CHECKING:
    from edgeadapt.demo.accounting import Totals
    from edgeadapt.demo.runs import PolicyRun

_COLOURS = ("#7aa6c2", "#2f7f8f", "#e0a030", "#b5651d", "#7b3f61")
_PENDING, _ACTIVE, _ENDING = "#f3cf8e", "#c8553d", "#e8a798"


def draw(outcome: Outcome, path: Path) -> None:
    """Draw the outcome as a PNG file; raises ImportError without matplotlib, OSError where it can't write."""
    figure = new_figure(13, 14.5)
    rules = [name for name, _ in outcome.run.steps[0].phases] if outcome.run.steps else []
    heights = [1.7, 1.7, 0.3 * len(rules) + 0.4, 1.9, 2.5, 2.4]
    grid = figure.add_gridspec(6, 2, height_ratios=heights, width_ratios=(1.6, 1))
    panels = [figure.add_subplot(grid[row, :]) for row in range(5)]
    _headline(figure, outcome)
    _charge(panels[0], outcome)
    _heat(panels[1], outcome)
    _phases(panels[2], outcome, rules)
    _served(panels[3], outcome)
    _latencies(panels[4], outcome)
    for panel in panels:
        _hours(panel, outcome, named=panel in (panels[1], panels[4]))
    _answers(figure.add_subplot(grid[5, 0]), outcome)
    _effort(figure.add_subplot(grid[5, 1]), outcome)
    save(figure, path)


def _headline(figure: Any, outcome: Outcome) -> None:
    day, policy = outcome.day, outcome.policy
    headline(
        figure,
        f"A phone's day under the policy {outcome.policy_name}: {policy.requests:,} requests, {policy.dropped} dropped, "
        f"{sum(not swap.failed for swap in outcome.run.swaps)} swaps",
    )
    figure.text(
        0.5,
        0.967,
        f"{clock_text(day.start_s)} to {clock_text(day.end_s)}, played in {day.play_s:.3g} s",
        ha="center",
        fontsize=11,
        color=FAINT,
    )


def _hours(panel: Any, outcome: Outcome, *, named: bool) -> None:
    first, last = outcome.day.start_s / 3600, outcome.day.end_s / 3600
    panel.set_xlim(first, last)
    ticks = range(int(first), int(last) + 1)
    panel.set_xticks(list(ticks), [f"{hour % 24}:00" if named else "" for hour in ticks])
    plain(panel)


def _rows(outcome: Outcome) -> tuple[list[float], list[Any]]:
    states = [row.state for row in outcome.day.trace.rows]
    return [state.timestamp / 3600 for state in states], states


def _charge(panel: Any, outcome: Outcome) -> None:
    hours, states = _rows(outcome)
    title(panel, "Battery and processor, % (simulated signals)")
    panel.fill_between(
        hours, [state.cpu_utilization_pct for state in states], color="#c9d3da", linewidth=0, label="cpu"
    )
    panel.plot(hours, [state.battery_pct for state in states], color="#3d7d3d", linewidth=2, label="battery")
    for start, end in _spans(hours, [bool(state.is_charging) for state in states]):
        panel.axvspan(start, end, ymin=0.0, ymax=0.04, color="#3d7d3d", linewidth=0, label="charging")
    panel.set_ylim(0, 104)
    legend(panel)


def _heat(panel: Any, outcome: Outcome) -> None:
    hours, states = _rows(outcome)
    title(panel, "Temperature, °C, and available memory, GB (simulated signals)")
    (hot,) = panel.plot(
        hours, [state.thermal_zone_c for state in states], color="#c8553d", linewidth=2, label="temperature"
    )
    panel.set_ylim(12, 90)
    other = panel.twinx()
    (free,) = other.plot(
        hours,
        [(state.available_ram_mb or 0) / 1000 for state in states],
        color="#5b6bb5",
        linewidth=1.6,
        label="memory",
    )
    other.set_ylim(-0.25, 2.4)
    plain(other)
    legend(panel, [hot, free])


def _phases(panel: Any, outcome: Outcome, rules: Sequence[str]) -> None:
    title(panel, "Rules, by priority from the top: pending (light), active, ending")
    hours = [step.time_of_day_s / 3600 for step in outcome.run.steps]
    for place, rule in enumerate(rules):
        phases = [dict(step.phases)[rule] for step in outcome.run.steps]
        for phase, colour in (("pending", _PENDING), ("active", _ACTIVE), ("ending", _ENDING)):
            spans = list(_spans(hours, [seen == phase for seen in phases]))
            panel.broken_barh(
                [(start, max(end - start, 0.03)) for start, end in spans], (place - 0.33, 0.66), color=colour
            )
    panel.set_yticks(range(len(rules)), rules)
    panel.set_ylim(len(rules) - 0.4, -0.6)


def _served(panel: Any, outcome: Outcome) -> None:
    title(panel, "The variant that served, and each swap")
    places = {name: place for place, name in enumerate(outcome.variants)}
    day, run = outcome.day, outcome.run
    if run.spoiled is not None:
        start, end = (
            day.time_of_day(part * day.play_s) / 3600 for part in (run.spoiled.from_part, run.spoiled.to_part)
        )
        panel.broken_barh(
            [(start, end - start)],
            (places[run.spoiled.variant] - 0.36, 0.72),
            facecolor="none",
            edgecolor=BROKEN,
            hatch="////",
            linewidth=0,
            alpha=0.5,
        )
        panel.annotate(
            f"the file of {run.spoiled.variant} is broken",
            ((start + end) / 2, places[run.spoiled.variant] + 0.42),
            ha="center",
            va="bottom",
            fontsize=9,
            color=BROKEN,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 2},
        )
    for name, start, end in _serving(run, day.end_s):
        panel.broken_barh(
            [(start, max(end - start, 0.02))], (places[name] - 0.3, 0.6), color=_colour(places[name])
        )
    for swap in run.swaps:
        at, low, high = swap.time_of_day_s / 3600, places[swap.previous], places[swap.variant]
        if swap.failed:
            panel.plot([at], [high], "X", color=BROKEN, markersize=11, markeredgecolor="white", zorder=5)
        else:
            panel.plot([at, at], [low, high], color=INK, linewidth=0.9, zorder=1)
    panel.set_yticks(range(len(places)), list(places))
    panel.set_ylim(-0.6, len(places) - 0.3)


def _latencies(panel: Any, outcome: Outcome) -> None:
    title(
        panel,
        f"Time to each answer, waiting included, ms (grey: {outcome.peer_name} alone)",
    )
    day = outcome.day
    peers = [request for request in outcome.peer if request.latency_s is not None]
    panel.plot(
        [day.time_of_day(request.arrived_s) / 3600 for request in peers],
        [1000 * (request.latency_s or 0.0) for request in peers],
        ".",
        color="#c4c4c4",
        markersize=3,
        zorder=1,
    )
    for place, name in enumerate(outcome.variants):
        mine = [
            request
            for request in outcome.run.requests
            if request.variant == name and request.latency_s is not None
        ]
        if mine:
            panel.plot(
                [day.time_of_day(request.arrived_s) / 3600 for request in mine],
                [1000 * (request.latency_s or 0.0) for request in mine],
                ".",
                color=_colour(place),
                markersize=3.5,
                label=name,
                zorder=2,
            )
    panel.set_yscale("log")
    panel.axhline(1000 * outcome.deadline_s, color=BROKEN, linewidth=1.2)
    panel.annotate(
        f"deadline {1000 * outcome.deadline_s:.0f} ms",
        (day.start_s / 3600 + 0.08, 1000 * outcome.deadline_s * 1.12),
        fontsize=9,
        color=BROKEN,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.8},
    )
    panel.set_yticks([0.1, 1, 10, 100], ["0.1", "1", "10", "100"])
    panel.minorticks_off()
    legend(panel, scale=3)


def _answers(panel: Any, outcome: Outcome) -> None:
    title(panel, "What became of the requests, %")
    for row, (totals, colour) in enumerate(_compared(outcome)):
        useful = 100 * totals.effective_accuracy
        missed = 100 * (totals.late + totals.dropped) / totals.requests
        wrong = 100 - useful - missed
        panel.barh(row, useful, color=colour, height=0.62)
        panel.barh(row, wrong, left=useful, color="#bdbdbd", height=0.62, label="wrong" if row == 0 else None)
        panel.barh(
            row,
            missed,
            left=useful + wrong,
            facecolor="white",
            edgecolor=BROKEN,
            hatch="////",
            linewidth=0,
            height=0.62,
            label="late or never" if row == 0 else None,
        )
        inside = useful > 30
        panel.text(
            useful - 1 if inside else useful + wrong + missed + 1,
            row,
            f"{useful:.1f} % right and in time" if inside else f"{useful:.1f} %",
            ha="right" if inside else "left",
            va="center",
            fontsize=9,
            color="white" if inside else INK,
        )
    panel.set_xlim(0, 108)
    _named_rows(panel, outcome)
    legend(panel)


def _effort(panel: Any, outcome: Outcome) -> None:
    title(panel, "CPU-seconds (dark: hot or battery low)")
    longest = max(totals.cpu_s for totals, _ in _compared(outcome))
    for row, (totals, colour) in enumerate(_compared(outcome)):
        panel.barh(row, totals.cpu_s, color=colour, height=0.62)
        panel.barh(row, totals.strained_cpu_s, color=INK, alpha=0.55, height=0.62)
        panel.text(
            totals.cpu_s + 0.012 * longest, row, f"{totals.cpu_s:.2f}", va="center", fontsize=9, color=INK
        )
    panel.set_xlim(0, 1.12 * longest)
    _named_rows(panel, outcome)


def _compared(outcome: Outcome) -> list[tuple[Totals, str]]:
    """Return the policy, then each variant alone, with its colour."""
    return [
        (outcome.policy, _ACTIVE),
        *((totals, _colour(place)) for place, totals in enumerate(outcome.alone)),
    ]


def _named_rows(panel: Any, outcome: Outcome) -> None:
    names = [f"policy {outcome.policy_name}", *(f"{totals.name} alone" for totals in outcome.alone)]
    panel.set_yticks(range(len(names)), names)
    panel.set_ylim(len(names) - 0.5, -0.5)
    plain(panel)


def _colour(place: int) -> str:
    return _COLOURS[place % len(_COLOURS)]


def _spans(hours: Sequence[float], holds: Sequence[bool]) -> Iterator[tuple[float, float]]:
    """Yield from when to when something held."""
    start: float | None = None
    for hour, held in zip(hours, holds, strict=True):
        if held and start is None:
            start = hour
        elif not held and start is not None:
            yield start, hour
            start = None
    if start is not None:
        yield start, hours[-1]


def _serving(run: PolicyRun, end_s: float) -> Iterator[tuple[str, float, float]]:
    """Yield which variant served from when to when, by the hour."""
    first = next((step for step in run.steps if step.decision.active is not None), None)
    if first is None:
        return
    serving, since_s = str(first.decision.active), first.time_of_day_s
    for swap in run.swaps:
        if not swap.failed:
            yield serving, since_s / 3600, swap.time_of_day_s / 3600
            serving, since_s = swap.variant, swap.time_of_day_s
    yield serving, since_s / 3600, end_s / 3600
