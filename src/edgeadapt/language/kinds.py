"""How kinds are called in the author's terms, and the one kind that its use decides."""

from __future__ import annotations

from edgeadapt.program.kind import Boolean, Kind, Numeric, Word
from edgeadapt.units import Dimension

EXAMPLES: dict[Dimension, str] = {
    Dimension.NUMBER: "0.5",
    Dimension.RATIO: "15%",
    Dimension.TEMPERATURE: "70 °C",
    Dimension.DIFFERENCE: "5 K",
    Dimension.MEMORY: "512 MB",
    Dimension.TIME: "10 s",
    Dimension.POWER: "2 W",
    Dimension.FREQUENCY: "30 Hz",
}
_PHRASES = {Dimension.MEMORY: "an amount of memory"}

# An attribute of a variant that no family explains: a number, unless its use makes it true or false. Told apart by
# identity, so that it goes through the program as the number that it mostly is.
OPEN: Kind = Numeric(Dimension.NUMBER)


def with_unit(digits: str, dimension: Dimension) -> str:
    """Return a number with a unit of a dimension, the one that its example has: `75` is `75 °C`."""
    _, gap, unit = EXAMPLES[dimension].partition(" ")
    return f"{digits}{gap}{unit}" if unit else EXAMPLES[dimension]


def phrase(dimension: Dimension) -> str:
    """Name a dimension with its article."""
    return _PHRASES.get(dimension, f"a {dimension.value}")


def describe(kind: Kind) -> str:
    """Name a kind with its article."""
    match kind:
        case Boolean():
            return "true or false"
        case Word():
            return "a word"
        case Numeric(dimension=dimension):
            return phrase(dimension)
