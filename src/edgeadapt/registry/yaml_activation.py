"""The parts of a family file that say how variants come into service: contract, rules of activation, adapters."""

from __future__ import annotations

from typing import Any

import attrs

from edgeadapt.registry.activation import ActivationRules, Probation
from edgeadapt.registry.adapter import STEPS, AdapterSteps, Step
from edgeadapt.registry.contract import Contract, ContractTensor
from edgeadapt.registry.yaml_fields import FieldReader
from edgeadapt.registry.yaml_tree import Node

RULE_KEYS = tuple(field.name for field in attrs.fields(ActivationRules))
_SIDES = ("inputs", "outputs")


def read_contract(reader: FieldReader, node: Node) -> Contract:
    """Read `contract:`."""
    sides: dict[str, Any] = {}
    for side, child in reader.fields(node, "contract", _SIDES).items():
        here = f"contract.{side}"
        sides[side] = tuple(
            reader.record(item, f"{here}[{index}]", ContractTensor)
            for index, item in enumerate(reader.items(child, here))
        )
        tensors = {side: sides[side]}
        reader.checked(lambda tensors=tensors: Contract(**tensors), child.line, here)  # type: ignore[misc]  # a default binds the loop's value
    return Contract(**sides)


def read_rules(reader: FieldReader, fields: dict[str, Node]) -> ActivationRules:
    """Read the rules of activation, which are keys of the family itself."""
    values: dict[str, Any] = {}
    for key in RULE_KEYS:
        if key not in fields:
            continue
        child = fields[key]
        with reader.apart():
            if key == "probation":
                values[key] = reader.record(child, key, Probation)
            else:
                rule: dict[str, Any] = {key: reader.scalar(child, key).value}
                reader.checked(lambda rule=rule: ActivationRules(**rule), child.line, key)  # type: ignore[misc]  # a default binds the loop's value
                values |= rule
    return ActivationRules(**values)


def read_adapter(reader: FieldReader, node: Node, where: str) -> AdapterSteps:
    """Read a variant's `adapter:`."""
    sides: dict[str, tuple[Step, ...]] = {}
    for side, child in reader.fields(node, where, _SIDES).items():
        here = f"{where}.{side}"
        sides[side] = tuple(
            _step(reader, item, f"{here}[{index}]") for index, item in enumerate(reader.items(child, here))
        )
    return AdapterSteps(**sides)


def _step(reader: FieldReader, node: Node, where: str) -> Step:
    fields = reader.fields(node, where, tuple(STEPS))
    if len(fields) != 1:
        reader.fail(
            node.line, where, "this is not one step", "write one step an item, such as `- drop: {name: mask}`"
        )
    ((key, child),) = fields.items()
    return reader.record(child, f"{where}.{key}", STEPS[key])
