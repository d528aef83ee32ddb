"""Which packages EdgeAdapt declares, and which versions of them are installed."""

from __future__ import annotations

import re
from importlib import metadata

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def package_versions(package: str = "edgeadapt") -> dict[str, dict[str, str | None]]:
    """Return the versions of what a package needs and of what its extras name: `required` and `optional`.

    None is a package that is not installed; both are empty where the package itself was not installed by name.
    """
    found: dict[str, dict[str, str | None]] = {"required": {}, "optional": {}}
    for requirement in _requirements(package):
        name = _NAME.match(requirement)
        if name is None or name.group() == package:
            continue
        part = "optional" if "extra ==" in requirement else "required"
        if name.group() not in found["required"]:
            found[part][name.group()] = version_of(name.group())
    return found


def version_of(package: str) -> str | None:
    """Return an installed package's version, None where it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _requirements(package: str) -> list[str]:
    try:
        return metadata.requires(package) or []
    except metadata.PackageNotFoundError:
        return []
