"""Random policies as text, dense in what lints look for, and corner states to run them in."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from edgeadapt.diagnostics import Source
from edgeadapt.language.checker import Checked, check
from edgeadapt.language.parser import Parsed, parse
from edgeadapt.program import Program
from edgeadapt.program import expr as p
from edgeadapt.program.conditions import Conditions, View
from edgeadapt.program.kind import Word
from edgeadapt.regions import Axis
from edgeadapt.state import SIGNALS, DeviceState

NUMBERS = {
    "battery": ("%", (0, 10, 20, 30, 100, 120)),
    "cpu": ("%", (0, 20, 40, 60, 100)),
    "temperature": ("°C", (-40, 20, 60, 80, 150)),
    "load": ("", (0, 5, 10)),
    "share": ("%", (10, 20, 30)),
}
BOOLEANS = ("charging", "throttled", "busy")
VARIANTS = ("a", "b", "c")
# Errors that a drawn policy may have: an `until` that holds wherever `when` does, a range the wrong way round.
MEANT = {"EAP304", "EAP309"}
_HEADER = """
  input load: number in 0 .. 10
  input busy: bool
  input mode: one of low, middle, top ordered
  param share = 20% in 10% .. 30%
"""


class Writer:
    """Writes one policy from a seeded generator."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.lets: list[str] = []
        self.whens: list[str] = []

    def threshold(self, *, band: bool) -> str:
        rng = self.rng
        name = rng.choice(("battery", "battery", "cpu", "temperature", "load"))
        unit, grid = NUMBERS[name]
        op = rng.choice(("<", "<=", ">", ">="))
        value = f"{rng.choice(grid)}{unit and ' ' + unit}"
        side = name
        if name == "battery" and rng.random() < 0.1:
            value = "share"
        if rng.random() < 0.15 and name != "cpu":
            side = f"({name} ?? {rng.choice(grid)} {unit})"
        elif rng.random() < 0.1 and name in ("battery", "cpu"):
            side = rng.choice((f"2 * {name}", f"100% - {name}", f"{name} + 10%", f"{name} / 2"))
        elif rng.random() < 0.05 and name in ("battery", "cpu"):
            value = "battery" if name == "cpu" else "cpu"
        if band and rng.random() < 0.2:
            return f"{side} {op} {value} band {rng.choice((0, 5, 15, 90))} {'K' if unit == '°C' else unit}"
        if rng.random() < 0.1:
            low, high = rng.choice(grid), rng.choice(grid)
            return f"{name} in {low} {unit} .. {high} {unit}"
        if rng.random() < 0.1:
            return f"{value} {op} {side}"
        return f"{side} {op} {value}"

    def atom(self, *, band: bool) -> str:
        rng = self.rng
        roll = rng.random()
        if roll < 0.6:
            return self.threshold(band=band)
        if roll < 0.75:
            return rng.choice(BOOLEANS)
        if roll < 0.82:
            return f"mode {rng.choice(('==', '!=', '<', '>='))} {rng.choice(('low', 'middle', 'top'))}"
        if roll < 0.9:
            return f"{rng.choice(('battery', 'charging', 'load', 'mode', 'cpu'))} is {rng.choice(('known', 'unknown'))}"
        if roll < 0.95 or not self.lets:
            return f"({rng.choice(BOOLEANS)} ?? {rng.choice(('true', 'false'))})"
        return rng.choice(self.lets)

    def condition(self, depth: int = 2, *, band: bool = True) -> str:
        rng = self.rng
        roll = rng.random()
        if depth == 0 or roll < 0.3:
            return self.atom(band=band)
        if roll < 0.42:
            return f"not ({self.condition(depth - 1, band=band)})"
        joined = rng.choice((" and ", " or "))
        return joined.join(f"({self.condition(depth - 1, band=band)})" for _ in range(rng.choice((2, 2, 3))))

    def rule(self, name: str) -> str:
        rng = self.rng
        when = self.condition()
        if self.whens and rng.random() < 0.35:
            # Narrower than a rule above, or as wide: what shadowing is about.
            above = [rng.choice(self.whens) for _ in range(rng.choice((1, 1, 2)))]
            when = rng.choice((" or ", " and ")).join(f"({one})" for one in above)
            when = when if rng.random() < 0.3 else f"({when}) and ({self.atom(band=True)})"
        self.whens.append(when)
        lines = [f"rule {name} {{", f"  when {when}"]
        if rng.random() < 0.4:
            lines.append(f"  until {self.condition(1)}")
        timers = [word for word in ("for", "linger", "hold", "cooldown") if rng.random() < 0.2]
        lines += [f"  {word} {rng.choice((0, 2, 5, 10))} s" for word in timers]
        where = f" where {self.condition(1, band=False)}" if rng.random() < 0.15 else ""
        lines.append(f"  use {rng.choice(VARIANTS)}{where}")
        return "\n".join([*lines, "}"])

    def policy(self) -> str:
        rng = self.rng
        lines = ["edition 1", f"policy p {{{_HEADER}"]
        for index in range(rng.choice((0, 1, 2))):
            lines.append(f"let l{index} = {self.condition(1)}")
            self.lets.append(f"l{index}")
        lines += [self.rule(f"r{index}") for index in range(rng.choice((1, 2, 3, 4)))]
        lines.append(f"otherwise use {rng.choice(VARIANTS)}")
        if rng.random() < 0.5:
            limits = (
                f"at most {rng.choice((1, 2, 4))} swaps per {rng.choice((5, 10, 60))} s" for _ in range(2)
            )
            lines.append(f"guard {{ cooldown {rng.choice((0, 3, 20))} s {' '.join(limits)} }}")
        if rng.random() < 0.5:
            promise = f"{rng.choice(('never', 'always'))} use {rng.choice(VARIANTS)}"
            lines.append(f"property q {{ {promise} when {self.condition(1, band=False)} }}")
        return "\n".join([*lines, "}"])


def policy_text(seed: int) -> str:
    """Return one policy; the same for the same seed."""
    return Writer(random.Random(seed)).policy()


@lru_cache(maxsize=256)
def checked(seed: int) -> tuple[Parsed, Checked]:
    """Return a drawn policy, parsed and checked; a seed that gives one with errors stands for the next that does not."""
    while True:
        parsed = parse(Source(f"{seed}.eap", policy_text(seed)))
        result = check(parsed)
        if result.program is not None:
            return parsed, result
        wrong = {problem.code for problem in result.diagnostics}
        assert wrong <= MEANT, (policy_text(seed), result.diagnostics[0].message)
        seed += 100_003


def compiled(seed: int) -> Program:
    """Return a drawn policy's program."""
    program = checked(seed)[1].program
    assert program is not None
    return program


def corners(program: Program) -> dict[str, list[Any]]:
    """Return for each name that a program reads the values at and beside its thresholds, its ends, and unknown."""
    nodes = [node for root in _roots(program) for node in p.walk(root)]
    constants = {float(node.value) for node in nodes if isinstance(node, p.Const)}
    constants |= {a + b for a in constants for b in constants} | {a - b for a in constants for b in constants}
    constants |= (
        {c / 2 for c in constants} | {c * 2 for c in constants} | {param.value for param in program.params}
    )
    found: dict[str, list[Any]] = {}
    for node in nodes:
        if isinstance(node, (p.SignalRef, p.InputRef)) and node.name not in found:
            found[node.name] = _corners(program, node, constants)
    return found


def _roots(program: Program) -> Iterator[p.Expr]:
    yield from (let.value.expr for let in program.lets)
    for rule in program.rules:
        yield from (expr for expr in (rule.when, rule.until) if expr is not None)
        yield from (choice.where for choice in rule.choices if choice.where is not None)
    yield from (prop.when for prop in program.properties if hasattr(prop, "when"))


def _corners(program: Program, node: p.SignalRef | p.InputRef, constants: set[float]) -> list[Any]:
    axis: Axis = Conditions(program, View.FIRST).axis(node)
    words: tuple[str, ...] = ()
    if isinstance(node, p.InputRef):
        kind = next(declared.kind for declared in program.inputs if declared.name == node.name)
        words = kind.words if isinstance(kind, Word) else ()
    else:
        words = SIGNALS[node.name].words
    unknown = [None] if axis.is_optional else []
    if words:
        return [*words, *unknown]
    if axis.is_discrete:
        return [False, True, *unknown]
    low, high = axis.full.spans[0]
    near = {side(c) for c in constants for side in (float, _below, _above)} | {low, high}
    return [*sorted(value for value in near if low <= value <= high), *unknown]


def _below(value: float) -> float:
    return math.nextafter(value, -math.inf)


def _above(value: float) -> float:
    return math.nextafter(value, math.inf)


def random_values(rng: random.Random, found: dict[str, list[Any]]) -> dict[str, Any]:
    """Return one corner state: a value for each name."""
    return {name: rng.choice(values) for name, values in found.items()}


def device(t: float, values: dict[str, Any]) -> tuple[DeviceState, dict[str, Any]]:
    """Return a step's state and inputs."""
    attributes: dict[str, Any] = {signal.attribute: None for signal in SIGNALS.values()}
    attributes |= {"available_ram_mb": 4000.0, "cpu_utilization_pct": 0.0}
    inputs: dict[str, Any] = {}
    for name, value in values.items():
        if name in SIGNALS:
            attributes[SIGNALS[name].attribute] = value
        else:
            inputs[name] = value
    return DeviceState(timestamp=t, **attributes), inputs
