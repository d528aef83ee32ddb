"""Draws how data goes through EdgeAdapt, one way, from what a policy and a device say to an answer."""

from __future__ import annotations

from docs.generators.boxes import Box, Drawing, Point

_BOXES = (
    Box(110, 50, "policy.eap\na text", width=130, height=46),
    Box(320, 50, "Program\nplain data, with a digest", "stage", 170, 46),
    Box(110, 130, "family.yaml\nmodels and figures", width=130, height=46),
    Box(320, 130, "ModelFamily\nvariants, contract", "stage", 170, 46),
    Box(110, 210, "the device\nsensors, kernel files", width=130, height=46),
    Box(320, 210, "DeviceState\nsignals, some unknown", "stage", 170, 46),
    Box(110, 290, "the application\nits inputs", width=130, height=46),
    Box(560, 170, "Session.step\nrules, timers, guard", "stage", 160, 52),
    Box(560, 290, "Engine\nclock, threads, operator", width=160, height=46),
    Box(760, 170, "Decision\ntarget, reason, why", "stage", 140, 52),
    Box(940, 170, "Swapper\none slot, one loader", "stage", 140, 52),
    Box(940, 60, "Lease\none whole generation", "good", 140, 46),
    Box(760, 60, "infer\nany thread", "good", 140, 46),
    Box(850, 290, "events, counters\nring, log, metrics, file", width=160, height=46),
)
_ARROWS: tuple[tuple[list[Point], str, Point | None], ...] = (
    ([(175, 50), (235, 50)], "checked", (205, 38)),
    ([(175, 130), (235, 130)], "read", (205, 118)),
    ([(175, 210), (235, 210)], "profiler", (205, 198)),
    ([(405, 50), (440, 50), (440, 155), (480, 155)], "", None),
    ([(405, 130), (425, 130), (425, 165), (480, 165)], "", None),
    ([(405, 210), (425, 210), (425, 177), (480, 177)], "", None),
    ([(175, 290), (440, 290), (440, 187), (480, 187)], "", None),
    ([(640, 170), (690, 170)], "", None),
    ([(830, 170), (870, 170)], "", None),
    ([(940, 144), (940, 83)], "", None),
    ([(870, 60), (830, 60)], "", None),
    ([(560, 267), (560, 196)], "each poll", (595, 232)),
    ([(760, 196), (760, 232), (830, 232), (830, 267)], "", None),
    ([(940, 196), (940, 232), (870, 232), (870, 267)], "", None),
    ([(1010, 170), (1028, 170), (1028, 330), (560, 330), (560, 313)], "commits, rollbacks", (720, 341)),
)


def picture() -> str:
    """Return the diagram as SVG."""
    drawing = Drawing(1045, 350, "From policy, family and device to a decision, a swap and an answer")
    for points, label, place in _ARROWS:
        drawing.arrow(points, label, place)
    for box in _BOXES:
        drawing.box(box)
    return drawing.svg()
