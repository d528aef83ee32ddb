"""The closed set of dimensions a number can have, and the canonical unit of each."""

from __future__ import annotations

from enum import Enum


class Dimension(Enum):
    """What a number measures; the value is the author's word for it."""

    NUMBER = "number"
    RATIO = "ratio"
    TEMPERATURE = "temperature"
    DIFFERENCE = "temperature difference"
    MEMORY = "memory"
    TIME = "time"
    POWER = "power"
    FREQUENCY = "frequency"


CANONICAL_UNIT: dict[Dimension, str] = {
    Dimension.NUMBER: "",
    Dimension.RATIO: "%",
    Dimension.TEMPERATURE: "°C",
    Dimension.DIFFERENCE: "K",
    Dimension.MEMORY: "MB",
    Dimension.TIME: "ms",
    Dimension.POWER: "W",
    Dimension.FREQUENCY: "MHz",
}
