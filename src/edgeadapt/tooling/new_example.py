"""The models of an example for who has none at hand: copies of shipped ones, with what was measured of them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from edgeadapt.registry.family import ModelFamily
from edgeadapt.shipped import shipped
from edgeadapt.tooling.new_family import NewVariant, new_variant

_VARIANTS = ("tiny", "small", "medium_int8")


def copy_example(folder: Path) -> list[NewVariant]:
    """Copy them into a folder; raises FileExistsError where one is there already, before any is copied, and OSError."""
    family = ModelFamily.from_yaml(shipped("families/digits.yaml"))
    places = {name: folder / f"{name}.onnx" for name in _VARIANTS}
    for place in places.values():
        if os.path.lexists(place):
            raise FileExistsError(17, "file exists", str(place))
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, place in places.items():
        variant = family.variant(name)
        shutil.copyfile(variant.path, place)
        made.append(new_variant(str(place), name, variant.metadata))
    return made
