"""For a rule of one threshold, the reported change is the smallest there is, as arithmetic on paper says."""

import math
import random

import pytest

from edgeadapt.language import compile_text
from edgeadapt.registry.family import ModelFamily
from edgeadapt.replay.trial_steps import Moment
from edgeadapt.replay.why_not import why_not
from edgeadapt.shipped import shipped
from edgeadapt.state import SIGNALS, DeviceState

DIGITS = ModelFamily.from_yaml(shipped("families/digits.yaml"))
# A signal with the unit its attribute is in, and the factor from there to the canonical unit.
READ = {
    "temperature": ("°C", -40, 150),
    "cpu": ("%", 0, 100),
    "memory_available": ("MB", 0, 16000),
    "power_draw": ("W", 0, 100),
    "battery_time_left": ("s", 0, 2000000),
}
HOLDS = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
}


def nearest(op: str, threshold: float, now: float) -> float:
    """Return the number nearest to `now` that is in the relation to the threshold."""
    beyond = {"<": math.nextafter(threshold, -math.inf), ">": math.nextafter(threshold, math.inf)}
    return beyond.get(op, threshold)


@pytest.mark.parametrize("seed", range(60))
def test_the_change_goes_to_the_nearest_number_beyond_the_threshold(seed) -> None:
    rng = random.Random(seed)
    name, (unit, low, high) = rng.choice(list(READ.items()))
    op = rng.choice(list(HOLDS))
    threshold = round(rng.uniform(low, high), rng.choice((0, 1, 3)))
    now = rng.choice((threshold, rng.uniform(low, high), float(low), float(high)))
    literal = f"{threshold:.3f} {unit}"
    program = compile_text(
        f"edition 1 policy p {{ rule r {{ when {name} {op} {literal} use tiny }} otherwise use medium }}"
    )
    attributes = dict.fromkeys(signal.attribute for signal in SIGNALS.values())
    attributes |= {"cpu_utilization_pct": 0.0, "available_ram_mb": 4000.0, SIGNALS[name].attribute: now}
    answer = why_not(Moment(program, DIGITS, DeviceState(timestamp=0.0, **attributes)), rule="r")
    if HOLDS[op](now, threshold):
        assert answer.wins
        return
    wanted = nearest(op, threshold, now)
    if not low <= wanted <= high and name in ("temperature", "cpu"):
        assert answer.alternatives == ()
        return
    (alternative,) = answer.alternatives
    (change,) = alternative.changes
    if name == "battery_time_left":
        # Its attribute is in seconds and the threshold in milliseconds: neighbours are a place further apart.
        assert change.given == pytest.approx(wanted, rel=1e-15)
    else:
        assert change.given == wanted
