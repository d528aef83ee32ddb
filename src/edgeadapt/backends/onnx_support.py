"""Whether ONNX Runtime's shared library serves here, or its Python module must; found without importing onnxruntime.

Two environment variables decide, for the whole process: `EDGEADAPT_ONNX=python` serves by the Python module, and
`EDGEADAPT_ONNXRUNTIME_LIBRARY=PATH` names another library than the installed wheel's.
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import attrs

from edgeadapt import _core
from edgeadapt.backends.onnx_errors import NoNativeError
from edgeadapt.wording import in_words, shown

CHOICE = "EDGEADAPT_ONNX"
LIBRARY = "EDGEADAPT_ONNXRUNTIME_LIBRARY"

# Read once in a process, when the library is first opened.
_TELEMETRY = "ORT_DISABLE_TELEMETRY"

# Where a wheel has the library, below the package: Linux, macOS, Windows.
_PATTERNS = ("libonnxruntime.so.*", "libonnxruntime.*.dylib", "onnxruntime.dll")


@attrs.frozen
class NativeSupport:
    """The library that serves, and its version; `reason` says why none does, and is empty where one does."""

    path: str | None
    version: str | None
    reason: str


def keep_telemetry_off() -> None:
    """Keep ONNX Runtime from reporting to its maker, unless the host's environment says something else.

    From 1.29 on it connects to a server, keeps a file that identifies the device, and starts a thread that a forked child
    waits for at its exit, for ever or until it crashes. Only the environment can keep all that from starting.
    """
    os.environ.setdefault(_TELEMETRY, "1")


def support() -> NativeSupport:
    """Find and open the library; never raises."""
    keep_telemetry_off()
    choice = os.environ.get(CHOICE, "")
    if choice not in ("", "native"):
        said = "says so" if choice == "python" else f"is `native` or `python`, not {shown(choice)}"
        return NativeSupport(None, None, f"the environment variable `{CHOICE}` {said}")
    path = os.environ.get(LIBRARY)
    if not path:
        package = _package()
        if package is None:
            return NativeSupport(
                None, None, "onnxruntime is not installed; install it: pip install onnxruntime"
            )
        path = _library(package)
    elif os.path.exists(path) and not os.path.isfile(path):
        # A pipe would block whoever opens it, for ever.
        return NativeSupport(path, None, f"{shown(path)}, which `{LIBRARY}` names, is no regular file")
    if path is None:
        reason = "the installed onnxruntime has no shared library; versions from 1.19 on have one"
        return NativeSupport(None, None, reason)
    try:
        return NativeSupport(path, _core.onnx_runtime_version(path), "")
    except NoNativeError as error:
        return NativeSupport(path, None, in_words(error))


def _package() -> Path | None:
    try:
        spec = importlib.util.find_spec("onnxruntime")
    except (ImportError, ValueError):
        # Of a module that is half imported, or stands in for the real one.
        return None
    return None if spec is None or not spec.origin else Path(spec.origin).parent


def _library(package: Path) -> str | None:
    found = sorted(path for pattern in _PATTERNS for path in (package / "capi").glob(pattern))
    return os.fspath(found[0]) if found else None
