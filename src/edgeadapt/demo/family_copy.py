"""A family's copy in which a model file may be broken: the shipped files stay as they are."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from edgeadapt.registry.family import ModelFamily


class FamilyCopy:
    """A family file and the folder of its name beside it, copied into a folder of the demo's own."""

    def __init__(self, family_path: Path, into: Path) -> None:
        path = into / family_path.name
        shutil.copy(family_path, path)
        shutil.copytree(family_path.parent / family_path.stem, into / family_path.stem)
        self.family = ModelFamily.from_yaml(path)
        self._whole: dict[str, bytes] = {}

    def spoil(self, variant: str) -> None:
        """Cut the model file short, as an interrupted update does."""
        path = Path(self.family.variant(variant).path)
        content = self._whole.setdefault(variant, path.read_bytes())
        _replace(path, content[: len(content) // 2])

    def repair(self, variant: str) -> None:
        """Put the whole file back."""
        _replace(Path(self.family.variant(variant).path), self._whole[variant])


def _replace(path: Path, content: bytes) -> None:
    # Never written in place: a session that serves from the old file may have it mapped.
    fresh = path.with_suffix(".new")
    fresh.write_bytes(content)
    os.replace(fresh, path)
