"""Which kind of value each expression of a program gives, and that its parts fit: as much as an evaluator relies on.

Dimensions are not judged: a program that adds degrees to bytes is nonsense, and runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

import attrs

from edgeadapt.errors import ProgramError
from edgeadapt.program import expr as e
from edgeadapt.program.kind import Boolean, Kind, Numeric, Word
from edgeadapt.registry.variant import VARIANT_ATTRIBUTES
from edgeadapt.state import SIGNALS, SignalKind
from edgeadapt.values import frozen
from edgeadapt.wording import shown

# As deep as a policy text can be; the evaluators recurse.
_DEEPEST = 100
_MOST_WORDS = 2**31


class Sort(Enum):
    """What else an expression may give: a number, true or false, what a variant's own attribute turns out to be."""

    NUMBER = "a number"
    TRUTH = "true or false"
    OPEN = "open"


@frozen
class WordLiteral:
    """A word that does not say of which enumeration."""

    index: int


Given = Sort | Word | WordLiteral


def given_by(kind: Kind) -> Given:
    """Return what a declared kind gives."""
    match kind:
        case Numeric():
            return Sort.NUMBER
        case Boolean():
            return Sort.TRUTH
        case Word():
            return kind


def joined(left: Given, right: Given) -> Given:
    """Return what two values of one kind give together; raises ProgramError where they are not of one kind."""
    match left, right:
        case (Sort.OPEN, other) | (other, Sort.OPEN):
            return other
        case (Word(words=words) as word, WordLiteral(index=index)) | (
            WordLiteral(index=index),
            Word(words=words) as word,
        ):
            if index < len(words):
                return word
        case WordLiteral(index=a), WordLiteral(index=b):
            return WordLiteral(max(a, b))
        case _:
            if left == right:
                return left
    raise ProgramError("two values in it are not of one kind")


@attrs.define
class ValueKinds:
    """The names that an expression may use, and whether it may use a candidate's attributes and bands."""

    signals: frozenset[str]
    inputs: Mapping[str, Kind]
    params: Mapping[str, Kind]
    lets: dict[str, Kind]
    used_bands: list[int] = attrs.field(factory=list)

    def condition(self, expr: e.Expr, *, candidate: bool = False, bands: bool = False) -> None:
        """Check an expression that is true or false."""
        _Walk(self, candidate, bands).truth(expr, 0)

    def score(self, expr: e.Expr) -> None:
        """Check what candidates are ranked by."""
        if _Walk(self, candidate=True, bands=False).kind(expr, 0) is Sort.TRUTH:
            raise ProgramError("a condition stands where a score must")

    def constant(self, expr: e.Expr) -> None:
        """Check a duration, width or tolerance, which is a number."""
        if _Walk(self, candidate=False, bands=False).kind(expr, 0) is not Sort.NUMBER:
            raise ProgramError("a condition or word stands where a size must")

    def value(self, expr: e.Expr, kind: Kind) -> None:
        """Check an expression that a `let` declares to be of a kind."""
        found = _Walk(self, candidate=False, bands=True).kind(expr, 0)
        if joined(found, given_by(kind)) != given_by(kind):
            raise ProgramError("a `let` is of another kind than its value")


@frozen
class _Walk:
    names: ValueKinds
    candidate: bool
    bands: bool

    def kind(self, expr: e.Expr, depth: int) -> Given:
        if depth > _DEEPEST:
            raise ProgramError("an expression is nested too deeply")
        below = depth + 1
        match expr:
            case e.Const() | e.WordConst():
                return _of_literal(expr)
            case e.SignalRef() | e.InputRef() | e.ParamRef() | e.LetRef() | e.AttributeRef():
                return self._named(expr)
            case e.Coalesce(left=left, right=right):
                return joined(self.kind(left, below), self.kind(right, below))
            case e.Level(operand=operand, count=count):
                if not 1 <= count < _MOST_WORDS:
                    raise ProgramError(f"{shown(count)} is no number of words")
                if self.kind(operand, below) in (Sort.NUMBER, Sort.TRUTH):
                    raise ProgramError("the level of what is no word is asked")
            case e.Negate(operand=operand):
                self._number(operand, below)
            case e.Arithmetic(left=left, right=right):
                self._number(left, below)
                self._number(right, below)
            case _:
                self._condition(expr, below)
                return Sort.TRUTH
        return Sort.NUMBER

    def truth(self, expr: e.Expr, depth: int) -> None:
        if self.kind(expr, depth) not in (Sort.TRUTH, Sort.OPEN):
            raise ProgramError("a value stands where a condition must")

    def _number(self, expr: e.Expr, depth: int) -> None:
        if self.kind(expr, depth) not in (Sort.NUMBER, Sort.OPEN):
            raise ProgramError("what is no number is calculated with")

    def _condition(self, expr: e.Expr, depth: int) -> None:
        match expr:
            case e.Compare(op=op, left=left, right=right):
                both = joined(self.kind(left, depth), self.kind(right, depth))
                if both is Sort.TRUTH and op not in (e.CompareOp.EQ, e.CompareOp.NE):
                    raise ProgramError("conditions are compared by size")
            case e.Band():
                self._band(expr, depth)
            case e.InRange(operand=operand, low=low, high=high):
                whole = joined(self.kind(operand, depth), self.kind(low, depth))
                if joined(whole, self.kind(high, depth)) is Sort.TRUTH:
                    raise ProgramError("a condition is looked for in a range")
            case e.IsKnown(operand=operand):
                self.kind(operand, depth)
            case e.Not(operand=operand):
                self.truth(operand, depth)
            case e.And(parts=parts) | e.Or(parts=parts):
                if len(parts) < 2:
                    raise ProgramError("`and` or `or` has fewer than two parts")
                for part in parts:
                    self.truth(part, depth)

    def _band(self, band: e.Band, depth: int) -> None:
        if not self.bands:
            raise ProgramError("a band stands where nothing has a memory")
        if band.op in (e.CompareOp.EQ, e.CompareOp.NE):
            raise ProgramError("a band compares by equality")
        if joined(self.kind(band.left, depth), self.kind(band.right, depth)) is Sort.TRUTH:
            raise ProgramError("a band compares conditions")
        self._number(band.width, depth)
        self.names.used_bands.append(band.index)

    def _named(self, ref: e.SignalRef | e.InputRef | e.ParamRef | e.LetRef | e.AttributeRef) -> Given:
        known: Mapping[str, Kind]
        match ref:
            case e.SignalRef(name=name):
                if name in self.names.signals:
                    return _of_signal(name)
                raise ProgramError(f"signal {shown(name)} is used and not in the program's list")
            case e.AttributeRef(name=name):
                return self._attribute(name)
            case e.InputRef(name=name):
                known = self.names.inputs
            case e.ParamRef(name=name):
                known = self.names.params
            case e.LetRef(name=name):
                known = self.names.lets
        if name not in known:
            raise ProgramError(f"{shown(name)} is used and not declared before")
        return given_by(known[name])

    def _attribute(self, name: str) -> Given:
        row = VARIANT_ATTRIBUTES.get(name)
        if not self.candidate or (row is None and not name.startswith("variant.")):
            raise ProgramError(f"{shown(name)} is asked of no variant, or is no attribute of one")
        if row is None:
            return Sort.OPEN
        return Word(row.words, ordered=True) if row.words else Sort.NUMBER


def _of_literal(literal: e.Const | e.WordConst) -> Given:
    if not literal.text:
        raise ProgramError("a literal has no text")
    if isinstance(literal, e.Const):
        return Sort.TRUTH if isinstance(literal.value, bool) else Sort.NUMBER
    if not 0 <= literal.index < _MOST_WORDS:
        raise ProgramError(f"{shown(literal.index)} is no word's place")
    return WordLiteral(literal.index)


def _of_signal(name: str) -> Given:
    signal = SIGNALS[name]
    match signal.kind:
        case SignalKind.NUMERIC:
            return Sort.NUMBER
        case SignalKind.BOOLEAN:
            return Sort.TRUTH
        case SignalKind.WORD:
            return Word(signal.words, signal.ordered)
