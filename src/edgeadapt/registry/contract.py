"""A family's contract: the inputs that callers give and the outputs they get, whichever variant serves."""

from __future__ import annotations

import re
from typing import Any

import attrs

from edgeadapt.registry.field_checks import DTYPES, as_tuple
from edgeadapt.values import frozen
from edgeadapt.wording import shown

# Beside NumPy's types there are ONNX's own, such as `seq(map(int64,tensor(float)))`.
_OTHER_TYPE = re.compile(r"(tensor|seq|map|optional|sparse_tensor)\(\S+\)\Z", re.ASCII)


def _dtype(_: Any, field: Any, value: Any) -> None:
    if not isinstance(value, str) or not (value in DTYPES or _OTHER_TYPE.match(value)):
        raise ValueError(f"`{field.name}` is one of {', '.join(DTYPES)}, not {shown(value)}")


def _name(_: Any, field: Any, value: Any) -> None:
    # A model's own name may be anything: it is for messages to make it printable.
    if not isinstance(value, str) or not value:
        raise ValueError(f"`{field.name}` is a text, not {shown(value)}")


def _shape(_: Any, field: Any, value: Any) -> None:
    if not isinstance(value, tuple):
        raise TypeError(f"`{field.name}` is a list such as [N, 3, 224, 224], not {shown(value)}")
    for dim in value:
        if isinstance(dim, bool) or not (dim is None or isinstance(dim, (int, str))):
            raise TypeError(
                f"an item of `{field.name}` is a whole number, the name of an open dimension or null, not {shown(dim)}"
            )
        if isinstance(dim, int) and dim < 0:
            raise ValueError(f"a size in `{field.name}` is 0 or more, not {shown(dim)}")
        if dim == "":
            raise ValueError(f"an open dimension in `{field.name}` has a name, such as N")


@frozen
class ContractTensor:
    """One input or output; None in any place is not compared.

    `shape`: a whole number is exactly that size, a text is a dimension that every variant must leave open.
    """

    name: str | None = attrs.field(default=None, validator=attrs.validators.optional(_name))
    dtype: str | None = attrs.field(default=None, validator=attrs.validators.optional(_dtype))
    shape: tuple[int | str | None, ...] | None = attrs.field(
        default=None, converter=as_tuple, validator=attrs.validators.optional(_shape)
    )

    def __str__(self) -> str:
        name = "one of any name" if self.name is None else shown(self.name)
        kind = "any type" if self.dtype is None else self.dtype
        if self.shape is None:
            return f"{name} {kind} [any shape]"
        dims = ("any" if dim is None else shown(dim)[1:-1] for dim in self.shape)
        return f"{name} {kind} [{', '.join(dims)}]"


@frozen
class Contract:
    """The inputs and outputs of every variant, in order; a side that is None is not compared.

    Raises ValueError where a name is there twice, or is missing beside others: only a lone tensor needs none.
    """

    inputs: tuple[ContractTensor, ...] | None = attrs.field(default=None, converter=as_tuple)
    outputs: tuple[ContractTensor, ...] | None = attrs.field(default=None, converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        for side, tensors in (("inputs", self.inputs), ("outputs", self.outputs)):
            if tensors is None:
                continue
            if not isinstance(tensors, tuple) or not all(
                isinstance(each, ContractTensor) for each in tensors
            ):
                raise TypeError(f"a contract's {side} are ContractTensors, not {shown(tensors)}")
            names = [tensor.name for tensor in tensors]
            if len(names) > 1 and None in names:
                raise ValueError(f"each of several {side} has a `name`")
            if len(set(names)) != len(names):
                raise ValueError(f"each of the {side} has a name of its own")
