"""One variant of a family as a value; `VariantMetadata`'s attribute metadata is the variant-attribute schema.

It checks what a variant may say of itself; it opens no file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any

import attrs

from edgeadapt.registry.adapter import AdapterSteps
from edgeadapt.registry.field_checks import finite, one_of, true_or_false
from edgeadapt.units import Dimension
from edgeadapt.values import frozen
from edgeadapt.wording import shown

_METADATA_KEY = "edgeadapt.variant_attribute"
_ATTRIBUTE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z", re.ASCII)
_SHA256 = re.compile(r"[0-9a-fA-F]{64}\Z", re.ASCII)
_PARTS = {
    "metadata": "a VariantMetadata",
    "session": "a SessionOptions",
    "golden": "a Golden",
    "adapter": "an AdapterSteps",
}
OPTIMIZATION_LEVELS = ("disable", "basic", "extended", "all")


class AttributeKind(Enum):
    """What values a variant attribute takes."""

    NUMERIC = "numeric"
    WORD = "word"


@frozen
class VariantAttribute:
    """One name that a policy's `use` knows of a candidate; bounds are in the canonical unit."""

    name: str
    attribute: str
    kind: AttributeKind
    dimension: Dimension | None
    low: float | None
    high: float | None
    words: tuple[str, ...]
    doc: str


def _numeric(name: str, dimension: Dimension, high: float, doc: str) -> dict[str, Any]:
    return {_METADATA_KEY: VariantAttribute(name, "", AttributeKind.NUMERIC, dimension, 0.0, high, (), doc)}


def _words(name: str, words: tuple[str, ...], doc: str) -> dict[str, Any]:
    return {_METADATA_KEY: VariantAttribute(name, "", AttributeKind.WORD, None, None, None, words, doc)}


@frozen
class VariantMetadata:
    """What was measured of a variant, or None; a policy ranks candidates by it.

    Raises ValueError for a number that is not finite or out of range and for an unknown word, TypeError for a
    value of another type.
    """

    expected_latency_ms: float | None = attrs.field(
        default=None, metadata=_numeric("latency", Dimension.TIME, 86_400_000.0, "time of one inference")
    )
    memory_footprint_mb: float | None = attrs.field(
        default=None,
        metadata=_numeric("memory", Dimension.MEMORY, 16_000_000.0, "memory held while it serves"),
    )
    accuracy_score: float | None = attrs.field(
        default=None, metadata=_numeric("accuracy", Dimension.NUMBER, 1.0, "share of right answers, 0 to 1")
    )
    power_draw_estimate: str | None = attrs.field(
        default=None, metadata=_words("power", ("low", "medium", "high"), "how much power it draws")
    )

    def __attrs_post_init__(self) -> None:
        for row in VARIANT_ATTRIBUTES.values():
            value = getattr(self, row.attribute)
            if value is None:
                continue
            if row.kind is AttributeKind.WORD:
                if value not in row.words:
                    raise ValueError(
                        f"`{row.attribute}` is one of {', '.join(row.words)}, not {shown(value)}"
                    )
                continue
            number = finite(row.attribute, value)
            if row.low is not None and row.high is not None and not row.low <= number <= row.high:
                raise ValueError(
                    f"`{row.attribute}` is between {row.low:.15g} and {row.high:.15g}, not {shown(value)}"
                )
            object.__setattr__(self, row.attribute, number)


def _variant_attributes() -> dict[str, VariantAttribute]:
    table: dict[str, VariantAttribute] = {}
    for attribute in attrs.fields(VariantMetadata):
        declared: VariantAttribute = attribute.metadata[_METADATA_KEY]
        table[declared.name] = attrs.evolve(declared, attribute=attribute.name)
    return table


VARIANT_ATTRIBUTES: dict[str, VariantAttribute] = _variant_attributes()


def _pairs(value: Mapping[str, Any] | Iterable[tuple[str, Any]] | None) -> tuple[tuple[str, Any], ...]:
    if value is None:
        return ()
    items = value.items() if isinstance(value, Mapping) else value
    return tuple((key, item) for key, item in items)


def _texts(value: Iterable[str]) -> tuple[str, ...]:
    if isinstance(value, str):  # which would come apart into letters
        raise TypeError(f"`providers` is a list of names, not {shown(value)}")
    return tuple(value)


def _thread_count(_: Any, field: attrs.Attribute[Any], value: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"`{field.name}` is a whole number, not {shown(value)}")
    if not 0 <= value <= 1024:
        raise ValueError(f"`{field.name}` is between 0 (the runtime decides) and 1024, not {shown(value)}")


@frozen
class SessionOptions:
    """How the inference runtime opens a variant; None leaves the runtime's default."""

    intra_op_num_threads: int | None = attrs.field(default=None, validator=_thread_count)
    inter_op_num_threads: int | None = attrs.field(default=None, validator=_thread_count)
    graph_optimization_level: str | None = attrs.field(default=None)
    providers: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    config_entries: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=_pairs)

    def __attrs_post_init__(self) -> None:
        level = self.graph_optimization_level
        if level is not None and level not in OPTIMIZATION_LEVELS:
            known = ", ".join(OPTIMIZATION_LEVELS)
            raise ValueError(f"`graph_optimization_level` is one of {known}, not {shown(level)}")
        for text in (*self.providers, *(part for pair in self.config_entries for part in pair)):
            if not isinstance(text, str):
                raise TypeError(f"`providers` and `config_entries` hold text, not {shown(text)}")


@frozen
class Golden:
    """Inputs and the outputs that the variant gave for them; both are `.npz` paths."""

    inputs: str
    outputs: str
    atol: float = 1e-4
    rtol: float = 1e-3

    def __attrs_post_init__(self) -> None:
        for name, path in (("inputs", self.inputs), ("outputs", self.outputs)):
            if not isinstance(path, str):
                raise TypeError(f"`{name}` is a path as text, not {shown(path)}")
        for name, value in (("atol", self.atol), ("rtol", self.rtol)):
            number = finite(name, value)
            if number < 0:
                raise ValueError(f"`{name}` is 0 or more, not {shown(value)}")
            object.__setattr__(self, name, number)


@frozen
class ModelVariant:
    """One way to answer: a model file, how to open it, and what is known of it.

    `attributes` holds the host's own numbers and booleans, which a policy reads as `variant.KEY`.
    """

    name: str
    path: str
    tier: str = ""
    backend: str = "onnx"
    metadata: VariantMetadata = attrs.field(factory=VariantMetadata)
    attribute_pairs: tuple[tuple[str, float | bool], ...] = attrs.field(
        default=(), converter=_pairs, alias="attributes"
    )
    sha256: str | None = None
    session: SessionOptions = attrs.field(factory=SessionOptions)
    golden: Golden | None = None
    standby: bool = attrs.field(default=False, validator=true_or_false)
    """Whether it is always opened mapped and un-prepacked: quick to load and small, slower to run."""
    preflight: str | None = attrs.field(
        default=None, validator=attrs.validators.optional(one_of(("process",)))
    )
    """`process`: a new or changed file is first loaded by a process of its own, which may crash instead of this one."""
    adapter: AdapterSteps | None = None

    def __attrs_post_init__(self) -> None:
        for what, text in (("name", self.name), ("path", self.path), ("backend", self.backend)):
            if not isinstance(text, str):
                raise TypeError(f"a variant's {what} is text, not {shown(text)}")
            if not text.strip() or not text.isprintable():
                raise ValueError(f"a variant's {what} is printable text, not {shown(text)}")
        if '"' in self.name:
            raise ValueError("a variant's name has no quote in it: a policy could not write it")
        if not isinstance(self.tier, str):
            raise TypeError(f"a variant's tier is text, not {shown(self.tier)}")
        for what, part, kind in (
            ("metadata", self.metadata, VariantMetadata),
            ("session", self.session, SessionOptions),
            ("golden", self.golden, (Golden, type(None))),
            ("adapter", self.adapter, (AdapterSteps, type(None))),
        ):
            # A dict in its place would only fail where a policy first asks for it.
            if not isinstance(part, kind):
                raise TypeError(f"a variant's {what} is {_PARTS[what]}, not {shown(part)}")
        if self.sha256 is not None:
            if not isinstance(self.sha256, str) or not _SHA256.match(self.sha256):
                raise ValueError(f"`sha256` is 64 hexadecimal digits, not {shown(self.sha256)}")
            object.__setattr__(self, "sha256", self.sha256.lower())
        checked = tuple(
            (_attribute_name(key), _attribute_value(key, value)) for key, value in self.attribute_pairs
        )
        if len(dict(checked)) != len(checked):
            raise ValueError(f"variant `{self.name}` has an attribute twice")
        object.__setattr__(self, "attribute_pairs", checked)

    @property
    def attributes(self) -> Mapping[str, float | bool]:
        """The host's attributes, read-only."""
        return MappingProxyType(dict(self.attribute_pairs))

    def attribute(self, name: str) -> float | bool | str | None:
        """Return what a policy's `use` sees under `name` in the canonical unit, or None where unknown.

        `name` is `accuracy`, `latency`, `memory`, `power` or `variant.KEY`; raises KeyError for any other.
        """
        row = VARIANT_ATTRIBUTES.get(name)
        if row is not None:
            value: float | str | None = getattr(self.metadata, row.attribute)
            return value
        prefix, dot, key = name.partition(".")
        if prefix == "variant" and dot:
            return next((value for known, value in self.attribute_pairs if known == key), None)
        raise KeyError(
            f"`{name}` is not a variant attribute; known: {', '.join(VARIANT_ATTRIBUTES)}, variant.KEY"
        )


def _attribute_name(key: Any) -> str:
    if not isinstance(key, str) or not _ATTRIBUTE_NAME.match(key):
        raise ValueError(f"an attribute's name is letters, digits and `_`, not {shown(key)}")
    return key


def _attribute_value(key: str, value: Any) -> float | bool:
    return value if isinstance(value, bool) else finite(key, value)
