"""Expressions of a compiled policy, as plain frozen trees.

Every literal is canonical, every name is resolved, every operator says which arithmetic it does. At run time a value
is a float (numbers, quantities and word indices), a bool, or None for unknown.
"""

from __future__ import annotations

from enum import Enum

from edgeadapt.program.kind import Kind
from edgeadapt.values import frozen


class NumberOp(Enum):
    """Arithmetic on two floats; a ratio operand `p` is divided by 100 first."""

    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    SCALE_LEFT = "%*"  # (left / 100) * right
    SCALE_RIGHT = "*%"  # left * (right / 100)
    DIVIDE = "/"
    DIVIDE_BY_RATIO = "/%"  # left / (right / 100)


class CompareOp(Enum):
    """Comparisons; words compare by index."""

    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    EQ = "=="
    NE = "!="


@frozen
class Const:
    """A literal: canonical value, and the author's own spelling for explanations."""

    value: float | bool
    text: str


@frozen
class SignalRef:
    """A device signal by its language name."""

    name: str


@frozen
class InputRef:
    """A host input."""

    name: str


@frozen
class ParamRef:
    """A parameter; constant while a program runs."""

    name: str


@frozen
class LetRef:
    """A `let`; its memory, if any, is its own."""

    name: str


@frozen
class AttributeRef:
    """A candidate's attribute: `accuracy`, `latency`, `memory`, `power` or `variant.KEY`."""

    name: str


@frozen
class Level:
    """A word's place in its order, 0 to 1: index / (count - 1)."""

    operand: Expr
    count: int


@frozen
class Negate:
    """Unary minus."""

    operand: Expr


@frozen
class Arithmetic:
    """Two numbers combined; a result that is not finite, and division by zero, are unknown."""

    op: NumberOp
    left: Expr
    right: Expr


@frozen
class Coalesce:
    """`left ?? right`: right where left is unknown."""

    left: Expr
    right: Expr


@frozen
class Compare:
    """A comparison without memory; unknown if either side is."""

    op: CompareOp
    left: Expr
    right: Expr


@frozen
class Band:
    """A comparison with memory `index` in the program's band list; never unknown.

    `op` is one of LT, LE, GT, GE; `width` is constant (parameters count) and not negative.
    """

    index: int
    op: CompareOp
    left: Expr
    right: Expr
    width: Expr


@frozen
class InRange:
    """`low <= operand and operand <= high`."""

    operand: Expr
    low: Expr
    high: Expr


@frozen
class IsKnown:
    """`is known`, or with `negated` `is unknown`; never unknown itself."""

    operand: Expr
    negated: bool


@frozen
class Not:
    """Kleene's not."""

    operand: Expr


@frozen
class And:
    """Kleene's and over two or more parts."""

    parts: tuple[Expr, ...]


@frozen
class Or:
    """Kleene's or over two or more parts."""

    parts: tuple[Expr, ...]


@frozen
class WordConst:
    """A word literal resolved to its index in `kind`'s enumeration."""

    index: int
    text: str


Expr = (
    Const
    | WordConst
    | SignalRef
    | InputRef
    | ParamRef
    | LetRef
    | AttributeRef
    | Level
    | Negate
    | Arithmetic
    | Coalesce
    | Compare
    | Band
    | InRange
    | IsKnown
    | Not
    | And
    | Or
)


@frozen
class Typed:
    """An expression with its kind."""

    expr: Expr
    kind: Kind


def children(expr: Expr) -> tuple[Expr, ...]:
    """Return the direct operands of a node, left to right."""
    match expr:
        case Const() | WordConst() | SignalRef() | InputRef() | ParamRef() | LetRef() | AttributeRef():
            return ()
        case Level(operand=x) | Negate(operand=x) | Not(operand=x) | IsKnown(operand=x):
            return (x,)
        case Arithmetic(left=a, right=b) | Coalesce(left=a, right=b) | Compare(left=a, right=b):
            return (a, b)
        case Band(left=a, right=b, width=w):
            return (a, b, w)
        case InRange(operand=x, low=a, high=b):
            return (x, a, b)
        case And(parts=parts) | Or(parts=parts):
            return parts


def walk(expr: Expr) -> tuple[Expr, ...]:
    """Return the node and everything below it, in the order of the text, without recursion."""
    out: list[Expr] = []
    stack: list[Expr] = [expr]
    while stack:
        node = stack.pop()
        out.append(node)
        stack.extend(reversed(children(node)))
    return tuple(out)
