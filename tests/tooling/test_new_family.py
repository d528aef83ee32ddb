"""Models become a family whose contract all of them meet, each brought to it by the names of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from onnx import helper

from edgeadapt.diagnostics import Source
from edgeadapt.language import lint_text
from edgeadapt.language.formatter import format_policy
from edgeadapt.language.parser import parse
from edgeadapt.registry import ModelFamily
from edgeadapt.registry.adapter import Rename
from edgeadapt.tooling.new_family import as_name, new_family, new_variant
from edgeadapt.tooling.new_policy import new_policy
from tests.backends.onnx_models import FLOAT, doubling, save


def family_of(folder: Path, *shapes: tuple[object, ...], names: tuple[str, ...] = ()) -> ModelFamily:
    made = []
    for index, shape in enumerate(shapes):
        name = names[index] if names else "image"
        path = doubling(folder / f"{index}.onnx", shape=shape, image=name)  # type: ignore[arg-type] # sizes, open or not
        made.append(new_variant(str(path), f"v{index}"))
    return new_family("f", made, str(folder))


@pytest.mark.parametrize(
    ("shapes", "common"),
    [
        ((("N", 4),), ("N", 4)),
        ((("N", 4), ("N", 4)), ("N", 4)),
        ((("N", 4), ("M", 8)), ("N", None)),
        (((1, 4), ("N", 4)), (None, 4)),
        (((None, 4), (None, 4)), (None, 4)),
        (((1, 4), (1, 4, 1)), None),
    ],
)
def test_a_size_is_in_the_contract_as_far_as_all_agree(
    tmp_path: Path, shapes: tuple[tuple[object, ...], ...], common: object
) -> None:
    contract = family_of(tmp_path, *shapes).contract
    assert contract is not None
    assert contract.inputs is not None
    assert contract.inputs[0].shape == common


def test_other_names_get_an_adapter(tmp_path: Path) -> None:
    family = family_of(tmp_path, ("N", 4), ("N", 4), names=("image", "pixels"))
    assert family.variant("v0").adapter is None
    adapter = family.variant("v1").adapter
    assert adapter is not None
    assert adapter.inputs == (Rename("image", "pixels"),)
    assert adapter.outputs == ()


def test_other_counts_of_inputs_are_not_compared(tmp_path: Path) -> None:
    one = doubling(tmp_path / "a.onnx")
    node = helper.make_node("Add", ["x", "y"], ["z"])
    two = save(tmp_path / "b.onnx", [node], {"x": (FLOAT, (1,)), "y": (FLOAT, (1,))}, {"z": (FLOAT, (1,))})
    family = new_family("f", [new_variant(str(one), "a"), new_variant(str(two), "b")], str(tmp_path))
    assert family.contract is not None
    assert family.contract.inputs is family.contract.outputs is None
    assert family.variant("b").adapter is None


def test_paths_are_relative_to_the_folder(tmp_path: Path) -> None:
    path = doubling(tmp_path / "m.onnx")
    family = new_family("f", [new_variant(str(path), "a")], str(tmp_path / "deep" / "er"))
    assert family.variant("a").path == "../../m.onnx"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("camera", "camera"),
        ("My Camera-2", "my_camera_2"),
        ("3d", "app_3d"),
        ("", "app"),
        ("¡ñ!", "app"),
        ("_a_", "a"),
    ],
)
def test_any_text_gives_a_name(text: str, name: str) -> None:
    assert as_name(text) == name
    assert as_name(name) == name


@pytest.mark.parametrize(
    ("light", "heavy"), [("a", "b"), ("mobile-net.v2", "when"), ("a", "a"), ("x y", "x y")]
)
def test_a_policy_is_canonical_and_has_no_problem(light: str, heavy: str) -> None:
    family = ModelFamily("f")
    for name in dict.fromkeys((light, heavy)):
        family.add_variant(name, "m.onnx")
    for size in (0.01, 49, 5_000):
        text = new_policy("f", light, heavy, size)
        assert lint_text(text, family=family) == ()
        assert format_policy(parse(Source("f", text))) == text
