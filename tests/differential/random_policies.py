"""A plain seeded generator of policies, families and traces that reaches every part of the language's semantics.

Values and times come from few, so that thresholds, ties and timers are met exactly and often.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from edgeadapt.program.status import VariantStatus
from edgeadapt.registry.family import ModelFamily, VariantMetadata
from edgeadapt.state import DeviceState

_SECONDS = (0, 1, 2, 3, 5, 8)
_PERCENT = (0, 10, 20, 30, 50, 80, 100)
_DEGREES = (5, 20, 40, 60, 70)
_MEMORY = (0, 100, 256, 512, 1000, 4000)
_WORDS = ("offline", "poor", "fair", "good", "excellent")
_VARIANTS = ("tiny", "small", "medium", "full")
_BIG = 179769313486231570000000000000000000000000000000000


class PolicyWriter:
    """Writes one random policy; every text it gives compiles."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._lets: list[tuple[str, str]] = []
        self._may_band = False

    def policy(self) -> str:
        """Return a whole policy text."""
        rng = self._rng
        lines = [
            "edition 1",
            "policy p {",
            "input light: number in -10 .. 1000",
            "input presence: bool",
            "input mode: one of day, dusk, night ordered",
            f"param share = {rng.choice(_PERCENT)}% in 0% .. 100%",
            f"param wait = {rng.choice(_SECONDS)} s",
            "param strict = " + rng.choice(("true", "false")),
        ]
        for index in range(rng.randint(0, 4)):
            kind = rng.choice(("number", "ratio", "truth", "truth"))
            self._may_band = kind == "truth"
            value = self.condition(2) if kind == "truth" else self.number(kind, 2)
            lines.append(f"let l{index} = {value}")
            self._lets.append((f"l{index}", kind))
        self._may_band = True
        lines += [self._rule(index) for index in range(rng.randint(1, 5))]
        self._may_band = False
        lines.append(f"otherwise use {self._choices(total=True)}")
        if rng.random() < 0.7:
            limits = " ".join(
                f"at most {rng.randint(0, 3)} swaps per {rng.choice((2, 5, 8, 20))} s"
                for _ in range(rng.randint(0, 2))
            )
            cooldown = f"cooldown {self._duration()}" if rng.random() < 0.6 else ""
            lines.append(f"guard {{ {cooldown} {limits} }}")
        return "\n".join([*lines, "}"])

    def _rule(self, index: int) -> str:
        rng = self._rng
        clauses = [f"when {self.condition(3)}"]
        if rng.random() < 0.5:
            # `for` keeps the checker from calling an `until` implied: a contradiction of shape is rare here.
            clauses.append(f"until {self.condition(2)}")
        clauses += [
            f"{word} {self._duration()}"
            for word in ("for", "linger", "hold", "cooldown")
            if rng.random() < 0.4
        ]
        if rng.random() < 0.2:
            clauses.append("urgent")
        rng.shuffle(clauses)
        return f"rule r{index} {{ {' '.join(clauses)} use {self._choices(total=False)} }}"

    def _duration(self) -> str:
        rng = self._rng
        return rng.choice(
            (f"{rng.choice(_SECONDS)} s", f"{rng.choice(_SECONDS)} s", "wait", "wait / 2", "1500 ms")
        )

    def _choices(self, *, total: bool) -> str:
        rng = self._rng
        count = rng.choice((1, 1, 2, 3))
        return " else ".join(
            self._choice(with_where=not (total and index == count - 1)) for index in range(count)
        )

    def _choice(self, *, with_where: bool) -> str:
        rng = self._rng
        where = f" where {self._candidate_condition(2)}" if with_where and rng.random() < 0.5 else ""
        if rng.random() < 0.3:
            return rng.choice(_VARIANTS) + where
        rankings = [
            f"{rng.choice(('highest', 'lowest'))} {score}" for score, _ in self._scores(rng.randint(1, 2))
        ]
        first = rankings[0].split(" ", 1)[1]
        tolerance = ""
        if rng.random() < 0.4:
            unit = {"accuracy": "0.05", "latency": "10 ms", "memory": "50 MB"}.get(first)
            tolerance = f" tolerance {unit}" if unit else ""
        return " then ".join(rankings) + tolerance + where

    def _scores(self, count: int) -> Iterator[tuple[str, None]]:
        for _ in range(count):
            yield (
                self._rng.choice(
                    (
                        "accuracy",
                        "latency",
                        "memory",
                        "power",
                        "variant.size",
                        "0.5 * accuracy + 0.2 * (1 - level(power))",
                        "accuracy * light",
                        "memory / memory_available",
                        "latency ?? 50 ms",
                        "accuracy / (variant.size - 2)",
                    )
                ),
                None,
            )

    def _candidate_condition(self, depth: int) -> str:
        rng = self._rng
        if depth and rng.random() < 0.4:
            return f"({self._candidate_condition(depth - 1)}) {rng.choice(('and', 'or'))} ({self._candidate_condition(depth - 1)})"
        return rng.choice(
            (
                "latency <= 20 ms",
                "memory <= share * memory_available",
                "accuracy >= 0.9",
                "power < high",
                "power == low",
                "variant.quick",
                "not variant.quick",
                "variant.size > 2",
                "variant.size is known",
                "latency in 1 ms .. 30 ms",
                self._leaf(),
            )
        )

    def condition(self, depth: int) -> str:
        """Return a condition without candidates."""
        rng = self._rng
        roll = rng.random()
        if depth and roll < 0.25:
            return f"({self.condition(depth - 1)}) {rng.choice(('and', 'or'))} ({self.condition(depth - 1)})"
        if depth and roll < 0.35:
            return f"not ({self.condition(depth - 1)})"
        if self._may_band and roll < 0.5:
            kind, width = rng.choice(
                (("ratio", "10%"), ("number", "2"), ("memory", "100 MB"), ("temperature", "10 K"))
            )
            op = rng.choice(("<", "<=", ">", ">="))
            return f"{self.number(kind, 1)} {op} {self.number(kind, 1)} band {rng.choice((width, width, '0' + width.lstrip('0123456789')))}"
        return self._leaf()

    def _leaf(self) -> str:
        rng = self._rng
        roll = rng.random()
        booleans = [
            "charging",
            "throttled",
            "presence",
            "strict",
            *(name for name, kind in self._lets if kind == "truth"),
        ]
        if roll < 0.2:
            return rng.choice(booleans)
        if roll < 0.25:
            return f"({rng.choice(booleans)} {rng.choice(('==', '!='))} {rng.choice(booleans)})"
        if roll < 0.3:
            return f"({rng.choice(booleans)} ?? {rng.choice(booleans)})"
        if roll < 0.4:
            return f"network {rng.choice(('<', '<=', '>', '>=', '==', '!='))} {rng.choice(_WORDS)}"
        if roll < 0.45:
            return f"mode {rng.choice(('<', '==', '>='))} {rng.choice(('day', 'dusk', 'night'))}"
        kind = rng.choice(("ratio", "ratio", "number", "memory", "temperature", "difference"))
        if roll < 0.55:
            return f"{self.number(kind, 1)} in {self.number(kind, 0)} .. {self.number(kind, 0)}"
        if roll < 0.65:
            return f"({self.number(kind, 1)}) is {rng.choice(('known', 'unknown'))}"
        op = rng.choice(("<", "<=", ">", ">=", "==", "!="))
        return f"{self.number(kind, 2)} {op} {self.number(kind, 1)}"

    def number(self, kind: str, depth: int) -> str:
        """Return a numeric expression of a kind."""
        rng = self._rng
        if depth == 0 or rng.random() < 0.5:
            return self._atom(kind)
        if rng.random() < 0.15:
            return f"({self._atom(kind)} ?? {self.number(kind, depth - 1)})"
        if kind == "temperature":
            return f"({self._atom(kind)} {rng.choice('+-')} {self.number('difference', depth - 1)})"
        if kind == "difference":
            return f"({self._atom('temperature')} - {self._atom('temperature')})"
        shape = rng.random()
        if kind == "number" and shape < 0.3:
            other = rng.choice(("ratio", "memory", "difference"))
            return f"({self.number(other, depth - 1)} / {self.number(other, depth - 1)})"
        if shape < 0.5:
            return f"({self.number(kind, depth - 1)} {rng.choice('+-')} {self.number(kind, depth - 1)})"
        if shape < 0.7:
            return f"({self.number('number', depth - 1)} * {self.number(kind, depth - 1)})"
        if shape < 0.8 and kind != "number":
            return f"({self.number('ratio', depth - 1)} * {self.number(kind, depth - 1)})"
        if shape < 0.9 and kind != "ratio":
            return f"({self.number(kind, depth - 1)} / {self.number('ratio', depth - 1)})"
        return f"(-{self._atom(kind)})" if kind != "temperature" else self._atom(kind)

    def _atom(self, kind: str) -> str:
        rng = self._rng
        named = [name for name, of in self._lets if of == kind]
        if named and rng.random() < 0.3:
            return rng.choice(named)
        match kind:
            case "ratio":
                return rng.choice(("battery", "cpu", "gpu", "share", f"{rng.choice(_PERCENT)}%"))
            case "temperature":
                return rng.choice(("temperature", "temperature", f"{rng.choice(_DEGREES)} °C"))
            case "difference":
                return f"{rng.choice((5, 10, 20))} K"
            case "memory":
                return rng.choice(("memory_available", "memory_total", f"{rng.choice(_MEMORY)} MB"))
            case _:
                return rng.choice(
                    ("light", "level(mode)", "level(network)", str(rng.randint(0, 5)), "0.5", f"{_BIG}" * 6)
                )


def random_family(rng: random.Random) -> ModelFamily:
    """Return a family with ties, unknown figures and attributes of either kind."""
    family = ModelFamily("f")
    names = list(_VARIANTS)
    rng.shuffle(names)
    for name in names:

        def maybe(*values: Any) -> Any:
            return rng.choice((None, *values, *values))

        attributes: dict[str, float | bool] = {}
        if rng.random() < 0.8:
            attributes["size"] = rng.choice((1, 2, 3, True)) if rng.random() < 0.2 else rng.choice((1, 2, 3))
        if rng.random() < 0.8:
            attributes["quick"] = rng.random() < 0.5 if rng.random() < 0.9 else 3.0
        family.add_variant(
            name,
            name,
            metadata=VariantMetadata(
                expected_latency_ms=maybe(1.0, 10.0, 10.0, 40.0),
                memory_footprint_mb=maybe(10.0, 50.0, 100.0),
                accuracy_score=maybe(0.85, 0.9, 0.9, 0.95),
                power_draw_estimate=maybe("low", "medium", "high"),
            ),
            attributes=attributes,
        )
    return family


class TraceWriter:
    """Draws consecutive steps: states whose values stay a while, inputs, variants' standing."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._t = rng.choice((0.0, 1000.0, -50.0, 1.7e9))
        self._state: dict[str, Any] = {}
        self._inputs: dict[str, Any] = {}
        self._change(everything=True)

    def step(self) -> tuple[DeviceState, dict[str, Any] | None, dict[str, VariantStatus] | None]:
        """Return the next step's whole input."""
        rng = self._rng
        roll = rng.random()
        if roll < 0.04:
            self._t -= rng.choice((1, 5))
        elif roll < 0.9:
            self._t += rng.choice((1.0, 1.0, 0.5, 2.0, 1.5, 1e-9, 30.0))
        self._change(everything=False)
        variants = None
        if rng.random() < 0.3:
            variants = {
                name: VariantStatus(rng.random() < 0.6, "because") for name in _VARIANTS if rng.random() < 0.6
            }
        state = DeviceState(timestamp=self._t, **self._state)
        return state, dict(self._inputs) if rng.random() < 0.9 else None, variants

    def _change(self, *, everything: bool) -> None:
        rng = self._rng
        draws: dict[str, tuple[Any, ...]] = {
            "battery_pct": (None, *_PERCENT, 15.5, 140.0),
            "is_charging": (None, True, False),
            "thermal_zone_c": (None, *_DEGREES, 300.0),
            "available_ram_mb": (*_MEMORY, None),
            "cpu_utilization_pct": (*_PERCENT, None),
            "gpu_utilization_pct": (None, *_PERCENT),
            "network_quality": (None, *_WORDS),
            "total_ram_mb": (None, 1000.0, 8000.0),
            "is_throttled": (None, True, False),
        }
        for name, values in draws.items():
            if everything or rng.random() < 0.3:
                self._state[name] = rng.choice(values)
        for name, values in {
            "light": (None, 0.0, 1.0, 2.0, 5.0, 2000.0),
            "presence": (None, True, False),
            "mode": (None, "day", "dusk", "night"),
        }.items():
            if everything or rng.random() < 0.3:
                self._inputs[name] = rng.choice(values)
