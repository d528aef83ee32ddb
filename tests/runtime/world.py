"""A small family, device states by signal name, and sessions from a policy's body: what the runtime's tests stand on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from edgeadapt.language import compile_text
from edgeadapt.program import Program
from edgeadapt.program.decision import Decision
from edgeadapt.registry.family import ModelFamily, VariantMetadata
from edgeadapt.runtime import Session
from edgeadapt.state import SIGNALS, DeviceState

S = 1_000_000_000
"""One second in nanoseconds."""


def measured() -> ModelFamily:
    """Three variants, each better and dearer than the one before it."""
    made = ModelFamily("measured")
    for name, accuracy, latency, memory, power in (
        ("tiny", 0.80, 5.0, 10.0, "low"),
        ("medium", 0.90, 15.0, 40.0, "medium"),
        ("full", 0.97, 40.0, 160.0, "high"),
    ):
        metadata = VariantMetadata(
            expected_latency_ms=latency,
            memory_footprint_mb=memory,
            accuracy_score=accuracy,
            power_draw_estimate=power,
        )
        made.add_variant(name, f"{name}.onnx", metadata=metadata)
    return made


def plain(*names: str, **attributes: Mapping[str, float | bool]) -> ModelFamily:
    """Variants of which nothing is known but what `attributes` say by name."""
    made = ModelFamily("plain")
    for name in (*names, *attributes):
        made.add_variant(name, f"{name}.onnx", attributes=attributes.get(name, {}))
    return made


ABC = plain("a", "b", "c")
MEASURED = measured()


def program(body: str, params: Mapping[str, Any] | None = None) -> Program:
    """Compile a policy's body."""
    return compile_text(f"edition 1 policy p {{ {body} }}", params=params)


def session(
    body: str, family: ModelFamily = ABC, params: Mapping[str, Any] | None = None, **options: Any
) -> Session:
    """Open a session of a policy's body."""
    return Session(program(body, params), family, **options)


def state(t: float, **signals: Any) -> DeviceState:
    """Return a device state by the language's signal names, in canonical units; the rest as in a policy's test."""
    values: dict[str, Any] = {
        "battery_pct": None,
        "is_charging": None,
        "thermal_zone_c": None,
        "available_ram_mb": 4000.0,
        "cpu_utilization_pct": 0.0,
        "gpu_utilization_pct": None,
        "network_quality": None,
    }
    for name, value in signals.items():
        signal = SIGNALS[name]
        values[signal.attribute] = signal.from_canonical(value) if isinstance(value, float) else value
    return DeviceState(timestamp=t, **values)


def at(session: Session, t_ns: int, **inputs: Any) -> Decision:
    """Step a session at a time in nanoseconds, on inputs alone."""
    return session.step(state(t_ns / S), inputs)


def only_phase(session: Session) -> str:
    """Return the phase of the session's one rule."""
    (phase,) = session.phases.values()
    return phase
