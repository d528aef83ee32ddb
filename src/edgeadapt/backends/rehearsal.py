"""What is run of a variant before it serves, as data: so that another process can run the same.

The checks themselves are `edgeadapt.backends.preparation`'s, there and here.
"""

from __future__ import annotations

from typing import Any

import attrs

from edgeadapt.registry.adapter import STEPS, AdapterSteps, step_key
from edgeadapt.registry.contract import Contract, ContractTensor
from edgeadapt.registry.variant import Golden, ModelVariant


@attrs.frozen
class Rehearsal:
    """The contract that a variant is held against, and what of the variant its first runs depend on."""

    contract: Contract | None = None
    contract_from: str = ""
    """The variant whose own inputs and outputs the contract is; empty for a declared one."""
    golden: Golden | None = None
    adapter: AdapterSteps | None = None

    @classmethod
    def of(cls, variant: ModelVariant, contract: Contract | None, contract_from: str = "") -> Rehearsal:
        """Make the one of a variant that no function of the host's stands around."""
        # Steps lead to a contract; where there is none, they are told when the variant is validated.
        return cls(contract, contract_from, variant.golden, None if contract is None else variant.adapter)

    def as_data(self) -> dict[str, Any]:
        """Return it as what JSON can hold."""
        return {
            "contract": None if self.contract is None else attrs.asdict(self.contract),
            "contract_from": self.contract_from,
            "golden": None if self.golden is None else attrs.asdict(self.golden),
            "adapter": None
            if self.adapter is None
            else {
                side: [[step_key(step), attrs.asdict(step)] for step in steps]
                for side, steps in (("inputs", self.adapter.inputs), ("outputs", self.adapter.outputs))
            },
        }

    @classmethod
    def of_data(cls, data: dict[str, Any]) -> Rehearsal:
        """Make one from what `as_data` returned."""
        contract, golden, adapter = data["contract"], data["golden"], data["adapter"]
        return cls(
            None if contract is None else Contract(**{side: _tensors(contract[side]) for side in contract}),
            data["contract_from"],
            None if golden is None else Golden(**golden),
            None
            if adapter is None
            else AdapterSteps(
                **{side: [STEPS[key](**fields) for key, fields in adapter[side]] for side in adapter}
            ),
        )


def _tensors(data: list[dict[str, Any]] | None) -> list[ContractTensor] | None:
    return None if data is None else [ContractTensor(**fields) for fields in data]
