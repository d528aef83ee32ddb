"""The public names are there, cost nothing until used, and are what type checkers are told."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import edgeadapt

PATHS = [
    "edgeadapt.engine.Engine",
    "edgeadapt.policy.base.BasePolicy",
    "edgeadapt.policy.base.LambdaPolicy",
    "edgeadapt.policy.base.SwapHistory",
    "edgeadapt.policy.presets.MaximizeAccuracy",
    "edgeadapt.policy.presets.MinimizePower",
    "edgeadapt.policy.presets.Balanced",
    "edgeadapt.policy.stability.StabilityGuard",
    "edgeadapt.registry.family.ModelFamily",
    "edgeadapt.registry.family.ModelVariant",
    "edgeadapt.registry.family.VariantMetadata",
    "edgeadapt.registry.yaml_loader.FamilyYamlError",
    "edgeadapt.profiler.base.DeviceState",
    "edgeadapt.profiler.base.PlatformProfiler",
    "edgeadapt.profiler.base.FallbackProfiler",
    "edgeadapt.profiler.base.get_profiler",
    "edgeadapt.backends.base.InferenceBackend",
    "edgeadapt.backends.base.BackendCapability",
    "edgeadapt.backends.onnx_backend.ONNXBackend",
    "edgeadapt.swapper.swapper.HotSwapper",
    "edgeadapt.observability.ObservabilityCollector",
    "edgeadapt.benchmark.runner.BenchmarkReport",
    "edgeadapt.benchmark.runner.benchmark_family",
    "edgeadapt.tooling.environment.environment_report",
    "edgeadapt.tooling.onnx_inspect.describe_onnx_model",
    "edgeadapt.cli.main.main",
]


@pytest.mark.parametrize("name", edgeadapt.__all__)
def test_each_public_name_can_be_used(name: str) -> None:
    assert getattr(edgeadapt, name) is not None
    assert name in dir(edgeadapt)


@pytest.mark.parametrize("path", PATHS)
def test_each_stable_import_path_leads_somewhere(path: str) -> None:
    module, _, name = path.rpartition(".")
    assert getattr(import_module(module), name) is not None


def test_another_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Enigne'"):
        _ = edgeadapt.Enigne


def test_type_checkers_are_told_the_same_names() -> None:
    tree = ast.parse(Path(edgeadapt.__file__).read_text("utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    told = {
        alias.asname: f"{node.module}.{alias.name}"
        for node in block.body
        if isinstance(node, ast.ImportFrom) and node.module != "typing"
        for alias in node.names
    }
    given = {name: f"edgeadapt.{module}.{name}" for name, module in edgeadapt._MODULE_OF.items()}
    assert told == {**given, "swap_codes": "edgeadapt.swap_codes"}


def test_importing_the_package_imports_no_dependency() -> None:
    code = "import sys, edgeadapt; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    heavy = {"attr", "attrs", "click", "lark", "numpy", "onnxruntime", "psutil", "rich", "ruamel", "typing"}
    assert heavy.isdisjoint(loaded)
    assert [name for name in loaded if name.startswith("edgeadapt.")] == []
