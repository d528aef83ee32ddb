"""What a variant is run on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edgeadapt.backends.tensor_spec import TensorSpec
from edgeadapt.benchmark.trial_inputs import choose, open_dims
from edgeadapt.errors import InputError
from edgeadapt.registry.variant import Golden

IMAGE = TensorSpec("image", "float32", np.dtype("float32"), ("N", 4))
IDS = TensorSpec("ids", "int64", np.dtype("int64"), ("N", "sequence"))


def golden(folder: Path, **arrays: Any) -> Golden:
    np.savez(folder / "in.npz", **arrays)
    return Golden(str(folder / "in.npz"), str(folder / "out.npz"))


def test_a_sample_is_taken_as_it_is(tmp_path: Path) -> None:
    sample = np.ones((3, 4), np.float32)
    given = choose("v", [IMAGE], golden(tmp_path, image=sample), sample, {})
    assert (given.inputs is sample, given.source) == (True, "sample")
    assert given.tensors([IMAGE]) == [{"name": "image", "dtype": "float32", "shape": [3, 4]}]


def test_one_row_of_the_golden_inputs_is_one_request(tmp_path: Path) -> None:
    given = choose(
        "v", [IMAGE], golden(tmp_path, image=np.arange(8, dtype=np.float32).reshape(2, 4)), None, {}
    )
    assert given.source == "golden"
    assert given.inputs["image"].tolist() == [[0, 1, 2, 3]]


def test_golden_inputs_of_a_fixed_batch_are_taken_whole(tmp_path: Path) -> None:
    fixed = TensorSpec("image", "float32", np.dtype("float32"), (2, 4))
    given = choose("v", [fixed], golden(tmp_path, image=np.zeros((2, 4), np.float32)), None, {})
    assert given.inputs["image"].shape == (2, 4)


def test_without_any_zeros_are_made_and_open_sizes_are_told() -> None:
    given = choose("v", [IMAGE, IDS], None, None, {})
    assert {name: array.shape for name, array in given.inputs.items()} == {"image": (1, 4), "ids": (1, 1)}
    assert given.source == "zeros"
    assert given.notes == (
        "sizes of input `ids` that the model leaves open were taken as 1: set them by --dim sequence=SIZE",
    )


def test_a_lone_input_is_given_as_callers_give_it() -> None:
    assert choose("v", [IMAGE], None, None, {}).inputs.shape == (1, 4)


def test_sizes_that_are_said_count_before_golden_inputs(tmp_path: Path) -> None:
    recorded = golden(tmp_path, image=np.zeros((2, 4), np.float32))
    given = choose("v", [IMAGE], recorded, None, {"N": 8})
    assert (given.source, given.inputs.shape, given.notes) == ("zeros", (8, 4), ())
    assert choose("v", [IMAGE], recorded, None, {"sequence": 8}).source == "golden"


def test_a_size_without_a_name_takes_a_sample() -> None:
    unnamed = TensorSpec("x", "float32", np.dtype("float32"), ("N", None))
    (note,) = choose("v", [unnamed], None, None, {}).notes
    assert note.endswith("set them by --sample FILE.npy")


def test_what_cannot_be_made_up_is_told() -> None:
    with pytest.raises(InputError, match="give it some by --sample"):
        choose("v", [TensorSpec("x", "seq(tensor(float))", None, ())], None, None, {})


def test_open_dimensions_have_names() -> None:
    assert open_dims([IMAGE, IDS]) == {"N", "sequence"}
