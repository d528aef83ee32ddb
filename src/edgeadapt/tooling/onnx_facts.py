"""What an ONNX file says of itself, read record by record without the rest of it: no weight is read.

The numbers are field numbers of ONNX's own schema, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
"""

from __future__ import annotations

from collections import Counter
from io import RawIOBase
from typing import BinaryIO

import attrs

from edgeadapt.backends.protobuf_records import ProtobufRecords, Record, Span

_MOST_RECORDS = 5_000_000
# Of graphs within graphs, as in the branches of an `If`; it ends a file that was made to go on for ever.
_DEEPEST = 32
_MOST_NUMBERS = 1 << 63
_TYPES = (
    *("undefined", "float32", "uint8", "int8", "uint16", "int16", "int32", "int64", "str", "bool", "float16"),
    *("float64", "uint32", "uint64", "complex64", "complex128", "bfloat16", "float8e4m3fn", "float8e4m3fnuz"),
    *("float8e5m2", "float8e5m2fnuz", "uint4", "int4", "float4e2m1", "float8e8m0", "uint2", "int2"),
)
_CONTAINERS = {4: "sequence", 5: "map", 8: "sparse tensor", 9: "optional"}

Shape = tuple[int | str | None, ...]


@attrs.frozen
class TensorFact:
    """An input or output: `shape` has a number, an open dimension's name or None a dimension; None where unknown."""

    name: str
    dtype: str
    shape: Shape | None


@attrs.define
class ModelFacts:
    """What was found; `weights` counts the numbers in initializers and constants by their type."""

    ir_version: int = 0
    producer: str = ""
    producer_version: str = ""
    opsets: dict[str, int] = attrs.field(factory=dict)
    metadata: dict[str, str] = attrs.field(factory=dict)
    has_graph: bool = False
    inputs: list[TensorFact] = attrs.field(factory=list)
    outputs: list[TensorFact] = attrs.field(factory=list)
    operators: Counter[tuple[str, str]] = attrs.field(factory=Counter)
    weights: Counter[str] = attrs.field(factory=Counter)
    broken_at: int | None = None
    is_whole: bool = True
    """Whether all of it was looked at: a graph may be too large for that."""


def read_facts(file: BinaryIO | RawIOBase) -> ModelFacts:
    """Read an open file; raises OSError where that fails. Whether it is a model is for the caller to say."""
    return _Reader(ProtobufRecords(file, _MOST_RECORDS)).model()


class _Reader:
    def __init__(self, records: ProtobufRecords) -> None:
        self._records = records
        self._facts = ModelFacts()
        self._constants: set[str] = set()

    def model(self) -> ModelFacts:
        facts = self._facts
        for record in self._records.records(self._records.whole):
            match record:
                case Record(field=1, value=int(version)):
                    facts.ir_version = version
                case Record(field=2, is_delimited=True):
                    facts.producer = self._text(record)
                case Record(field=3, is_delimited=True):
                    facts.producer_version = self._text(record)
                case Record(field=7, is_delimited=True):
                    facts.has_graph = True
                    self._graph(record.span)
                case Record(field=8, is_delimited=True):
                    domain, opset = self._pair(record.span)
                    facts.opsets[domain or "ai.onnx"] = int(opset or 0)
                case Record(field=14, is_delimited=True):
                    key, value = self._pair(record.span)
                    facts.metadata[str(key)] = str(value)
        # Until IR version 4 every initializer was an input too.
        facts.inputs = [each for each in facts.inputs if each.name not in self._constants]
        facts.broken_at, facts.is_whole = self._records.broken_at, not self._records.is_cut_off
        return facts

    def _text(self, record: Record) -> str:
        return self._records.text(record.span)

    def _pair(self, span: Span) -> tuple[str, str | int]:
        """Read a record of a text and a text or number, as a domain with its version is one."""
        first = ""
        second: str | int = ""
        for record in self._records.records(span):
            if record.field == 1 and record.is_delimited:
                first = self._text(record)
            elif record.field == 2:
                second = self._text(record) if record.value is None else record.value
        return first, second

    def _graph(self, span: Span, depth: int = 0) -> None:
        for record in self._records.records(span):
            if not record.is_delimited:
                continue
            match record.field:
                case 1:
                    self._node(record.span, depth)
                case 5:
                    name = self._tensor(record.span)
                    if depth == 0:
                        self._constants.add(name)
                case 15:
                    for values in self._records.fields(record.span, 1):
                        self._tensor(values)
                case 11 if depth == 0:
                    self._facts.inputs.append(self._value(record.span))
                case 12 if depth == 0:
                    self._facts.outputs.append(self._value(record.span))

    def _node(self, span: Span, depth: int) -> None:
        operator = domain = ""
        attributes: list[Span] = []
        for record in self._records.records(span):
            if record.field == 4:
                operator = self._text(record)
            elif record.field == 7:
                domain = self._text(record)
            elif record.field == 5:
                attributes.append(record.span)
        self._facts.operators[domain, operator] += 1
        for attribute in attributes:
            for record in self._records.records(attribute):
                if record.field == 5 and operator == "Constant":
                    self._tensor(record.span)
                elif record.field in (6, 11) and depth < _DEEPEST:
                    self._graph(record.span, depth + 1)

    def _tensor(self, span: Span) -> str:
        """Count a tensor's numbers by its sizes; return its name."""
        count, kind, name = 1, 0, ""
        for record in self._records.records(span):
            if record.field == 1:
                packed = self._records.numbers(record.span) if record.value is None else (record.value,)
                for size in packed:
                    count = min(count * size, _MOST_NUMBERS)
            elif record.field == 2:
                kind = record.value or 0
            elif record.field == 8 and record.is_delimited:
                name = self._text(record)
        self._facts.weights[_type(kind)] += count
        return name

    def _value(self, span: Span) -> TensorFact:
        name, dtype, shape = "", _type(0), None
        for record in self._records.records(span):
            if record.field == 1 and record.is_delimited:
                name = self._text(record)
            elif record.field == 2:
                for kind in self._records.records(record.span):
                    if kind.field == 1:
                        dtype, shape = self._tensor_type(kind.span)
                    elif kind.field in _CONTAINERS:
                        dtype = _CONTAINERS[kind.field]
        return TensorFact(name, dtype, shape)

    def _tensor_type(self, span: Span) -> tuple[str, Shape | None]:
        dtype, shape = _type(0), None
        for record in self._records.records(span):
            if record.field == 1:
                dtype = _type(record.value or 0)
            elif record.field == 2:
                dims = self._records.fields(record.span, 1)
                shape = tuple(self._dimension(dim) for dim in dims)
        return dtype, shape

    def _dimension(self, span: Span) -> int | str | None:
        size: int | str | None = None
        for record in self._records.records(span):
            if record.field == 1:
                # A size below zero is written as a number above all sizes, and means an open one.
                size = record.value if record.value is not None and record.value < 1 << 63 else None
            elif record.field == 2:
                size = self._text(record) or None
        return size


def _type(number: int) -> str:
    return _TYPES[number] if number < len(_TYPES) else f"type {number}"
