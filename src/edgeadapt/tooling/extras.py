"""What may be installed beside EdgeAdapt, for whom, and what is here: the extras that serve users, and the backends."""

from __future__ import annotations

from typing import Any

from edgeadapt.tooling.packages import version_of

# Extra → the package that it brings, and what that is for. Those for work on EdgeAdapt itself are not among them.
EXTRAS = {
    "openvino": ("openvino", "variants of `backend: openvino`"),
    "plot": ("matplotlib", "the picture that `edgeadapt demo` draws"),
    "prometheus": ("prometheus-client", "the sink that gives an engine's metrics to Prometheus"),
    "watch": ("watchfiles", "reading a policy and a family again as soon as their files change"),
    "testing": ("hypothesis", "drawing devices, days and policies in tests of your own"),
}


def extras() -> dict[str, dict[str, Any]]:
    """Return each extra's `package`, its `version` (None where it is missing), what it is `for`, and how to `install` it."""
    return {
        extra: {
            "package": package,
            "version": version_of(package),
            "for": purpose,
            "install": f"pip install 'edgeadapt[{extra}]'",
        }
        for extra, (package, purpose) in EXTRAS.items()
    }


def backends() -> dict[str, dict[str, Any]]:
    """Return each shipped backend's runtime: its `module`, its `version`, and what is `missing`, empty where nothing is."""
    # Imported here: it needs the native core, whose trouble is told by itself.
    from edgeadapt.backends.availability import missing_backend
    from edgeadapt.backends.shipped_backends import BACKENDS

    return {
        tag: {
            "module": shipped.module,
            "version": version_of(shipped.module),
            "missing": missing_backend(tag),
        }
        for tag, shipped in BACKENDS.items()
    }
