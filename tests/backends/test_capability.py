"""What a model's inputs say of its sizes and its batch."""

from __future__ import annotations

import numpy as np
import pytest

from edgeadapt.backends.capability import capability_of
from edgeadapt.backends.tensor_spec import TensorSpec


def spec(name: str, *shape: int | str | None) -> TensorSpec:
    return TensorSpec(name, "float32", np.dtype("float32"), shape)


@pytest.mark.parametrize(
    ("shapes", "dynamic", "batch"),
    [
        ([("N", 4)], True, None),
        ([(8, None)], True, 8),
        ([(8, 4), (2, 4)], False, 2),
        ([(8, 4), ("N", 4)], True, 8),
        ([()], False, None),
        ([], False, None),
    ],
)
def test_the_largest_batch_is_the_smallest_first_size_that_is_fixed(
    shapes: list[tuple[int | str | None, ...]], dynamic: bool, batch: int | None
) -> None:
    inputs = tuple(spec(f"x{index}", *shape) for index, shape in enumerate(shapes))
    told = capability_of("it", inputs, (spec("y", 1),), quantized=False)
    assert (told.dynamic_shapes, told.max_batch) == (dynamic, batch)
    assert (told.input_names, told.output_names) == (tuple(each.name for each in inputs), ("y",))
