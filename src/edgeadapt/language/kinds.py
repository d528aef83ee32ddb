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
_LONGEST_LITERAL = 40
_PHRASES = {Dimension.MEMORY: "an amount of memory"}

# An attribute of a variant that no family explains: a number, unless its use makes it true or false. Told apart by
# identity, so that it goes through the program as the number that it mostly is.
OPEN: Kind = Numeric(Dimension.NUMBER)


def with_unit(digits: str, dimension: Dimension) -> str:
    """Return a number with a unit of a dimension, the one that its example has: `75` is `75 °C`."""
    _, gap, unit = EXAMPLES[dimension].partition(" ")
    return f"{digits}{gap}{unit}" if unit else EXAMPLES[dimension]


def with_units(digits: str, dimension: Dimension) -> str:
    """Propose a number with the units that it may lack; of a number too long to repeat, give an example."""
    if len(digits) > _LONGEST_LITERAL:
        return f"`{EXAMPLES[dimension]}`"
    # A latency is in milliseconds and a battery's time in hours: of a time, one unit would be a guess.
    other = f"`{digits} ms` or " if dimension is Dimension.TIME else ""
    return f"{other}`{with_unit(digits, dimension)}`"


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
