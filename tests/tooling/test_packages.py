from __future__ import annotations

from importlib import metadata

from edgeadapt.tooling.packages import package_versions, version_of


def test_every_requirement_has_its_version() -> None:
    found = package_versions()
    assert found["required"]["attrs"] == metadata.version("attrs")
    assert {"click", "lark", "numpy", "onnxruntime", "psutil", "ruamel.yaml"} <= set(found["required"])
    assert found["optional"]["pytest"] == metadata.version("pytest")
    assert "edgeadapt" not in found["optional"]


def test_what_is_not_installed_has_none() -> None:
    assert version_of("edgeadapt-is-not-this") is None
    assert package_versions("edgeadapt-is-not-this") == {"required": {}, "optional": {}}
