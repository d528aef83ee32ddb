"""Where a program's behaviour changes: the values beside its thresholds, and the times beside its durations.

It reads constants and ranges; it decides nothing about traces. Simple values stand first: a shrinker prefers them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, product

import attrs

from edgeadapt.program import expr as p
from edgeadapt.program.constant import constant_value, duration_ns, param_values
from edgeadapt.program.kind import Boolean, Numeric, Word
from edgeadapt.program.program import Program, RankedChoice, RateProperty
from edgeadapt.registry.family import ModelFamily
from edgeadapt.state import SIGNALS
from edgeadapt.state.signal import SignalKind

Value = float | bool | None
_MS = 1_000_000
_S = 1_000 * _MS
# Thresholds that combine constants with each other and with the variants' attributes grow with the square of both.
_MOST_COMBINED = 24


@attrs.frozen
class Corners:
    """For each signal and input that a program reads, values to try (canonical; word indices), and gaps of time."""

    values: Mapping[str, tuple[Value, ...]]
    gaps_ns: tuple[int, ...]


def corners(program: Program, family: ModelFamily) -> Corners:
    """Collect a program's corners."""
    near: dict[str, set[float]] = {}
    comparisons = (p.Compare, p.Band, p.InRange, p.Coalesce)
    for root in conditions(program):
        for node in p.walk(root):
            if isinstance(node, comparisons):
                found = _thresholds(program, family, node)
                for name in names_of(program, [node]):
                    near.setdefault(name, set()).update(found)
    names = names_of(program, conditions(program))
    return Corners({name: _values(program, name, near.get(name, set())) for name in names}, _gaps(program))


def conditions(program: Program) -> list[p.Expr]:
    """Return all that a program evaluates of the device: conditions, lets, filters and scores."""
    found = [let.value.expr for let in program.lets]
    for rule in program.rules:
        found += [expr for expr in (rule.when, rule.until) if expr is not None]
    for choice in (*program.otherwise, *(choice for rule in program.rules for choice in rule.choices)):
        found += [choice.where] if choice.where is not None else []
        found += [it.score for it in choice.rankings] if isinstance(choice, RankedChoice) else []
    return found + [it.when for it in program.properties if not isinstance(it, RateProperty)]


def names_of(program: Program, exprs: Iterable[p.Expr]) -> tuple[str, ...]:
    """Return the signals and inputs that expressions read, through their `let`s too, each once."""
    lets = {let.name: let.value.expr for let in program.lets}
    found: dict[str, None] = {}
    seen: set[str] = set()
    waiting = list(exprs)
    while waiting:
        for node in p.walk(waiting.pop(0)):
            if isinstance(node, (p.SignalRef, p.InputRef)):
                found[node.name] = None
            elif isinstance(node, p.LetRef) and node.name not in seen:
                seen.add(node.name)
                waiting.append(lets[node.name])
    return tuple(found)


def _thresholds(program: Program, family: ModelFamily, node: p.Expr) -> set[float]:
    """Return the values at which a comparison may turn: its constants, alone and combined as arithmetic may do."""
    params = param_values(program)
    constants: dict[float, None] = {}
    attributes: dict[float, None] = {}
    for part in p.walk(node):
        value = constant_value(part, params)
        if value is not None and not isinstance(value, bool):
            constants[value] = None
        if isinstance(part, p.AttributeRef):
            known = (variant.attribute(part.name) for variant in family)
            attributes |= dict.fromkeys(it for it in known if isinstance(it, float))
    alone = [*constants, *attributes]
    found = set(alone)
    if isinstance(node, p.Band):
        width = constant_value(node.width, params)
        found |= {it + sign * width for it in alone for sign in (-1, 1)} if width is not None else set()
    is_combined = any(isinstance(part, (p.Arithmetic, p.AttributeRef)) for part in p.walk(node))
    for a, b in product(alone[:_MOST_COMBINED], repeat=2) if is_combined else ():
        found |= {a + b, a - b, a * b, a * b / 100}
        found |= {a / b, 100 * a / b} if b else set()
    return {value for value in found if math.isfinite(value)}


def _values(program: Program, name: str, near: set[float]) -> tuple[Value, ...]:
    signal = SIGNALS.get(name)
    declared = next((it for it in program.inputs if it.name == name), None)
    unknown: tuple[Value, ...] = (None,) if signal is None or signal.optional else ()
    kind = declared.kind if declared is not None else None
    if isinstance(kind, Boolean) or (signal is not None and signal.kind is SignalKind.BOOLEAN):
        return (True, False, *unknown)
    words: Sequence[str] = (
        kind.words if isinstance(kind, Word) else signal.words if signal is not None else ()
    )
    if words:
        return (*(float(index) for index in range(len(words))), *unknown)
    assert kind is None or isinstance(kind, Numeric)
    row = declared if declared is not None else signal
    return (*_numbers(near, row.low if row else None, row.high if row else None), *unknown)


def _numbers(near: set[float], low: float | None, high: float | None) -> tuple[float, ...]:
    """Return thresholds, their neighbours and what lies between them, all within the range; simple ones first."""
    inner = sorted(it for it in near if (low is None or it >= low) and (high is None or it <= high))
    bottom = low if low is not None else min([0.0, *(it - 1 for it in inner)])
    top = high if high is not None else max([1.0, *(it + 1 for it in inner)])
    grid = [bottom, *inner, top]
    between = [float(f"{(a + b) / 2:.3g}") for a, b in pairwise(grid)]
    sides = [side for it in inner if abs(it) > 1e-9 for side in _neighbours(it)]
    found = {it for it in (*grid, *between, *sides) if bottom <= it <= top}
    return tuple(sorted(found, key=lambda it: (len(repr(it)), abs(it), it)))


def _neighbours(value: float) -> tuple[float, ...]:
    whole = (value - 1, value + 1)
    return (math.nextafter(value, -math.inf), math.nextafter(value, math.inf), *whole)


def _gaps(program: Program) -> tuple[int, ...]:
    """Return durations, a little less and a little more, and a fair share of a window; simple ones first."""
    found = {_S, 10 * _S, 60 * _S}
    for duration, parts in _durations(program):
        found |= {duration, duration // 2, duration // parts}
        found |= {duration + by for by in (-1, 1, -_MS, _MS)}
    return tuple(sorted((it for it in found if it > 0), key=lambda ns: (len(f"{ns / _S!r}"), ns)))


def _durations(program: Program) -> Iterator[tuple[int, int]]:
    """Yield each duration that a program has, and into how many parts events split it."""
    params = param_values(program)
    guard = program.guard
    plain = [expr for rule in program.rules for expr in (rule.for_, rule.linger, rule.hold, rule.cooldown)]
    plain += [it.stale_after for it in program.inputs] + ([guard.cooldown] if guard is not None else [])
    limits = list(guard.limits) if guard is not None else []
    for promise in program.properties:
        if isinstance(promise, RateProperty):
            limits.append(promise.limit)
        else:
            plain.append(promise.for_)
    for expr in plain:
        if expr is not None:
            yield duration_ns(expr, params), 2
    for limit in limits:
        yield duration_ns(limit.per, params), limit.count + 1
