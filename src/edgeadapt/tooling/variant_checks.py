"""What each stage holds a variant to before it serves, in words: what its family declares decides."""

from __future__ import annotations

import os
from collections.abc import Iterator

from edgeadapt.backends.rehearsal import Rehearsal
from edgeadapt.registry.contract import Contract
from edgeadapt.registry.family import ModelFamily
from edgeadapt.registry.variant import ModelVariant
from edgeadapt.wording import shown


def checks_of(
    family: ModelFamily, variant: ModelVariant, reference: Rehearsal | None
) -> Iterator[tuple[str, str]]:
    """Yield a stage and one thing that is checked in it, in order; `reference` as `try_variant` takes it."""
    yield "checking", f"its file is there: {shown(_short(variant.path))}"
    if variant.sha256 is None:
        yield "checking", "no `sha256` is declared: any file at that path is taken"
    else:
        yield "checking", f"the file is the declared one, by its sha256 {variant.sha256[:12]}…"
    if variant.preflight is not None:
        yield "loading", "a process of its own has loaded it before (`preflight`)"
    limit = f"within {family.activation.load_timeout_s:.15g} s"
    yield "loading", f"backend `{variant.backend}` opens it {limit}"
    has_golden = variant.golden is not None and variant.adapter is None
    yield "warming", f"it runs on {'its golden inputs' if has_golden else 'zeros of its own sizes'}"
    yield "validating", _contract(family.contract, reference)
    if variant.adapter is not None:
        before, after = len(variant.adapter.inputs), len(variant.adapter.outputs)
        yield "validating", f"its adapter leads there; steps before the model: {before}, after it: {after}"
    if variant.golden is None:
        yield "validating", "no `golden` is declared: what it answers is not compared"
    else:
        within = f"atol {variant.golden.atol:g}, rtol {variant.golden.rtol:g}"
        yield "validating", f"it answers as recorded in {shown(_short(variant.golden.outputs))} ({within})"


def _contract(declared: Contract | None, reference: Rehearsal | None) -> str:
    if declared is not None:
        return f"it meets the family's contract: {_sides(declared)}"
    if reference is None or reference.contract is None:
        return "its own inputs and outputs become the family's contract, which declares none"
    return f"it meets the contract of `{reference.contract_from}`, as the family declares none: {_sides(reference.contract)}"


def _sides(contract: Contract) -> str:
    sides = (
        "anything" if side is None else ", ".join(map(str, side)) or "nothing"
        for side in (contract.inputs, contract.outputs)
    )
    return " to ".join(sides)


def _short(path: str) -> str:
    """Return a path as a person would type it here: relative where it lies in the present folder."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # on another drive
        return path
    return path if relative.startswith(os.pardir) else relative
