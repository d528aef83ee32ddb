"""The shipped digits family: its files, its declared figures, and its answers, by bare ONNX Runtime."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime as ort
import pytest
from ruamel.yaml import YAML

FAMILIES = Path(__file__).resolve().parents[2] / "families"
FAMILY: dict[str, Any] = YAML(typ="safe").load((FAMILIES / "digits.yaml").read_text(encoding="utf-8"))
VARIANTS: list[dict[str, Any]] = FAMILY["variants"]
MAX_FILE_BYTES = 5_000_000

each_variant = pytest.mark.parametrize("variant", VARIANTS, ids=[variant["name"] for variant in VARIANTS])


def open_session(variant: dict[str, Any]) -> ort.InferenceSession:
    declared = variant["session"]
    options = ort.SessionOptions()
    options.intra_op_num_threads = declared["intra_op_num_threads"]
    options.inter_op_num_threads = declared["inter_op_num_threads"]
    for key, value in declared["config_entries"].items():
        options.add_session_config_entry(key, value)
    return ort.InferenceSession(str(FAMILIES / variant["path"]), options, providers=declared["providers"])


def resized(images: npt.NDArray[np.uint8], size: int) -> npt.NDArray[np.float32]:
    """Follow the words of families/README.md, apart from the training script's own function."""
    scaled = images.astype(np.float32) / np.float32(16)
    if size == 4:
        return scaled.reshape(-1, 4, 2, 4, 2).mean(axis=(2, 4))[:, None]
    return np.kron(scaled, np.ones((1, size // 8, size // 8), dtype=np.float32))[:, None]


def file_bytes(variant: dict[str, Any]) -> int:
    return (FAMILIES / variant["path"]).stat().st_size


def float_variants() -> list[dict[str, Any]]:
    return [variant for variant in VARIANTS if not variant["attributes"]["int8"]]


def test_variants_run_from_smallest_to_biggest() -> None:
    names = [variant["name"] for variant in VARIANTS]
    assert names == ["tiny", "small", "medium_int8", "medium", "full"]
    sizes = [file_bytes(variant) for variant in VARIANTS]
    assert sizes == sorted(sizes)


def test_sizes_span_thirty_times_and_latencies_fifty() -> None:
    sizes = [file_bytes(variant) for variant in VARIANTS]
    latencies = [variant["metadata"]["expected_latency_ms"] for variant in VARIANTS]
    assert max(sizes) >= 30 * min(sizes)
    assert max(latencies) >= 50 * min(latencies)


def test_a_slower_float_variant_is_a_more_accurate_one() -> None:
    figures = [variant["metadata"] for variant in float_variants()]
    pairs = [(metadata["expected_latency_ms"], metadata["accuracy_score"]) for metadata in figures]
    latencies, accuracies = zip(*pairs, strict=True)
    assert list(latencies) == sorted(set(latencies))
    assert list(accuracies) == sorted(set(accuracies))
    assert accuracies[0] < 0.9
    assert accuracies[-1] >= 0.98


def test_variants_take_several_input_resolutions() -> None:
    assert len({variant["attributes"]["input_size"] for variant in VARIANTS}) > 1


def test_the_held_out_images_are_of_every_label() -> None:
    with np.load(FAMILIES / "digits/heldout.npz") as held_out:
        images, labels = held_out["images"], held_out["labels"]
    assert images.dtype == np.uint8
    assert images.shape == (len(labels), 8, 8)
    assert images.max() == 16
    assert min(np.bincount(labels, minlength=10)) >= 50


@each_variant
def test_the_file_is_the_declared_one_and_under_five_megabytes(variant: dict[str, Any]) -> None:
    content = (FAMILIES / variant["path"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == variant["sha256"]
    assert len(content) < MAX_FILE_BYTES


@each_variant
@pytest.mark.parametrize("batch", [1, 3])
def test_the_model_takes_any_batch_of_its_resolution(variant: dict[str, Any], batch: int) -> None:
    session = open_session(variant)
    assert [node.name for node in session.get_inputs()] == ["image"]
    assert [node.name for node in session.get_outputs()] == ["scores"]
    size = variant["attributes"]["input_size"]
    (scores,) = session.run(None, {"image": np.zeros((batch, 1, size, size), dtype=np.float32)})
    assert scores.shape == (batch, 10)
    assert scores.dtype == np.float32


@each_variant
def test_the_declared_accuracy_is_the_measured_one(variant: dict[str, Any]) -> None:
    with np.load(FAMILIES / "digits/heldout.npz") as held_out:
        images, labels = held_out["images"], held_out["labels"]
    inputs = resized(images, variant["attributes"]["input_size"])
    session = open_session(variant)
    # In parts: the largest variant's views of every image at once would take a gigabyte.
    parts = [session.run(None, {"image": part})[0] for part in np.array_split(inputs, 12)]
    accuracy = float((np.concatenate(parts).argmax(axis=1) == labels).mean())
    assert accuracy == pytest.approx(variant["metadata"]["accuracy_score"], abs=0.005)


@each_variant
def test_the_golden_outputs_come_from_the_golden_inputs(variant: dict[str, Any]) -> None:
    golden = variant["golden"]
    with np.load(FAMILIES / golden["inputs"]) as inputs, np.load(FAMILIES / golden["outputs"]) as outputs:
        (scores,) = open_session(variant).run(["scores"], {"image": inputs["image"]})
        np.testing.assert_allclose(scores, outputs["scores"], atol=golden["atol"], rtol=golden["rtol"])


@each_variant
def test_golden_outputs_tell_the_variant_from_an_untrained_one(variant: dict[str, Any]) -> None:
    with np.load(FAMILIES / variant["golden"]["outputs"]) as outputs:
        assert np.ptp(outputs["scores"], axis=1).min() > 4 * variant["golden"]["atol"]
