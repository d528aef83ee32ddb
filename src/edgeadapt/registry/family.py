"""A family: variants of one model, in the author's order, any of which may serve.

It is filled by hand or from YAML; it checks names and says what a policy may ask for, and loads nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

import attrs

from edgeadapt.registry.activation import ActivationRules
from edgeadapt.registry.adapter import AdapterSteps, step_key
from edgeadapt.registry.contract import Contract
from edgeadapt.registry.variant import Golden, ModelVariant, SessionOptions, VariantMetadata
from edgeadapt.wording import did_you_mean, shown

if TYPE_CHECKING:
    from typing import Any

__all__ = ["ModelFamily", "ModelVariant", "VariantMetadata"]


class ModelFamily:
    """An ordered set of variants with distinct names.

    >>> family = ModelFamily("digits")
    >>> family.add_variant("tiny", "tiny.onnx", metadata=VariantMetadata(accuracy_score=0.9)).attribute("accuracy")
    0.9
    """

    def __init__(
        self,
        name: str,
        description: str = "",
        *,
        contract: Contract | None = None,
        activation: ActivationRules | None = None,
    ) -> None:
        if not isinstance(name, str) or not name.strip() or not name.isprintable():
            raise ValueError("a family's name is printable text, such as `digits`")
        self.name = name
        self.description = description
        self.contract = contract
        self.activation = ActivationRules() if activation is None else activation
        if not isinstance(contract, (Contract, type(None))):
            raise TypeError(f"a family's contract is a Contract, not {shown(contract)}")
        if not isinstance(self.activation, ActivationRules):
            raise TypeError(f"a family's activation is an ActivationRules, not {shown(self.activation)}")
        self._variants: dict[str, ModelVariant] = {}
        self._read = 0
        self.source: str | None = None
        """The absolute path of the file that it was read from; None for one made by hand."""

    @classmethod
    def from_yaml(cls, path: str | os.PathLike[str]) -> ModelFamily:
        """Read a family file; raises FamilyYamlError with file, line, key and remedy for whatever is wrong."""
        # The YAML reader is a dependency that a family made by hand does not need.
        from edgeadapt.registry.yaml_loader import load_family

        family = load_family(path)
        family._read = len(family)
        return family

    @property
    def file(self) -> str | None:
        """The file that it is the same as: `source`, unless variants were added since it was read."""
        return self.source if self._read == len(self._variants) else None

    def to_yaml(self, path: str | os.PathLike[str] | None = None) -> str:
        """Return it as a family file's text; with a path, also write that file, at once and whole.

        One that was read from a file keeps that file's text, comments and order included, as far as it says the same.
        Paths become relative to the folder of `path`, else of the file that it was read from; else they stay as they are.
        Raises ValueError for what no family file can say, such as no variants at all, and OSError.
        """
        from edgeadapt.registry.yaml_writer import family_text, write_family

        return family_text(self, None) if path is None else write_family(self, os.fsdecode(path))

    def add_variant(
        self,
        name: str,
        path: str | os.PathLike[str],
        tier: str = "",
        *,
        backend: str = "onnx",
        metadata: VariantMetadata | None = None,
        attributes: Mapping[str, float | bool] | None = None,
        sha256: str | None = None,
        session: SessionOptions | None = None,
        golden: Golden | None = None,
        standby: bool = False,
        preflight: str | None = None,
        adapter: AdapterSteps | None = None,
    ) -> ModelVariant:
        """Add a variant after the others and return it.

        Raises ValueError for a name that is taken, and for an adapter where the family has no contract.
        """
        variant = ModelVariant(
            name=name,
            path=os.fspath(path),
            tier=tier,
            backend=backend,
            metadata=metadata or VariantMetadata(),
            attributes=attributes or {},
            sha256=sha256,
            session=session or SessionOptions(),
            golden=golden,
            standby=standby,
            preflight=preflight,
            adapter=adapter,
        )
        if name in self._variants:
            raise ValueError(
                f"variant `{name}` is already in family `{self.name}`; give each variant its own name"
            )
        if adapter is not None and self.contract is None:
            raise ValueError(
                f"variant {shown(name)} has an adapter, but family `{self.name}` no contract to bring it to; "
                "give the family a `contract`"
            )
        self._variants[name] = variant
        return variant

    @property
    def variants(self) -> tuple[ModelVariant, ...]:
        """The variants in the order they were added."""
        return tuple(self._variants.values())

    @property
    def names(self) -> tuple[str, ...]:
        """The variants' names in the order they were added."""
        return tuple(self._variants)

    @property
    def attribute_keys(self) -> tuple[str, ...]:
        """Every key that some variant has in its `attributes`, sorted."""
        return tuple(sorted({key for variant in self.variants for key, _ in variant.attribute_pairs}))

    @property
    def digest(self) -> str:
        """A sha256 over everything the family and its variants say, in order, and their files' names.

        Directories do not count: the same family has the same digest wherever it is installed.
        """
        content: list[Any] = [self.name, self.description]
        content.extend(_content(variant) for variant in self.variants)
        # What is not declared does not count: a family keeps its digest when the format gets new keys.
        if self.contract is not None:
            content.append({"contract": attrs.asdict(self.contract)})
        if self.activation != ActivationRules():
            content.append({"activation": attrs.asdict(self.activation)})
        text = json.dumps(content, sort_keys=True, ensure_ascii=True, allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def variant(self, name: str) -> ModelVariant:
        """Return a variant by name; raises KeyError that names the nearest one."""
        found = self._variants.get(name)
        if found is None:
            remedy = did_you_mean(name, self._variants, "it has")
            raise KeyError(f"family `{self.name}` has no variant {shown(name)}; {remedy}")
        return found

    def without(self, names: Collection[str]) -> ModelFamily:
        """Return a family that lacks some variants, in the same order; it may be empty."""
        family = ModelFamily(self.name, self.description, contract=self.contract, activation=self.activation)
        family._variants = {name: variant for name, variant in self._variants.items() if name not in names}
        return family

    def with_metadata(self, metadata: Mapping[str, VariantMetadata]) -> ModelFamily:
        """Return a family in which the named variants have other metadata; raises KeyError for an unknown name."""
        family = self.without(())
        for name, known in metadata.items():
            family._variants[name] = attrs.evolve(self.variant(name), metadata=known)
        family.source = self.source
        return family

    def missing_files(self) -> tuple[str, ...]:
        """List the model and golden files that are not there, each once."""
        paths: dict[str, None] = {}
        for variant in self.variants:
            paths[variant.path] = None
            if variant.golden is not None:
                paths[variant.golden.inputs] = paths[variant.golden.outputs] = None
        return tuple(path for path in paths if not os.path.isfile(path))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ModelFamily):
            return NotImplemented
        return self._said() == other._said()

    # It can be added to: what changes is no key.
    __hash__ = None  # type: ignore[assignment]  # so does Python say that there is no hash

    def _said(self) -> tuple[Any, ...]:
        return self.name, self.description, self.contract, self.activation, self.variants

    def __contains__(self, name: object) -> bool:
        return name in self._variants

    def __len__(self) -> int:
        return len(self._variants)

    def __iter__(self) -> Iterator[ModelVariant]:
        return iter(self.variants)

    def __repr__(self) -> str:
        return f"ModelFamily({self.name!r}, variants={list(self._variants)})"


def _content(variant: ModelVariant) -> dict[str, Any]:
    content = attrs.asdict(variant)
    content["path"] = _file_name(variant.path)
    if variant.golden is not None:
        content["golden"].update(
            inputs=_file_name(variant.golden.inputs), outputs=_file_name(variant.golden.outputs)
        )
    del content["standby"], content["preflight"], content["adapter"]
    if variant.standby:
        content["standby"] = True
    if variant.preflight is not None:
        content["preflight"] = variant.preflight
    if variant.adapter is not None:
        content["adapter"] = [
            [[step_key(step), attrs.asdict(step)] for step in steps]
            for steps in (variant.adapter.inputs, variant.adapter.outputs)
        ]
    return content


def _file_name(path: str) -> str:
    return path.replace("\\", "/").rsplit("/", 1)[-1]
