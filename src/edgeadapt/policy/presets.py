"""The shipped presets by name: thin classes over `policies/*.eap`, whose parameters they set.

They read the compiled forms beside the texts, so that they need no parser; a test keeps both equal.
"""

from __future__ import annotations

from edgeadapt.policy.rule_policy import Params, RulePolicy
from edgeadapt.program.compiled import read_compiled
from edgeadapt.shipped import shipped

__all__ = ["Balanced", "MaximizeAccuracy", "MinimizePower"]


class _Preset(RulePolicy):
    """A shipped policy with its parameters set; raises ParameterError for a value out of its range."""

    def __init__(self, file: str, params: Params) -> None:
        super().__init__(read_compiled(shipped(f"policies/{file}.eapc")), params)


class MaximizeAccuracy(_Preset):
    """The most accurate variant whose latency is at most the ceiling, in ms."""

    def __init__(self, *, latency_ceiling_ms: float = 100.0) -> None:
        super().__init__("maximize_accuracy", {"latency_ceiling": latency_ceiling_ms})


class MinimizePower(_Preset):
    """The variant that draws the least power among those with at least this accuracy, 0 to 1."""

    def __init__(self, *, min_accuracy_floor: float = 0.8) -> None:
        super().__init__("minimize_power", {"min_accuracy_floor": min_accuracy_floor})


class Balanced(_Preset):
    """The best weighed sum of accuracy, speed and frugality among the variants within a latency ceiling, in ms."""

    def __init__(
        self,
        *,
        latency_ceiling_ms: float = 100.0,
        w_acc: float = 0.5,
        w_lat: float = 0.3,
        w_pwr: float = 0.2,
    ) -> None:
        weights = {"w_acc": w_acc, "w_lat": w_lat, "w_pwr": w_pwr}
        super().__init__("balanced", {"latency_ceiling": latency_ceiling_ms, **weights})
