"""The page on family files: its example works, and it leaves no key out."""

from __future__ import annotations

import doctest
import re
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest

from edgeadapt.backends import default_loader
from edgeadapt.backends.preparation import Preparation
from edgeadapt.registry import ActivationRules, Contract, ContractTensor, Golden, ModelFamily, Probation
from edgeadapt.registry.adapter import STEPS
from edgeadapt.registry.variant import SessionOptions, VariantMetadata
from edgeadapt.registry.yaml_loader import FAMILY_KEYS, VARIANT_KEYS
from edgeadapt.shipped import shipped

PAGE = (Path(__file__).resolve().parents[2] / "docs/reference/family-yaml.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(found)


def section(title: str) -> str:
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


@pytest.fixture
def family(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelFamily:
    (tmp_path / "digits").symlink_to(shipped("families/digits"))
    (tmp_path / "raw-digits.yaml").write_text(block("yaml"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return ModelFamily.from_yaml("raw-digits.yaml")


def test_the_python_prints_what_is_shown(family: ModelFamily) -> None:
    example = doctest.DocTestParser().get_doctest(block("python"), {}, "page", None, None)
    assert doctest.DocTestRunner().run(example).failed == 0


def test_both_variants_answer_raw_images_as_well_as_they_should(family: ModelFamily) -> None:
    with np.load(shipped("families/digits/heldout.npz")) as held_out:
        images, labels = held_out["images"][:100], held_out["labels"][:100]
    preparation = Preparation(family)
    for name in family.names:
        preparation.admit(name, None)
        backend = default_loader(family)(name)
        backend.load()
        preparation.warm(name, backend)
        infer = preparation.validate(name, backend)
        preparation.release(name)
        assert infer is not None
        right = [int(infer(image).argmax()) == label for image, label in zip(images, labels, strict=True)]
        assert sum(right) > 90


@pytest.mark.parametrize(
    ("title", "keys"),
    [
        ("Family", [*FAMILY_KEYS, *(field.name for field in attrs.fields(Probation))]),
        ("Variant", VARIANT_KEYS),
        *(
            ("Variant", [field.name for field in attrs.fields(kind)])
            for kind in (VariantMetadata, SessionOptions, Golden)
        ),
        ("Contract", [field.name for kind in (Contract, ContractTensor) for field in attrs.fields(kind)]),
    ],
)
def test_every_key_is_in_its_section(title: str, keys: list[str]) -> None:
    missing = [key for key in keys if f"`{key}`" not in section(title)]
    assert missing == []


def test_every_step_has_a_row_with_its_keys_and_their_defaults() -> None:
    for key, kind in STEPS.items():
        row = re.search(rf"\| `{key}` \| (.*?) \|", section("Adapter"))
        assert row is not None, key
        told = re.findall(r"`(\w+)`(?: \(`?([^)`]+)`?\))?", row[1])
        assert [name for name, _ in told] == [field.name for field in attrs.fields(kind)]
        for (_, default), field in zip(told, attrs.fields(kind), strict=True):
            assert default == _shown(field.default), (key, field.name)


def _shown(default: Any) -> str:
    if default is attrs.NOTHING:
        return ""
    if default == ():
        return "[]"
    return f"{default:g}" if isinstance(default, float) else str(default)


def test_the_numbers_are_those_of_the_code() -> None:
    rules, probation, golden = ActivationRules(), Probation(), Golden("a", "b")
    assert f"| {rules.gap_timeout_s:g} |" in section("Family")
    assert f"| {rules.load_timeout_s:g} |" in section("Family")
    for name, value in attrs.asdict(probation).items():
        assert f"`{name}` ({value:g})" in section("Family")
    assert (golden.atol, golden.rtol) == (1e-4, 1e-3)
