"""The models of an example for who has none at hand: copies of shipped ones, with what was measured of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import attrs

from edgeadapt.registry.family import ModelFamily
from edgeadapt.shipped import shipped
from edgeadapt.tooling.new_family import NewVariant, new_variant

_VARIANTS = ("tiny", "small", "medium_int8")


def example(folder: Path) -> list[NewVariant]:
    """Return the variants as they will be once `copy_example` has put their models into a folder."""
    family = ModelFamily.from_yaml(shipped("families/digits.yaml"))
    return [
        attrs.evolve(
            new_variant(family.variant(name).path, name, family.variant(name).metadata),
            path=str(folder / f"{name}.onnx"),
        )
        for name in _VARIANTS
    ]


def copy_example(folder: Path) -> None:
    """Copy the models; raises OSError, FileExistsError where one is there already."""
    family = ModelFamily.from_yaml(shipped("families/digits.yaml"))
    folder.mkdir(parents=True, exist_ok=True)
    for name in _VARIANTS:
        with open(family.variant(name).path, "rb") as model, (folder / f"{name}.onnx").open("xb") as copy:
            shutil.copyfileobj(model, copy)
