"""How EdgeAdapt stands on this machine, as plain data: what is installed, what runs, what may be used, what is measured.

It imports nothing at its own import that may be missing or broken here: that is what it reports.
"""

from __future__ import annotations

import os
import platform
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from edgeadapt.tooling.caches import compile_cache
from edgeadapt.tooling.extras import backends, extras
from edgeadapt.tooling.kernel import kernel_features
from edgeadapt.tooling.limits import memory_limits, processors
from edgeadapt.tooling.packages import package_versions, version_of
from edgeadapt.tooling.runtime_probe import probe_onnxruntime
from edgeadapt.wording import in_words

_ROOT = Path("/")


def environment_report() -> dict[str, Any]:
    """Return the report: plain data that JSON can hold.

    Keys: `edgeadapt`, `python`, `platform`, `packages`, `extras`, `backends`, `onnxruntime`, `memory`, `processors`,
    `kernel`, `cache`, `profiler`; `problems`, each with its `remedy`, which keep something from working; and `notes`,
    lines on what works less well than it could.
    """
    report: dict[str, Any] = {
        "edgeadapt": {
            "version": version_of("edgeadapt"),
            "folder": os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
            "core": _core(),
        },
        "python": {
            "version": platform.python_version(),
            "implementation": platform.python_implementation(),
            "executable": sys.executable,
        },
        "platform": {
            "system": platform.system(),
            "release": platform.release(),
            "machine": platform.machine(),
            "libc": " ".join(platform.libc_ver()).strip(),
        },
        "packages": package_versions(),
        "extras": extras(),
        "backends": _backends(),
        "onnxruntime": _onnxruntime(),
        "memory": memory_limits(_ROOT),
        "processors": processors(_ROOT),
        "kernel": kernel_features(_ROOT),
        "cache": compile_cache(),
        "profiler": _profiler(),
    }
    report["memory"]["available_mb"] = report["profiler"]["signals"].get("memory_available")
    report["problems"] = _problems(report)
    report["notes"] = _notes(report)
    return report


def _core() -> dict[str, str]:
    try:
        core = import_module("edgeadapt._core")
    except ImportError as error:
        return {"path": "", "error": in_words(error) or "it cannot be imported"}
    return {"path": core.__file__ or "", "error": ""}


def _backends() -> dict[str, Any]:
    try:
        return backends()
    except ImportError:  # the native core does not load, which is a problem of its own
        return {}


def _onnxruntime() -> dict[str, Any]:
    probed = probe_onnxruntime()
    native = _native_support()
    runs = "native" if not native["reason"] else "none" if probed["error"] else "python"
    return {**probed, "activation": runs, **native}


def _native_support() -> dict[str, Any]:
    """Say which shared library would be used, and why not: an empty reason is a yes."""
    try:
        # By name: it needs the native core.
        support = import_module("edgeadapt.backends.onnx_support").support()
    except ImportError as error:
        return {"library": None, "library_version": None, "reason": in_words(error)}
    return {"library": support.path, "library_version": support.version, "reason": support.reason}


def _profiler() -> dict[str, Any]:
    from edgeadapt.profiler.base import get_profiler
    from edgeadapt.state import SIGNALS

    try:
        with get_profiler() as profiler:
            state = profiler.snapshot()
            return {
                "name": type(profiler).__name__,
                "signals": {name: state.value(name) for name in SIGNALS},
                "reasons": dict(profiler.reasons()),
                "error": "",
            }
    except ImportError as error:
        return {"name": "", "signals": {}, "reasons": {}, "error": in_words(error)}


def _problems(report: dict[str, Any]) -> list[dict[str, str]]:
    found: list[tuple[str, str]] = []
    core, runtime = report["edgeadapt"]["core"], report["onnxruntime"]
    if core["error"]:
        found.append(
            (f"the native core does not load: {core['error']}", "install EdgeAdapt again for this Python")
        )
    found += [
        (f"the package `{name}` is not installed", f"pip install {name}")
        for name, version in report["packages"]["required"].items()
        # Its other builds have other names, and are asked for below.
        if version is None and name != "onnxruntime"
    ]
    if runtime["activation"] == "none":
        found.append(
            (
                f"onnxruntime cannot be imported: {runtime['error']}",
                "pip install --force-reinstall onnxruntime",
            )
        )
    if report["profiler"]["error"]:
        found.append((f"nothing is measured: {report['profiler']['error']}", "install what it names"))
    return [{"problem": problem, "remedy": remedy} for problem, remedy in found]


def _notes(report: dict[str, Any]) -> list[str]:
    notes: list[str] = []
    runtime, profiler = report["onnxruntime"], report["profiler"]
    if report["edgeadapt"]["version"] is None:
        notes.append("EdgeAdapt was not installed as a package, so its requirements are not known")
    if runtime["activation"] == "native" and runtime["error"]:
        notes.append(
            f"models run natively, but Python's ONNX Runtime, which stands in for it, can't be imported: {runtime['error']}"
        )
    if runtime["activation"] == "python":
        notes.append(f"models run through Python's ONNX Runtime, and not natively: {runtime['reason']}")
    notes += [part["note"] for part in (*report["kernel"].values(), report["cache"]) if part["note"]]
    if profiler["signals"] and profiler["signals"].get("memory_available") is None:
        notes.append("the available memory is unknown here, so no load is refused for want of it")
    return notes
