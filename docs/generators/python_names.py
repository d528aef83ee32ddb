"""Which public names there are, by what they are for; a name of `edgeadapt` in no group stops the page's making."""

from __future__ import annotations

GROUPS: dict[str, tuple[str, ...]] = {
    "Families": ("ModelFamily", "ModelVariant", "VariantMetadata"),
    "Policies": (
        "RulePolicy",
        "LambdaPolicy",
        "BasePolicy",
        "StabilityGuard",
        "SwapHistory",
        "Balanced",
        "MaximizeAccuracy",
        "MinimizePower",
    ),
    "Serving": ("Engine", "HotSwapper", "SwapEvent"),
    "The device": (
        "DeviceState",
        "PlatformProfiler",
        "FallbackProfiler",
        "RecordedProfiler",
        "get_profiler",
        "read_trace",
    ),
    "Deciding step by step": ("Session", "Decision", "VariantStatus", "InputLatch"),
    "Policy texts and programs": ("lint_text", "compile_text", "Diagnostic", "Program"),
    "Backends": ("InferenceBackend", "BackendCapability", "ONNXBackend"),
    "Errors": (
        "EdgeAdaptError",
        "ActivationError",
        "FamilyYamlError",
        "InferenceError",
        "InferenceTimeout",
        "InputError",
        "MemoryRefused",
        "ModelFileError",
        "NotServing",
        "ParameterError",
        "PolicyError",
        "PolicyFileError",
        "ProgramError",
        "SnapshotError",
        "TraceError",
    ),
}
# Stable import paths beside these; the paths of `edgeadapt.…` above work too.
ALSO = (
    "edgeadapt.observability.ObservabilityCollector",
    "edgeadapt.tooling.environment.environment_report",
)
