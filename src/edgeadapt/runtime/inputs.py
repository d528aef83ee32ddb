"""What the host feeds: each value checked against its declared kind, latched, and forgotten when it is stale.

An evaluator only ever sees a value or unknown; whoever builds a step's input (the engine, a test, a trace) keeps a latch.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Real

import attrs

from edgeadapt.program.constant import duration_ns, param_values, seconds_to_ns
from edgeadapt.program.kind import Boolean, Kind, Numeric, Word
from edgeadapt.program.program import Program
from edgeadapt.units import QuantityError, parse_quantity
from edgeadapt.wording import did_you_mean, shown

Given = float | bool | str | None


@attrs.frozen
class HostInput:
    """An input that a policy declares; bounds are canonical, `stale_ns` is None where a value never ages."""

    name: str
    kind: Kind
    low: float | None
    high: float | None
    stale_ns: int | None


def host_inputs(program: Program) -> tuple[HostInput, ...]:
    """Return a program's inputs with their constants resolved."""
    params = param_values(program)
    return tuple(
        HostInput(
            declared.name,
            declared.kind,
            declared.low,
            declared.high,
            None if declared.stale_after is None else duration_ns(declared.stale_after, params),
        )
        for declared in program.inputs
    )


@attrs.frozen
class Taken:
    """A host's value as the language sees it, and whether it had to be clamped to the input's range."""

    value: float | bool | None
    clamped: bool = False


def take(declared: HostInput, given: Given) -> Taken:
    """Check one value: a number in the canonical unit, a text with its unit, a word, a boolean, None for unknown.

    NaN and infinity are unknown. Raises ValueError with what the input takes.
    """
    if given is None:
        return Taken(None)
    match declared.kind:
        case Boolean():
            if isinstance(given, bool):
                return Taken(given)
            if given in ("true", "false"):
                return Taken(given == "true")
            raise ValueError(f"input `{declared.name}` is true or false, not {shown(given)}")
        case Word(words=words):
            if given in words:
                return Taken(float(words.index(str(given))))
            raise ValueError(f"{shown(given)} is no `{declared.name}`; {did_you_mean(given, words)}")
        case Numeric():
            return _number(declared, declared.kind, given)


def _number(declared: HostInput, kind: Numeric, given: Given) -> Taken:
    if isinstance(given, str):
        try:
            value = parse_quantity(given, kind.dimension).value
        except QuantityError as error:
            raise ValueError(f"input `{declared.name}`: {error}") from None
    elif isinstance(given, bool) or not isinstance(given, Real):
        raise ValueError(f"input `{declared.name}` is a {kind.dimension.value}, not {shown(given)}")
    else:
        value = _double(given)
    if not math.isfinite(value):
        return Taken(None)
    low = -math.inf if declared.low is None else declared.low
    high = math.inf if declared.high is None else declared.high
    kept = min(max(value, low), high)
    return Taken(kept, clamped=kept != value)


def _double(given: float) -> float:
    try:
        return float(given)
    except OverflowError:  # an integer beyond every double
        return math.inf


class InputLatch:
    """Keeps the last value of each input until it is older than its `stale after`; `clamped` counts by name.

    Not thread-safe: its owner feeds and reads it under one lock.
    """

    def __init__(self, inputs: tuple[HostInput, ...]) -> None:
        self._declared = {declared.name: declared for declared in inputs}
        self._held: dict[str, tuple[int, float | bool | None]] = {}
        self.clamped: dict[str, int] = {}

    def feed(self, timestamp: float, values: Mapping[str, Given]) -> None:
        """Take values at `timestamp` (seconds, the states' clock); None forgets one.

        Raises ValueError for a name that is no input and for a value of another kind; then none is taken.
        """
        at = seconds_to_ns(timestamp)
        taken = {name: take(self._input(name), value) for name, value in values.items()}
        for name, entry in taken.items():
            self._held[name] = (at, entry.value)
            if entry.clamped:
                self.clamped[name] = self.clamped.get(name, 0) + 1

    def values(self, timestamp: float) -> dict[str, Given]:
        """Return what a step at `timestamp` sees; a value older than its `stale after` is unknown."""
        now = seconds_to_ns(timestamp)
        return {name: self._fresh(declared, now) for name, declared in self._declared.items()}

    def _fresh(self, declared: HostInput, now: int) -> Given:
        at, value = self._held.get(declared.name, (now, None))
        if declared.stale_ns is not None and now - at > declared.stale_ns:
            return None
        if isinstance(declared.kind, Word) and value is not None:
            return declared.kind.words[int(value)]
        return value

    def _input(self, name: str) -> HostInput:
        declared = self._declared.get(name)
        if declared is None:
            raise ValueError(
                f"the policy has no input {shown(name)}; {did_you_mean(name, self._declared, 'it has')}"
            )
        return declared
