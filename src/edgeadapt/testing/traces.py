"""Traces of device states for Hypothesis: drift and jumps, noise, sensors that fall silent, clocks that step."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import strategies as st

from edgeadapt.state import SIGNALS, DeviceState
from edgeadapt.state.signal import Signal, SignalKind
from edgeadapt.testing.states import bounds, signal_values

# Where a wide range, such as memory's 16 TB, ends for common devices, in the attribute's unit.
_COMMON_END = 16_000.0
# Chances at a step: that a value jumps, that a sensor falls silent or speaks again, that the clock steps back.
_JUMP, _SILENT, _SPEAKS, _STEP_BACK = 0.03, 0.02, 0.3, 0.02


def traces(
    *, min_steps: int = 1, max_steps: int = 60, unknowns: bool = True, clock_steps: bool = True
) -> st.SearchStrategy[tuple[DeviceState, ...]]:
    """Draw a device's states as a profiler would see them, about a second to a minute apart.

    Each number drifts in its range with a sensor's noise upon it; at times it jumps, is unknown for a while, or the
    clock steps backwards. `unknowns=False` and `clock_steps=False` leave those out.
    """

    @st.composite
    def trace(draw: st.DrawFn) -> tuple[DeviceState, ...]:
        count = draw(st.integers(min_steps, max_steps))
        period_s = draw(st.sampled_from((1.0, 0.1, 10.0, 60.0)))
        # A walk of its own seed: drawing each of its numbers would exceed what Hypothesis allows an example.
        rng = Random(draw(st.integers(0, 2**32 - 1)))  # noqa: S311 - a draw of examples, not of secrets
        walks = [_Walk(signal, draw(signal_values(signal)), rng, unknowns) for signal in SIGNALS.values()]
        time_s = draw(st.floats(0.0, 1e6))
        states: list[DeviceState] = []
        for _ in range(count):
            states.append(
                DeviceState(timestamp=max(time_s, 0.0), **{it.attribute: it.read() for it in walks})
            )
            time_s += period_s * rng.uniform(0.8, 1.2)
            if clock_steps and rng.random() < _STEP_BACK:
                time_s -= period_s * rng.uniform(1.0, 100.0)
        return tuple(states)

    return trace()


class _Walk:
    """One signal over time: what is true drifts, what is read has noise or is missing."""

    def __init__(self, signal: Signal, first: Any, rng: Random, unknowns: bool) -> None:
        self.attribute = signal.attribute
        self._signal, self._rng = signal, rng
        self._may_fail = unknowns and signal.optional
        self._is_silent = first is None and self._may_fail
        self._value = self._any() if first is None else first
        self._slope = rng.gauss(0.0, 0.005)

    def read(self) -> Any:
        """Move on by a step and return what the sensor says."""
        rng = self._rng
        if rng.random() < _JUMP:
            self._value, self._slope = self._any(), rng.gauss(0.0, 0.005)
        if self._may_fail and rng.random() < (_SPEAKS if self._is_silent else _SILENT):
            self._is_silent = not self._is_silent
        if self._signal.kind is not SignalKind.NUMERIC:
            return None if self._is_silent else self._value
        low, high = bounds(self._signal)
        width = min(high, _COMMON_END) - low
        self._value = min(max(self._value + self._slope * width, low), high)
        noisy = min(max(self._value + rng.gauss(0.0, 0.002) * width, low), high)
        return None if self._is_silent else noisy

    def _any(self) -> Any:
        rng = self._rng
        if self._signal.kind is SignalKind.BOOLEAN:
            return rng.random() < 0.5
        if self._signal.kind is SignalKind.WORD:
            return rng.choice(self._signal.words)
        low, high = bounds(self._signal)
        return rng.uniform(low, min(high, _COMMON_END))
