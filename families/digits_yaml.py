"""Writes the digits family's YAML file and its table of figures from measured values; measures nothing."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import attrs
from measure_variant import SESSION

HEADER = """\
# Made by `python families/train_digits.py --out families`; edit that, not this.
#
# accuracy_score: share right of the held-out images in digits/heldout.npz, by ONNX Runtime.
# expected_latency_ms: one image, one thread, bare ONNX Runtime with the session options below; the lowest of many
#   rounds' medians, so that other work on the machine doesn't count.
# memory_footprint_mb: resident memory gained by loading the file and running it, median of fresh processes, 0.1 at least.
# power_draw_estimate: by CPU time an image: low below 0.1 ms, medium below 5 ms, high from there.
#
# An image of 8x8 pixels (0..16) is divided by 16 and brought to input_size: 4 averages 2x2 pixels, a multiple of 8
# repeats each pixel. Inputs are float32 [N, 1, input_size, input_size], outputs float32 [N, 10].
schema_version: 1
name: digits
description: handwritten digits, 8x8 pixels, ten classes; five variants from a linear model to an ensemble of CNNs
# Callers bring an image to the input_size of the variant that serves, which a lease tells them: sizes are not compared.
contract:
  inputs:
    - {name: image, dtype: float32, shape: [N, 1, null, null]}
  outputs:
    - {name: scores, dtype: float32, shape: [N, 10]}
variants:
"""


@attrs.frozen
class VariantFigures:
    """What was measured of one variant's file; milliseconds, and MB of 10^6 bytes."""

    name: str
    input_size: int
    path: Path
    accuracy: float
    latency_ms: float
    memory_mb: float

    @property
    def power(self) -> str:
        """`low`, `medium` or `high`, by the CPU time of an image."""
        if self.latency_ms < 0.1:
            return "low"
        return "medium" if self.latency_ms < 5 else "high"

    @property
    def is_int8(self) -> bool:
        """Whether the weights are quantized."""
        return self.name.endswith("_int8")


def family_yaml(figures: list[VariantFigures]) -> str:
    """Return the whole family file."""
    return HEADER + "".join(_variant_yaml(variant) for variant in figures)


def _variant_yaml(variant: VariantFigures) -> str:
    # Another CPU's int8 kernels may round an activation to the next step, which moves a score by far more than float does.
    atol = "0.25" if variant.is_int8 else "1.0e-3"
    entries = "\n".join(f'        {key}: "{value}"' for key, value in SESSION["config_entries"].items())
    return f"""\
  - name: {variant.name}
    path: digits/{variant.name}.onnx
    backend: onnx
    sha256: "{hashlib.sha256(variant.path.read_bytes()).hexdigest()}"
    metadata:
      accuracy_score: {variant.accuracy:.4f}
      expected_latency_ms: {variant.latency_ms:.3g}
      memory_footprint_mb: {variant.memory_mb:.1f}
      power_draw_estimate: {variant.power}
    attributes:
      input_size: {variant.input_size}
      int8: {json.dumps(variant.is_int8)}
    session:
      intra_op_num_threads: {SESSION["intra_op_num_threads"]}
      inter_op_num_threads: {SESSION["inter_op_num_threads"]}
      graph_optimization_level: {SESSION["graph_optimization_level"]}
      providers: {json.dumps(SESSION["providers"])}
      config_entries:
{entries}
    golden:
      inputs: digits/golden_inputs_{variant.input_size}.npz
      outputs: digits/{variant.name}.golden.npz
      atol: {atol}
      rtol: 1.0e-3
"""


def markdown_table(figures: list[VariantFigures]) -> str:
    """Return the figures as a Markdown table."""
    rows = [
        "| variant | input | file kB | accuracy | latency ms | memory MB |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
    ]
    for variant in figures:
        side, size_kb = variant.input_size, variant.path.stat().st_size / 1e3
        rows.append(
            f"| {variant.name} | {side}x{side} | {size_kb:.1f} | {variant.accuracy:.4f} "
            f"| {variant.latency_ms:.3g} | {variant.memory_mb:.1f} |"
        )
    return "\n".join(rows)
