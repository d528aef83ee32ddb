"""What is known of devices beyond the schema: which signals ripple, and how finely sensors tell. Lints state no other."""

from __future__ import annotations

# Signals whose readings differ from one step to the next though nothing has changed.
NOISY = frozenset(
    (
        "battery_time_left",
        "cpu",
        "cpu_frequency",
        "cpu_pressure",
        "gpu",
        "inference_latency",
        "inference_rate",
        "memory_available",
        "memory_pressure",
        "power_draw",
        "temperature",
    )
)
# Signals that the engine forgets at each commit, until the new variant has served 20 calls.
RESET_BY_SWAPS = frozenset(("inference_latency", "inference_rate"))
# Batteries report whole percents and most thermal zones whole degrees; canonical units.
RESOLUTION = {"battery": 1.0, "temperature": 1.0}
# What an engine polls at, unless it is told otherwise.
POLL_INTERVAL_MS = 1000.0
