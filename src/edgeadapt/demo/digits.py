"""The digits family at work: its held-out images, each variant's input, and its own answers by bare ONNX Runtime."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from edgeadapt.registry.family import ModelFamily, ModelVariant

Pixels = npt.NDArray[np.uint8]
Scores = npt.NDArray[np.float32]
Answers = dict[str, dict[int, Scores]]


@attrs.frozen(eq=False)
class HeldOut:
    """Images that no training saw: [N, 8, 8] pixels of 0 to 16, and their labels."""

    images: Pixels
    labels: npt.NDArray[np.int64]

    @classmethod
    def read(cls, path: Path) -> HeldOut:
        """Read the family's `heldout.npz`."""
        with np.load(path) as file:
            return cls(file["images"], file["labels"])


def model_input(image: Pixels, size: int) -> Scores:
    """Bring one 8x8 image to a variant's input size: float32 [1, 1, size, size] of 0 to 1."""
    scaled = image.astype(np.float32) / np.float32(16)
    if size < 8:
        block = 8 // size
        smaller: Scores = scaled.reshape(1, 1, size, block, size, block).mean(axis=(3, 5))
        return smaller
    larger: Scores = scaled.repeat(size // 8, axis=0).repeat(size // 8, axis=1)[None, None]
    return larger


def input_size(variant: ModelVariant) -> int:
    """Return the side of a variant's input."""
    return int(variant.attributes["input_size"])


def own_answers(family: ModelFamily, held_out: HeldOut, images: Iterable[int]) -> Answers:
    """Ask every variant for every image, apart from anything of EdgeAdapt's: the answers to hold its answers against."""
    wanted = sorted(set(images))
    with ThreadPoolExecutor(2) as pool:
        made: Answers = {}
        for variant in family:
            session, size = bare_session(variant), input_size(variant)
            name = session.get_inputs()[0].name

            def ask(
                image: int, session: Any = session, size: int = size, name: str = name
            ) -> tuple[int, Scores]:
                return image, session.run(None, {name: model_input(held_out.images[image], size)})[0]

            made[variant.name] = dict(pool.map(ask, wanted))
    return made


def bare_session(variant: ModelVariant) -> Any:
    """Open a variant's file with ONNX Runtime alone, with the options that the family declares."""
    from edgeadapt.backends.onnx_support import keep_telemetry_off

    keep_telemetry_off()
    import onnxruntime as ort

    declared = variant.session
    options = ort.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = declared.intra_op_num_threads or 0
    options.inter_op_num_threads = declared.inter_op_num_threads or 0
    for key, value in declared.config_entries:
        options.add_session_config_entry(key, value)
    return ort.InferenceSession(variant.path, options, providers=list(declared.providers) or None)
