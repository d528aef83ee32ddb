"""EdgeAdapt: an adaptive inference control plane above ONNX Runtime.

The public names are imported when they are first used, so that `import edgeadapt` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module

# Importing `typing` alone would double the cost; type checkers know this name without it.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    # What `__getattr__` gives, for type checkers; a test holds this list against `_PUBLIC`.
    from edgeadapt import swap_codes as swap_codes
    from edgeadapt.backends.base import BackendCapability as BackendCapability
    from edgeadapt.backends.base import InferenceBackend as InferenceBackend
    from edgeadapt.backends.onnx_backend import ONNXBackend as ONNXBackend
    from edgeadapt.diagnostics import Diagnostic as Diagnostic
    from edgeadapt.diagnostics import PolicyError as PolicyError
    from edgeadapt.engine import Engine as Engine
    from edgeadapt.errors import ActivationError as ActivationError
    from edgeadapt.errors import EdgeAdaptError as EdgeAdaptError
    from edgeadapt.errors import FamilyYamlError as FamilyYamlError
    from edgeadapt.errors import InferenceError as InferenceError
    from edgeadapt.errors import InferenceTimeout as InferenceTimeout
    from edgeadapt.errors import InputError as InputError
    from edgeadapt.errors import MemoryRefused as MemoryRefused
    from edgeadapt.errors import ModelFileError as ModelFileError
    from edgeadapt.errors import NotServing as NotServing
    from edgeadapt.errors import PolicyFileError as PolicyFileError
    from edgeadapt.errors import ProgramError as ProgramError
    from edgeadapt.errors import SnapshotError as SnapshotError
    from edgeadapt.errors import TraceError as TraceError
    from edgeadapt.language import compile_text as compile_text
    from edgeadapt.language import lint_text as lint_text
    from edgeadapt.policy import BasePolicy as BasePolicy
    from edgeadapt.policy import LambdaPolicy as LambdaPolicy
    from edgeadapt.policy import RulePolicy as RulePolicy
    from edgeadapt.policy import StabilityGuard as StabilityGuard
    from edgeadapt.policy import SwapHistory as SwapHistory
    from edgeadapt.policy.presets import Balanced as Balanced
    from edgeadapt.policy.presets import MaximizeAccuracy as MaximizeAccuracy
    from edgeadapt.policy.presets import MinimizePower as MinimizePower
    from edgeadapt.profiler.base import FallbackProfiler as FallbackProfiler
    from edgeadapt.profiler.base import PlatformProfiler as PlatformProfiler
    from edgeadapt.profiler.base import get_profiler as get_profiler
    from edgeadapt.profiler.recorded import RecordedProfiler as RecordedProfiler
    from edgeadapt.profiler.recorded import read_trace as read_trace
    from edgeadapt.program import Decision as Decision
    from edgeadapt.program import ParameterError as ParameterError
    from edgeadapt.program import Program as Program
    from edgeadapt.program.status import VariantStatus as VariantStatus
    from edgeadapt.registry import ModelFamily as ModelFamily
    from edgeadapt.registry import ModelVariant as ModelVariant
    from edgeadapt.registry import VariantMetadata as VariantMetadata
    from edgeadapt.runtime import InputLatch as InputLatch
    from edgeadapt.runtime import Session as Session
    from edgeadapt.state import DeviceState as DeviceState
    from edgeadapt.swapper.event import SwapEvent as SwapEvent
    from edgeadapt.swapper.swapper import HotSwapper as HotSwapper

    __version__: str

# Module below `edgeadapt` → the public names that it gives.
_PUBLIC: dict[str, tuple[str, ...]] = {
    "backends.base": ("BackendCapability", "InferenceBackend"),
    "backends.onnx_backend": ("ONNXBackend",),
    "diagnostics": ("Diagnostic", "PolicyError"),
    "engine": ("Engine",),
    "errors": (
        "ActivationError",
        "EdgeAdaptError",
        "FamilyYamlError",
        "InferenceError",
        "InferenceTimeout",
        "InputError",
        "MemoryRefused",
        "ModelFileError",
        "NotServing",
        "PolicyFileError",
        "ProgramError",
        "SnapshotError",
        "TraceError",
    ),
    "language": ("compile_text", "lint_text"),
    "policy": ("BasePolicy", "LambdaPolicy", "RulePolicy", "StabilityGuard", "SwapHistory"),
    "policy.presets": ("Balanced", "MaximizeAccuracy", "MinimizePower"),
    "profiler.base": ("FallbackProfiler", "PlatformProfiler", "get_profiler"),
    "profiler.recorded": ("RecordedProfiler", "read_trace"),
    "program": ("Decision", "ParameterError", "Program"),
    "program.status": ("VariantStatus",),
    "registry": ("ModelFamily", "ModelVariant", "VariantMetadata"),
    "runtime": ("InputLatch", "Session"),
    "state": ("DeviceState",),
    "swapper.event": ("SwapEvent",),
    "swapper.swapper": ("HotSwapper",),
}
_MODULES = ("swap_codes",)
_MODULE_OF = {name: module for module, names in _PUBLIC.items() for name in names}

__all__ = sorted([*_MODULE_OF, *_MODULES, "__version__"])


def __getattr__(name: str) -> Any:
    value: Any
    if name in _MODULE_OF:
        value = getattr(import_module(f"edgeadapt.{_MODULE_OF[name]}"), name)
    elif name in _MODULES:
        value = import_module(f"edgeadapt.{name}")
    elif name == "__version__":
        # The installed package's metadata has it, and reading that takes longer than this whole import.
        from importlib.metadata import version

        value = version("edgeadapt")
    else:
        raise AttributeError(f"module 'edgeadapt' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
