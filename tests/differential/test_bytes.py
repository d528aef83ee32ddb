"""Any program that the language can give comes back from its bytes as it was, with parameters set or not."""

from __future__ import annotations

import importlib.util
import random
import sys
from contextlib import suppress
from pathlib import Path
from types import ModuleType

import pytest

from edgeadapt.diagnostics import PolicyError
from edgeadapt.language import compile_text
from edgeadapt.program import Program
from edgeadapt.program.compiled import from_bytes, to_bytes
from edgeadapt.program.params import with_params


def _generator() -> ModuleType:
    # Tests are no package: the generator beside this file is loaded by its path.
    spec = importlib.util.spec_from_file_location(
        "random_policies_to_bytes", Path(__file__).with_name("random_policies.py")
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


generator = _generator()


def generated(seeds: range) -> list[Program]:
    programs = []
    for seed in seeds:
        rng = random.Random(seed)
        # The one mistake that the generator can make: an `until` implied by its `when`.
        with suppress(PolicyError):
            program = compile_text(generator.PolicyWriter(rng).policy())
            programs += [
                program,
                with_params(program, {"share": rng.uniform(0, 100), "wait": rng.random() * 1e6}),
            ]
    return programs


def comes_back(seeds: range) -> None:
    programs = generated(seeds)
    assert len(programs) > len(seeds)
    for program in programs:
        data = to_bytes(program)
        back = from_bytes(data)
        assert (back, back.digest) == (program, program.digest)
        assert to_bytes(back) == data


def test_generated_policies_come_back() -> None:
    comes_back(range(150))


@pytest.mark.long
def test_many_generated_policies_come_back() -> None:
    comes_back(range(150, 2000))
