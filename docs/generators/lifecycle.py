"""Draws the life of a swap request, and writes its tables, from the native table that the swapper follows."""

from __future__ import annotations

from docs.generators.boxes import Box, Drawing, Point
from docs.generators.markdown import joined, table
from edgeadapt import _core
from edgeadapt.swapper.event import CODES

_PLACES = {
    "idle": Box(75, 150, "idle"),
    "checking": Box(225, 150, "checking", "stage"),
    "releasing": Box(315, 235, "releasing", "stage"),
    "loading": Box(405, 150, "loading", "stage"),
    "warming": Box(560, 150, "warming", "stage"),
    "validating": Box(715, 150, "validating", "stage"),
    "committed": Box(905, 150, "committed", "good", 110),
    "preloaded": Box(905, 215, "preloaded", "good", 110),
    "rolled_back": Box(905, 280, "rolled_back", "good", 110),
    "failed": Box(315, 385, "failed", "bad"),
    "superseded": Box(475, 385, "superseded", "bad"),
    "timed_out": Box(625, 385, "timed_out", "bad"),
    "cancelled": Box(775, 385, "cancelled", "bad"),
}
# From where to where: the points between, and the label's place. `load` and `open` are the frames around states.
_WAYS: dict[tuple[str, str], tuple[list[Point], Point]] = {
    ("idle", "checking"): ([(125, 150), (175, 150)], (150, 138)),
    ("checking", "loading"): ([(275, 150), (355, 150)], (315, 138)),
    ("checking", "releasing"): ([(225, 167), (225, 235), (265, 235)], (235, 205)),
    ("releasing", "loading"): ([(365, 235), (405, 235), (405, 167)], (402, 205)),
    ("loading", "warming"): ([(455, 150), (510, 150)], (482, 138)),
    ("warming", "validating"): ([(610, 150), (665, 150)], (637, 138)),
    ("validating", "committed"): ([(765, 150), (850, 150)], (812, 138)),
    ("validating", "preloaded"): ([(745, 167), (745, 215), (850, 215)], (820, 204)),
    ("validating", "rolled_back"): ([(715, 167), (715, 280), (850, 280)], (820, 269)),
    ("idle", "committed"): ([(95, 133), (95, 66), (905, 66), (905, 133)], (500, 56)),
    ("idle", "preloaded"): ([(75, 133), (75, 44), (985, 44), (985, 215), (960, 215)], (500, 34)),
    ("idle", "rolled_back"): ([(55, 133), (55, 22), (1005, 22), (1005, 280), (960, 280)], (500, 12)),
    ("load", "failed"): ([(315, 292), (315, 368)], (297, 340)),
    ("open", "superseded"): ([(475, 312), (475, 368)], (475, 340)),
    ("open", "timed_out"): ([(625, 312), (625, 368)], (625, 340)),
    ("open", "cancelled"): ([(775, 312), (775, 368)], (775, 340)),
}
Row = tuple[str, str, str]


def picture() -> str:
    """Return the diagram as SVG; raises KeyError for a state or a transition that has no place in it."""
    drawing = Drawing(1020, 415, "The states of a swap request, and what leads from one to the next")
    drawing.frame(15, 88, 775, 224, "open")
    drawing.frame(160, 105, 620, 187, "load")
    for (trigger, end), starts in _grouped().items():
        for start in _named(starts):
            points, place = _WAYS[start, end]
            drawing.arrow(points, trigger, place)
    for state in _core.lifecycle_states():
        drawing.box(_PLACES[state])
    return drawing.svg()


def lifecycle() -> str:
    """Return the tables of what leads where, and of how it ends."""
    steps = [
        [f"`{trigger}`", ", ".join(f"`{start}`" for start in starts), f"`{end}`"]
        for (trigger, end), starts in _grouped().items()
    ]
    ends = [[f"`{state}`", f"`{CODES[state]}`"] for state in _core.lifecycle_states() if state not in _open()]
    return joined(
        [
            table(["what happens", "in", "leads to"], steps),
            table(["end", "code of its event"], ends),
        ]
    )


def _open() -> list[str]:
    starts = {start for start, _, _ in _core.lifecycle_transitions()}
    return [state for state in _core.lifecycle_states() if state in starts]


def _grouped() -> dict[tuple[str, str], list[str]]:
    groups: dict[tuple[str, str], list[str]] = {}
    for start, trigger, end in _core.lifecycle_transitions():
        groups.setdefault((trigger, end), []).append(start)
    return groups


def _named(starts: list[str]) -> list[str]:
    """Return the frame that holds just these states, or else the states."""
    if starts == _open():
        return ["open"]
    return ["load"] if starts == _open()[1:] else starts
