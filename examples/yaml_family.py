"""Read a family file, see what it declares, and let each of its variants serve.

    python examples/yaml_family.py

`pixels.yaml` beside this file gives each variant an adapter: callers have 8x8 pixels, whatever the model takes.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np

import edgeadapt as ea

ROOT = Path(__file__).resolve().parents[1]
FAMILY = ROOT / "examples/pixels.yaml"
IMAGES = 60


def main() -> None:
    """Show the family, serve by each variant, and show what a slip in the file leads to."""
    family = ea.ModelFamily.from_yaml(FAMILY)
    print(f"{family.name}: {family.description}")
    print(f"files that are missing: {len(family.missing_files())}\n")

    with np.load(ROOT / "families/digits/heldout.npz") as held_out:
        images, labels = held_out["images"][:IMAGES], held_out["labels"][:IMAGES]
    print(f"{'variant':<12} {'right':>7} {'ms each':>8}   callers give, and its model takes")
    with ea.Engine(family, ea.MaximizeAccuracy(latency_ceiling_ms=50)) as engine:
        for name in family.names:
            serve_by(engine, name)
            with engine.lease() as lease:  # one variant, whole, for as long as it is held
                started = perf_counter()
                answers = [int(lease.infer(image).argmax()) for image in images]
                each_ms = (perf_counter() - started) * 1e3 / len(images)
                right = int(np.sum(answers == labels))
                figures = f"{lease.variant:<12} {right:>3}/{len(images)} {each_ms:>8.3f}"
                print(f"{figures}   {lease.inputs[0]}, {lease.backend.inputs[0]}")

    print("\nA slip in the file is told with its place and remedy:")
    with tempfile.TemporaryDirectory() as folder:
        misspelt = Path(folder) / "pixels.yaml"
        text = FAMILY.read_text(encoding="utf-8")
        misspelt.write_text(text.replace("metadata:", "metdata:", 1), encoding="utf-8")
        try:
            ea.ModelFamily.from_yaml(misspelt)
        except ea.FamilyYamlError as error:
            print(error)


def serve_by(engine: ea.Engine, variant: str) -> None:
    """Load a variant beside what serves, then let it alone serve, which takes no load any more."""
    engine.preload(variant).wait()
    engine.pin(variant, who="the example", why="each variant in turn")


if __name__ == "__main__":
    main()
