"""Families with anything that a family may say, for laws about their files."""

from __future__ import annotations

from typing import Any

import attrs
from hypothesis import strategies as st

from edgeadapt.registry import (
    ActivationRules,
    AdapterSteps,
    Contract,
    ContractTensor,
    Golden,
    ModelFamily,
    Probation,
    SessionOptions,
    VariantMetadata,
)
from edgeadapt.registry import adapter as steps
from edgeadapt.registry.activation import GAPS, TRANSITIONS
from edgeadapt.registry.field_checks import DTYPES
from edgeadapt.registry.variant import OPTIMIZATION_LEVELS

FOLDER = "/families"

# Texts that YAML has its own mind about are drawn as often as any.
ODD = (
    "null",
    "~",
    "yes",
    "No",
    "true",
    "1",
    "1.5e3",
    ".inf",
    "0x10",
    "2020-01-01",
    "a: b",
    "# a",
    "- a",
    "*a",
    "&a",
)
ODD += (
    "!a",
    "{a}",
    "[a]",
    "'a'",
    "a,b",
    "a #b",
    " a",
    "a ",
    "%a",
    "@a",
    "`a",
    "?",
    "-",
    "=",
    "<<",
    "1_000",
    "+5",
    "é€😀",
)
texts = st.text(max_size=12) | st.sampled_from(ODD)
printable = texts.filter(lambda text: text.strip() != "" and text.isprintable())
numbers = st.floats(-1e9, 1e9) | st.integers(-1000, 1000)
words = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,6}", fullmatch=True)
paths = st.sampled_from(
    ("m.onnx", "models/m 1.onnx", "a/b: c.onnx", "#m.onnx", "../up.onnx", "~/x", "1", "null")
).map(lambda path: f"/families/{path}" if ".." not in path else "/up.onnx")
dtypes = st.sampled_from(DTYPES)


def or_none(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


tensors = st.builds(
    ContractTensor,
    name=texts.filter(bool),
    dtype=or_none(dtypes | st.just("seq(map(int64,tensor(float)))")),
    shape=or_none(st.lists(st.integers(0, 10**6) | texts.filter(bool) | st.none(), max_size=4)),
)
sides = or_none(st.lists(tensors, max_size=3, unique_by=lambda tensor: tensor.name))
contracts = st.builds(Contract, inputs=sides, outputs=sides)
seconds = st.floats(1e-3, 86_400)
rules = st.builds(
    ActivationRules,
    transition=st.sampled_from(TRANSITIONS),
    gap=st.sampled_from(GAPS),
    gap_timeout_s=seconds,
    load_timeout_s=seconds,
    probation=or_none(
        st.builds(Probation, inferences=st.integers(1, 10**9), seconds=seconds, errors=st.integers(0, 10**9))
    ),
)
metadata = st.builds(
    VariantMetadata,
    expected_latency_ms=or_none(st.floats(0, 86_400_000)),
    memory_footprint_mb=or_none(st.floats(0, 16_000_000)),
    accuracy_score=or_none(st.floats(0, 1)),
    power_draw_estimate=or_none(st.sampled_from(("low", "medium", "high"))),
)
sessions = st.builds(
    SessionOptions,
    intra_op_num_threads=or_none(st.integers(0, 1024)),
    inter_op_num_threads=or_none(st.integers(0, 1024)),
    graph_optimization_level=or_none(st.sampled_from(OPTIMIZATION_LEVELS)),
    providers=st.lists(texts, max_size=2),
    config_entries=st.dictionaries(texts, texts, max_size=2),
)
goldens = st.builds(Golden, inputs=paths, outputs=paths, atol=st.floats(0, 1), rtol=st.floats(0, 1))
axes = st.integers(-16, 15)
all_steps = st.one_of(
    st.builds(steps.Rename, old=printable, new=printable),
    st.builds(steps.Drop, name=printable),
    st.builds(
        steps.Constant,
        name=printable,
        value=numbers | st.booleans(),
        dtype=st.sampled_from(steps.NUMERIC_DTYPES),
        shape=st.lists(st.integers(0, 9), max_size=3),
    ),
    st.builds(steps.Layout, name=printable, old=st.just("NHWC"), new=st.sampled_from(("NCHW", "HW", "CHW"))),
    st.builds(steps.Resize, name=printable, height=st.integers(1, 99), width=st.integers(1, 99)),
    st.builds(
        steps.Scale, name=printable, by=numbers | st.lists(numbers, min_size=1), offset=numbers, axis=axes
    ),
    st.builds(
        steps.Take, name=printable, indices=st.lists(st.integers(0, 9), min_size=1, max_size=4), axis=axes
    ),
    st.builds(steps.LabelMap, name=printable, labels=st.lists(st.integers(0, 9), min_size=1, max_size=4)),
)
adapters = st.builds(
    AdapterSteps, inputs=st.lists(all_steps, max_size=3), outputs=st.lists(all_steps, max_size=3)
)


@st.composite
def whole_families(draw: st.DrawFn) -> ModelFamily:
    """Draw a family whose files lie below or beside `/families`, as a family file of that folder names them."""
    contract = draw(or_none(contracts))
    family = ModelFamily(draw(printable), draw(texts), contract=contract, activation=draw(rules))
    names = draw(
        st.lists(printable.filter(lambda name: '"' not in name), min_size=1, max_size=3, unique=True)
    )
    for name in names:
        family.add_variant(
            name,
            draw(paths),
            draw(texts),
            backend=draw(st.sampled_from(("onnx", "openvino", "mine")) | printable),
            metadata=draw(metadata),
            attributes=draw(st.dictionaries(words, numbers | st.booleans(), max_size=3)),
            sha256=draw(or_none(st.sampled_from(("0" * 64, "1e" * 32, "ab" * 32)))),
            session=draw(sessions),
            golden=draw(or_none(goldens)),
            standby=draw(st.booleans()),
            preflight=draw(st.sampled_from((None, "process"))),
            adapter=None if contract is None else draw(or_none(adapters)),
        )
    return family


def with_other_figures(family: ModelFamily, latency_ms: float, memory_mb: float) -> ModelFamily:
    """Return the family with two figures of each variant replaced, as a measurement does."""
    return family.with_metadata(
        {
            variant.name: attrs.evolve(
                variant.metadata, expected_latency_ms=latency_ms, memory_footprint_mb=memory_mb
            )
            for variant in family
        }
    )
