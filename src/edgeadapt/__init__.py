"""EdgeAdapt: an adaptive inference control plane above ONNX Runtime.

The public names below are imported when they are first used, so that `import edgeadapt` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from edgeadapt.errors import EdgeAdaptError as EdgeAdaptError

    __version__: str

# Public name → the module that holds it.
_PUBLIC = {
    "EdgeAdaptError": "errors",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        value: Any = version("edgeadapt")
    elif name in _PUBLIC:
        value = getattr(import_module(f"edgeadapt.{_PUBLIC[name]}"), name)
    else:
        raise AttributeError(f"module 'edgeadapt' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_PUBLIC, "__version__"})
