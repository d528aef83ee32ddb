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
    "edgeadapt.engine.status.EngineStatus",
    "edgeadapt.engine.status.InferenceResult",
    "edgeadapt.engine.lease.EngineLease",
    "edgeadapt.engine.control.ControlSocket",
    "edgeadapt.observability.ObservabilityCollector",
    "edgeadapt.observability.Sink",
    "edgeadapt.observability.sinks.decision_log.DecisionLog",
    "edgeadapt.observability.sinks.prometheus.PrometheusSink",
    "edgeadapt.backends.default_loader",
    "edgeadapt.backends.availability.installed_backends",
    "edgeadapt.backends.tensor_spec.TensorSpec",
    "edgeadapt.benchmark.runner.benchmark_family",
    "edgeadapt.benchmark.runner.BenchmarkReport",
    "edgeadapt.tooling.environment.environment_report",
    "edgeadapt.tooling.onnx_inspect.describe_onnx_model",
)
