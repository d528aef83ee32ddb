"""The five rules of `policy_speed` in other rule engines, each in its own fastest form.

None of these engines has memory, so hysteresis, timers, bands and the guard are left out: what is compared is the five
conditions on one state. Each takes its input prepared beforehand as it likes it best, which is not measured.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

import attrs

from edgeadapt.state import DeviceState

INSTALL = "pip install zen-engine rule-engine cel-python"

Facts = dict[str, object]
# From what the engine takes to the variant.
Decide = Callable[[object], object]

# What a rule must know, its conditions, and the variant. These engines fail on comparing `null`, so each asks for it first.
_RULES = (
    (("temperature",), ("temperature >= 75.0",), "tiny"),
    (("battery", "charging"), ("battery < 20.0", "charging == false"), "tiny"),
    ((), ("memory_available < 512.0",), "tiny"),
    ((), ("cpu > 85.0",), "tiny"),
    (("charging",), ("charging == true", "cpu < 60.0"), "full"),
)


@attrs.frozen
class Engine:
    """An engine that is installed: `prepare` makes its input of the facts, `decide` answers with a variant."""

    name: str
    prepare: Callable[[Facts], object]
    decide: Decide


def facts(state: DeviceState) -> Facts:
    """Return what the five rules ask of a state, by the signals' names."""
    return {
        "temperature": state.thermal_zone_c,
        "battery": state.battery_pct,
        "charging": state.is_charging,
        "memory_available": state.available_ram_mb,
        "cpu": state.cpu_utilization_pct,
    }


def installed() -> tuple[list[Engine], list[str]]:
    """Return the engines that can be imported, and the names of those that can't."""
    known = (
        ("zen-engine", "zen", _zen),
        ("rule-engine", "rule_engine", _rule_engine),
        ("cel-python", "celpy", _cel),
    )
    found = [module for _, module, _ in known if find_spec(module) is not None]
    engines = [make(name) for name, module, make in known if module in found]
    return engines, [name for name, module, _ in known if module not in found]


def _chain(conjunction: str, is_known: str) -> str:
    """Return the rules as one nest of conditional expressions, which all three understand."""
    text = "'medium'"
    for needed, conditions, variant in reversed(_RULES):
        parts = (*(is_known.format(name) for name in needed), *conditions)
        text = f"({conjunction.join(parts)} ? '{variant}' : {text})"
    return text


def _zen(name: str) -> Engine:
    import zen

    # A compiled expression: a decision table with the same rules takes many times as long.
    expression = zen.compile_expression(_chain(" and ", "{} != null"))
    return Engine(name, lambda given: given, expression.evaluate)


def _rule_engine(name: str) -> Engine:
    import rule_engine

    # Without a type resolver: with one it checks each value's type again in every call.
    return Engine(name, lambda given: given, rule_engine.Rule(_chain(" and ", "{} != null")).evaluate)


def _cel(name: str) -> Engine:
    import celpy

    # It writes Python from the expression; its default is to walk the tree, which takes longer. `null` can't be compared
    # with a number, only their types can.
    environment = celpy.Environment(runner_class=celpy.CompiledRunner)
    program = environment.program(environment.compile(_chain(" && ", "type({}) != null_type")))
    return Engine(name, celpy.json_to_cel, program.evaluate)
