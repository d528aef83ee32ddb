"""Recorded answers."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edgeadapt.backends.golden import check_golden, golden_inputs, read_arrays
from edgeadapt.errors import ActivationError, InferenceError
from edgeadapt.registry import Golden


@pytest.fixture
def golden(tmp_path: Path) -> Golden:
    np.savez(tmp_path / "in.npz", image=np.arange(4, dtype=np.float32))
    np.savez(tmp_path / "out.npz", scores=np.array([0.0, 2.0, 4.0, np.nan], np.float32))
    return Golden(str(tmp_path / "in.npz"), str(tmp_path / "out.npz"), atol=0.01, rtol=0)


def reason(golden: Golden, infer: Callable[[Any], Any]) -> str:
    with pytest.raises(ActivationError) as caught:
        check_golden("a", golden, infer)
    assert (caught.value.variant, caught.value.stage) == ("a", "validating")
    assert "\n" not in caught.value.reason
    return caught.value.reason


def scores(*values: float, dtype: str = "float32") -> Callable[[Any], Any]:
    return lambda _: {"scores": np.array(values, dtype)}


NAN = float("nan")


def test_an_answer_within_tolerance_passes_and_nan_equals_nan(golden: Golden) -> None:
    answer = check_golden("a", golden, scores(0.005, 2.0, 3.995, NAN))
    assert set(answer) == {"scores"}


def test_a_lone_answer_needs_no_name(golden: Golden) -> None:
    check_golden("a", golden, lambda inputs: np.append(inputs["image"][:3] * 2, np.float32(NAN)))


@pytest.mark.parametrize("values", [(0.0, 2.0, 4.02, NAN), (0.0, 2.0, NAN, NAN), (0.0, 2.0, 4.0, 0.0)])
def test_an_answer_that_differs_is_told_with_its_place(golden: Golden, values: tuple[float, ...]) -> None:
    found = reason(golden, scores(*values))
    assert found.startswith("its answer `scores` differs from the golden one in 1 of 4 values, first at [")
    assert "restore the model, or record `golden` again" in found


def test_types_and_shapes_must_agree(golden: Golden) -> None:
    assert "float64 [4] where float32 [4] was recorded" in reason(
        golden, scores(0, 2, 4, NAN, dtype="float64")
    )
    assert "float32 [3] where float32 [4] was recorded" in reason(golden, scores(0, 2, 4))


def test_an_output_that_is_missing_is_told_with_those_there_are(golden: Golden) -> None:
    found = reason(golden, lambda _: {"logits": np.zeros(4), "boxes": np.zeros(4)})
    assert "it gives no output `scores`, which was recorded (it gives: logits, boxes)" in found


def test_integers_texts_and_booleans_are_compared_too(tmp_path: Path) -> None:
    recorded: dict[str, Any] = {"i": np.array([255], np.uint8), "t": np.array(["cat"]), "b": np.array([True])}
    np.savez(tmp_path / "in.npz", x=np.zeros(1))
    np.savez(tmp_path / "out.npz", **recorded)
    golden = Golden(str(tmp_path / "in.npz"), str(tmp_path / "out.npz"), atol=1, rtol=0)
    close = {**recorded, "i": np.array([254], np.uint8), "t": np.array(["cat"], object)}
    check_golden("a", golden, lambda _: close)
    for wrong in ({"i": np.array([0], np.uint8)}, {"t": np.array(["dog"])}, {"b": np.array([False])}):
        assert "differs" in reason(golden, lambda _, wrong=wrong: {**recorded, **wrong})  # type: ignore[misc]  # binds the loop's value


def test_a_model_that_fails_on_its_golden_inputs_says_so(golden: Golden) -> None:
    def fails(_: Any) -> Any:
        raise InferenceError("a", "too small")

    assert "it does not answer its golden inputs" in reason(golden, fails)


def test_missing_and_damaged_files_are_told_apart(golden: Golden, tmp_path: Path) -> None:
    gone = Golden(str(tmp_path / "gone.npz"), golden.outputs)
    assert "no such file or directory; check the path" in reason(gone, scores(0))
    for data in (b"", b"junk", Path(golden.outputs).read_bytes()[:-40]):
        (tmp_path / "bad.npz").write_bytes(data)
        found = reason(Golden(golden.inputs, str(tmp_path / "bad.npz")), scores(0))
        assert "cannot read the golden file" in found
        assert "record it again" in found


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such pipes")
def test_a_pipe_is_refused_and_never_waited_for(golden: Golden, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.npz")
    found = reason(Golden(golden.inputs, str(tmp_path / "pipe.npz")), scores(0))
    assert "it is no regular file; record it again with `numpy.savez`" in found
    assert golden_inputs("a", Golden(str(tmp_path / "pipe.npz"), golden.outputs)) is None


def test_what_is_no_array_in_a_file_is_told_by_its_name(golden: Golden, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "text.npz", "w") as archive:
        archive.writestr("notes.txt", "hello")
    text = str(tmp_path / "text.npz")
    for given in (Golden(golden.inputs, text), Golden(text, golden.outputs)):
        found = reason(given, scores(0))
        assert "`: `notes.txt` in it is no array; record it again with `numpy.savez`" in found
    assert golden_inputs("a", Golden(text, golden.outputs)) is None


def test_objects_are_never_unpickled(golden: Golden, tmp_path: Path) -> None:
    np.savez(tmp_path / "objects.npz", scores=np.array([{}], object))
    found = reason(Golden(golden.inputs, str(tmp_path / "objects.npz")), scores(0))
    assert "allow_pickle" in found


def test_an_empty_and_an_immense_file_are_refused(golden: Golden, tmp_path: Path) -> None:
    np.savez(tmp_path / "empty.npz")
    assert "there is no array in" in reason(Golden(golden.inputs, str(tmp_path / "empty.npz")), scores(0))
    with zipfile.ZipFile(tmp_path / "big.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("scores.npy", b"\0" * (257 << 20))
    assert "more than golden files may" in reason(Golden(golden.inputs, str(tmp_path / "big.npz")), scores(0))


def test_unreadable_golden_inputs_are_no_inputs_for_a_warm_up(golden: Golden) -> None:
    assert golden_inputs("a", Golden("gone.npz", golden.outputs)) is None
    assert set(golden_inputs("a", golden) or ()) == {"image"}
    assert set(read_arrays("a", golden.outputs)) == {"scores"}
