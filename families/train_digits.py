"""Trains, exports, quantizes and measures the digits family: `python families/train_digits.py --out DIR`.

Needs the extra `train`. Weights depend only on the seeds and library versions; the measured figures on the machine.
`--measure` keeps the ONNX files found in DIR and renews everything else.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import torch
from digits_images import DigitsSplit, load_split, resize
from digits_networks import RECIPES, Recipe, train
from digits_yaml import VariantFigures, family_yaml, markdown_table
from measure_variant import Measurement, open_session
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import nn

OPSET = 17
IR_VERSION = 8
CALIBRATION_IMAGES = 256
GOLDEN_IMAGES = 8
FRESH_PROCESSES = 5
INT8_OF = "medium"


class TrainingImages(CalibrationDataReader):  # type: ignore[misc] # onnxruntime ships no types
    """Feeds training images, one at a time, to the quantizer; held-out images never reach it."""

    def __init__(self, split: DigitsSplit, size: int) -> None:
        """Prepare the first images of the training half at `size`."""
        batch = resize(split.train_images[:CALIBRATION_IMAGES], size)
        self._images: Iterator[np.ndarray] = iter(batch[:, np.newaxis])

    def get_next(self) -> dict[str, np.ndarray] | None:
        """Return the next image as the model's inputs, or None at the end."""
        image = next(self._images, None)
        return None if image is None else {"image": image}


def export(network: nn.Module, size: int, path: Path) -> None:
    """Write `network` as ONNX with a dynamic batch, input `image`, output `scores`, weights embedded."""
    with warnings.catch_warnings():
        # The tracing exporter is chosen for its opset 17 output, which older runtimes load; it warns of its age.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            (torch.zeros(2, 1, size, size),),
            str(path),
            dynamo=False,
            opset_version=OPSET,
            input_names=["image"],
            output_names=["scores"],
            dynamic_axes={"image": {0: "N"}, "scores": {0: "N"}},
        )
    _save(onnx.load(path), path)


def quantize(source: Path, target: Path, split: DigitsSplit, size: int) -> None:
    """Write `source` as int8, calibrated on training images.

    Weights use 7 bits (`reduce_range`): x86 without VNNI would saturate on 8, and answers would depend on the CPU.
    """
    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared.onnx"
        quant_pre_process(str(source), str(prepared))
        quantize_static(
            str(prepared),
            str(target),
            TrainingImages(split, size),
            quant_format=QuantFormat.QDQ,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
        )
    _save(onnx.load(target), target)


def _save(model: onnx.ModelProto, path: Path) -> None:
    model.ir_version = IR_VERSION
    onnx.checker.check_model(model)
    onnx.save(model, path)


def make_models(folder: Path, split: DigitsSplit) -> None:
    """Train every recipe and write its ONNX file, and the int8 variant's."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    for recipe in RECIPES:
        print(f"training {recipe.name}", flush=True)
        path = folder / f"{recipe.name}.onnx"
        export(train(recipe, split.train_images, split.train_labels), recipe.input_size, path)
        if recipe.name == INT8_OF:
            quantize(path, folder / f"{recipe.name}_int8.onnx", split, recipe.input_size)


def renew_figures(folder: Path, name: str, recipe: Recipe, split: DigitsSplit) -> VariantFigures:
    """Measure one variant with ONNX Runtime and write its golden inputs and outputs."""
    path = folder / f"{name}.onnx"
    session = open_session(str(path))
    images = resize(split.held_out_images, recipe.input_size)
    (scores,) = session.run(None, {"image": images})
    golden = images[:GOLDEN_IMAGES]
    np.savez(folder / f"golden_inputs_{recipe.input_size}.npz", image=golden)
    np.savez(folder / f"{name}.golden.npz", scores=session.run(None, {"image": golden})[0])
    runs = [_measure_afresh(path, recipe.input_size) for _ in range(FRESH_PROCESSES)]
    return VariantFigures(
        name=name,
        input_size=recipe.input_size,
        path=path,
        accuracy=float((scores.argmax(axis=1) == split.held_out_labels).mean()),
        latency_ms=min(run.latency_ms for run in runs),
        memory_mb=statistics.median(run.memory_mb for run in runs),
    )


def _measure_afresh(path: Path, size: int) -> Measurement:
    script = Path(__file__).with_name("measure_variant.py")
    command = [sys.executable, str(script), str(path), str(size)]
    return Measurement(
        **json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    )


def main() -> None:
    """Make the family in `--out`, and print its table of figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for digits.yaml and digits/")
    parser.add_argument(
        "--measure", action="store_true", help="keep the ONNX files; renew figures, goldens and YAML"
    )
    arguments = parser.parse_args()
    folder = arguments.out / "digits"
    folder.mkdir(parents=True, exist_ok=True)
    split = load_split()
    np.savez_compressed(folder / "heldout.npz", images=split.held_out_images, labels=split.held_out_labels)
    if not arguments.measure:
        make_models(folder, split)
    wanted = [(recipe.name, recipe) for recipe in RECIPES]
    at = next(i for i, (name, _) in enumerate(wanted) if name == INT8_OF)
    wanted.insert(at, (f"{INT8_OF}_int8", wanted[at][1]))
    figures = [renew_figures(folder, name, recipe, split) for name, recipe in wanted]
    (arguments.out / "digits.yaml").write_text(family_yaml(figures), encoding="utf-8")
    print(markdown_table(figures))


if __name__ == "__main__":
    main()
