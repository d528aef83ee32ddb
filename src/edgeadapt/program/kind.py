"""What a value of the language is: a number with a dimension, a boolean, or a word of an enumeration."""

from __future__ import annotations

from edgeadapt.units import Dimension
from edgeadapt.values import frozen


@frozen
class Numeric:
    """A number or quantity; values are floats in the dimension's canonical unit."""

    dimension: Dimension


@frozen
class Boolean:
    """True or false."""


@frozen
class Word:
    """A member of an enumeration; at run time its index, as a float. `<` and its like need `ordered`."""

    words: tuple[str, ...]
    ordered: bool


Kind = Numeric | Boolean | Word
