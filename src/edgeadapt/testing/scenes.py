"""Assignments that make a condition of the program true or false: the fast way to where rules and promises matter."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import attrs

from edgeadapt.program import expr as p
from edgeadapt.program.constant import param_values
from edgeadapt.program.kind import Boolean
from edgeadapt.program.program import Program, RateProperty, UseProperty
from edgeadapt.runtime.evaluate import Scope, Value, advance_band, evaluate, truth
from edgeadapt.testing.corners import Corners, names_of

Scene = tuple[tuple[str, Value], ...]
_TRIES = 60
_KEPT = 6


@attrs.frozen
class Scenes:
    """Assignments under which the promise's condition is true, and those under which some rule's turns either way."""

    promised: tuple[Scene, ...]
    ruled: tuple[Scene, ...]


def scenes(program: Program, promise: UseProperty | RateProperty, corners: Corners, rng: Random) -> Scenes:
    """Draw some assignments for each condition."""
    ruled = [expr for rule in program.rules for expr in (rule.when, rule.until) if expr is not None]
    return Scenes(
        () if isinstance(promise, RateProperty) else tuple(_draw(program, promise.when, True, corners, rng)),
        tuple(
            it
            for expr in ruled
            for wanted in (True, False)
            for it in _draw(program, expr, wanted, corners, rng)
        ),
    )


def _draw(
    program: Program, condition: p.Expr, wanted: bool, corners: Corners, rng: Random
) -> Iterator[Scene]:
    names = [name for name in names_of(program, [condition]) if name in corners.values]
    hits = 0
    for _ in range(_TRIES):
        scene = tuple((name, rng.choice(corners.values[name])) for name in names)
        if _outcome(program, condition, scene) is wanted:
            hits += 1
            yield scene
            if hits == _KEPT:
                return


def _outcome(program: Program, condition: p.Expr, scene: Scene) -> bool | None:
    """Evaluate a condition where nothing else is known and no band is held yet."""
    known = dict(scene)
    signals = {name: known.get(name) for name in program.signals}
    inputs = {it.name: known.get(it.name) for it in program.inputs}
    bands = [False] * len(program.bands)
    scope = Scope(signals, inputs, param_values(program), bands)
    # As a session does it: operands of bands need no band.
    for let in program.lets:
        if not isinstance(let.value.kind, Boolean):
            scope.lets[let.name] = evaluate(let.value.expr, scope)
    for band in program.bands:
        bands[band.index] = advance_band(band, False, scope)
    for let in program.lets:
        if isinstance(let.value.kind, Boolean):
            scope.lets[let.name] = truth(let.value.expr, scope)
    return truth(condition, scope)
