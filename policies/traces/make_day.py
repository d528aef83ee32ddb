"""Makes `day.csv`, a phone's day: `python policies/traces/make_day.py`. The same bytes every time; nothing is measured.

What the owner does is written below as points in time; battery and temperature follow from it by a simple model.
"""

from __future__ import annotations

import math
import random
from itertools import pairwise
from pathlib import Path

STEP_S = 60
START_H, END_H = 7.0, 23.0
HEADER = """\
# A phone's day from 7:00 to 23:00, a row a minute. Every signal is simulated, by make_day.py beside this file: nothing here
# was measured on a device. `timestamp` is in seconds since midnight; the other columns are in the language's canonical
# units. The last three are no device signals but what an application would feed: whether somebody waits for its answers,
# whether something moves before the camera, and how many requests wait.
"""
COLUMNS = (
    "timestamp,battery,charging,temperature,memory_available,memory_total,memory_pressure,cpu,cpu_pressure,network,"
    "waiting,motion,ambient_light,queue_length"
)

# Hour and value; in between, a straight line.
CPU = (
    (7, 14), (8, 16), (8.1, 34), (8.9, 38), (9, 20), (9.2, 20), (9.8, 99.5), (10.6, 99.5), (10.7, 18), (12.3, 20),
    (12.4, 42), (13.6, 40), (13.7, 18), (15.2, 20), (15.8, 99.5), (16.6, 99.5), (16.7, 22), (17.4, 24), (17.5, 50),
    (19.2, 50), (19.3, 25), (19.7, 25), (20.3, 99.5), (21.1, 99.5), (21.2, 12), (23, 10),
)  # fmt: skip
SURROUNDINGS_C = ((7, 21), (12.2, 25), (12.35, 63), (13.2, 64), (13.3, 28), (18, 24), (23, 22))
MEMORY_MB = (
    (7, 1900), (9.4, 1700), (9.6, 1350), (10.7, 1300), (10.9, 1600), (14.4, 1500), (14.5, 250), (14.75, 240),
    (14.78, 180), (14.88, 180), (14.9, 240), (15.0, 250), (15.05, 1200), (18, 1300), (20, 1500), (23, 1900),
)  # fmt: skip
NETWORK = ((7, "good"), (8.1, "poor"), (8.3, "offline"), (8.45, "fair"), (9, "excellent"), (12.2, "fair"), (13.7, "good"), (17, "fair"), (18.2, "excellent"))  # fmt: skip
LIGHT_LUX = (
    (7, 60),
    (9, 400),
    (12.2, 700),
    (12.35, 40000),
    (13.1, 38000),
    (13.25, 500),
    (19, 150),
    (21, 20),
    (23, 4),
)
IDLE_H = ((11.0, 11.6), (17.0, 17.3), (22.0, 23.0))  # nobody waits for an answer
CHARGER_AT_H = 19.25


def line_at(points: tuple[tuple[float, float], ...], hour: float) -> float:
    """Return the value at an hour."""
    for (before, low), (after, high) in pairwise(points):
        if hour <= after:
            return low + (high - low) * max(0.0, hour - before) / (after - before)
    return points[-1][1]


def word_at(points: tuple[tuple[float, str], ...], hour: float) -> str:
    """Return the word that holds at an hour."""
    return [word for since, word in points if since <= hour][-1]


def rows() -> list[str]:
    """Play the day."""
    noise = random.Random(7)  # noqa: S311 - a trace, not a secret; the seed makes it the same each time
    battery, temperature, made = 84.0, 29.0, []
    for step in range(round((END_H - START_H) * 3600 / STEP_S) + 1):
        hour = START_H + step * STEP_S / 3600
        cpu = min(100.0, max(2.0, line_at(CPU, hour) + noise.gauss(0, 1.5)))
        charging = hour >= CHARGER_AT_H
        # Heat goes to the surroundings within about ten minutes; work and charging warm.
        heat_to = line_at(SURROUNDINGS_C, hour) + 0.33 * cpu + (7 if charging else 4)
        temperature += (heat_to - temperature) * (1 - math.exp(-STEP_S / 600))
        drain_per_h = 2.2 + 0.085 * cpu
        battery += (
            (48.0 if battery < 80 else 16.0) * STEP_S / 3600 if charging else -drain_per_h * STEP_S / 3600
        )
        battery = min(100.0, max(1.0, battery))
        memory = line_at(MEMORY_MB, hour) + noise.gauss(0, 12)
        busy = max(0.0, (cpu - 80) / 20)
        queue = max(0, round(noise.gauss(2, 2) + 90 * busy**2))
        moves = 0.5 + 0.5 * math.sin(hour * 9.1) > 0.62
        cells = (
            f"{hour * 3600:.0f}",
            f"{battery:.1f}",
            str(charging).lower(),
            f"{temperature + noise.gauss(0, 0.3):.1f}",
            f"{memory:.0f}",
            "3900",
            f"{max(0.0, min(100.0, (420 - memory) / 4)):.1f}",
            f"{cpu:.1f}",
            f"{min(100.0, max(0.0, 92 * busy + noise.gauss(2, 1))):.1f}",
            word_at(NETWORK, hour),
            str(not any(since <= hour < until for since, until in IDLE_H)).lower(),
            str(moves).lower(),
            f"{line_at(LIGHT_LUX, hour):.0f}",
            str(queue),
        )
        made.append(",".join(cells))
    return made


def day_csv() -> str:
    """Return the whole file."""
    return HEADER + "\n".join([COLUMNS, *rows()]) + "\n"


if __name__ == "__main__":
    Path(__file__).with_name("day.csv").write_text(day_csv(), encoding="utf-8")
