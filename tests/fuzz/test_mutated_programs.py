"""Thousands of damaged compiled policies: each is refused as such, or runs, in both evaluators and alike."""

from __future__ import annotations

import copy
import hashlib
import importlib.util
import json
import random
import struct
import sys
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs
import pytest

from edgeadapt.diagnostics import PolicyError
from edgeadapt.errors import ProgramError
from edgeadapt.language import compile_text
from edgeadapt.program import Program
from edgeadapt.program.compiled import from_bytes, to_bytes
from edgeadapt.program.kind import Boolean, Word
from edgeadapt.program.program import NamedChoice
from edgeadapt.registry.family import ModelFamily, VariantMetadata
from edgeadapt.runtime import Session, open_session
from edgeadapt.state import DeviceState

TESTS = Path(__file__).parents[1]
HEADER = struct.Struct(">8sHI32s")
MUTANTS, PARTS = 20_000, 8
SPICE: list[Any] = [None, True, False, 0, 1, 2, -1, 2**31, 2**62, 10**30, 0.0, -0.0, 1.0, -5.0, 1e-320, 1e308, -1e308, "", "battery", "otherwise",
         "l0", "light", "mode", "network", "variant.size", "power", "accuracy", "charging", "<", "==", "/%", "ratio", "\ud800", "a\nb", "\u202e", [],
         [[]], {}, {"a": 1}, ["boolean"], ["numeric", "time"], ["held", 0], ["held", 1], ["const", 1e308, "1"], ["const", True, "true"],
         ["word", 3, "good"], ["word", 99, "x"], ["param_ref", "wait"], ["signal_ref", "network"], ["signal_ref", "battery"],
         ["attribute_ref", "variant.quick"], ["attribute_ref", "power"], ["words", ["a", "b"], True]]  # fmt: skip
STATES = (
    DeviceState(15.0, False, 70.0, 4000.0, 10.0, None, "excellent", 0.0),
    DeviceState(None, None, None, None, None, None, None, 3.0),
    DeviceState(80.0, True, -5.0, 0.0, 100.0, 50.0, "offline", 8.0),
    DeviceState(0.0, None, 300.0, 100.0, 0.0, None, "good", 1e9),
)


def _generator() -> ModuleType:
    # Tests are no package: the generator is loaded by its path.
    path = TESTS / "differential" / "random_policies.py"
    spec = importlib.util.spec_from_file_location("random_policies_of_bytes", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


generator = _generator()


@pytest.fixture(scope="module")
def seeds() -> list[bytes]:
    """The compiled forms of every right policy in the tree, and of some generated ones."""
    paths = sorted([*(TESTS / "corpus" / "valid").glob("*.eap"), *(TESTS.parent / "policies").glob("*.eap")])
    programs = [compile_text(path.read_text("utf-8")) for path in paths]
    for seed in range(60):
        # The generator can write an `until` that its `when` implies.
        with suppress(PolicyError):
            programs.append(compile_text(generator.PolicyWriter(random.Random(seed)).policy()))
    return [to_bytes(program) for program in programs]


def sealed(content: bytes) -> bytes:
    """Put a right header before any content: a forger can."""
    return HEADER.pack(b"\x89EAPC\r\n\x1a", 1, len(content), hashlib.sha256(content).digest()) + content


def places(plain: Any) -> list[tuple[list[Any], int]]:
    """Return every place in nested lists."""
    found, stack = [], [plain]
    while stack:
        part = stack.pop()
        for index, item in enumerate(part):
            found.append((part, index))
            if isinstance(item, list):
                stack.append(item)
    return found


def by_tree(rng: random.Random, data: bytes, others: list[bytes]) -> bytes:
    """Change a program's lists and seal them again."""
    plain = json.loads(data[HEADER.size :])
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        part, index = rng.choice(places(plain))
        match rng.randrange(7):
            case 0:
                del part[index]
            case 1:
                part.insert(index, copy.deepcopy(part[index]))
            case 2:
                donor, at = rng.choice(places(json.loads(rng.choice(others)[HEADER.size :])))
                part[index] = donor[at]
            case 3:
                same = [(p, i) for p, i in places(plain) if type(p[i]) is type(part[index])]
                donor, at = rng.choice(same)
                part[index] = copy.deepcopy(donor[at])
            case 4:
                for _ in range(rng.choice((1, 3, 120, 2000))):
                    part[index] = [rng.choice(("not", "negate")), part[index]]
                break  # deeper than a copy could be made of
            case _:
                part[index] = copy.deepcopy(rng.choice(SPICE))
        if len(plain) < 2:
            break
    # By hand, as deep ones are beyond `json`.
    return sealed(_text(plain).encode("utf-8", "surrogatepass"))


def _text(plain: Any) -> str:
    out, stack = [], [plain]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack.append(_Raw("]"))
            for index, part in enumerate(reversed(item)):
                stack.append(part)
                if index < len(item) - 1:
                    stack.append(_Raw(","))
            stack.append(_Raw("["))
        else:
            raw = isinstance(item, _Raw)
            out.append(item if raw else json.dumps(item, ensure_ascii=False, separators=(",", ":")))
    return "".join(out)


class _Raw(str):
    """What is written as it is."""


def by_bytes(rng: random.Random, data: bytes) -> bytes:
    """Change some bytes, and half of the time seal what came of it."""
    damaged = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(damaged))
        match rng.randrange(4):
            case 0:
                damaged[at] = rng.randrange(256)
            case 1:
                damaged[at : at + rng.randint(1, 9)] = b""
            case 2:
                damaged[at:at] = bytes([rng.choice(b'[]{}",:0123456789eE.-+\\ntf')])
            case _:
                damaged[at] ^= 1 << rng.randrange(8)
        damaged = damaged or bytearray(b"\x89")
    return sealed(bytes(damaged[HEADER.size :])) if rng.random() < 0.7 else bytes(damaged)


def family_of(program: Program) -> ModelFamily:
    """Return a family that has every variant that a program names, and some more."""
    choices = (*program.otherwise, *(choice for rule in program.rules for choice in rule.choices))
    named = [choice.variant for choice in choices if isinstance(choice, NamedChoice)]
    family = ModelFamily("f")
    for index, name in enumerate(dict.fromkeys((*named, "tiny", "full"))):
        known = VariantMetadata(
            expected_latency_ms=10.0 * index,
            accuracy_score=0.9,
            power_draw_estimate="low",
            memory_footprint_mb=50.0,
        )
        family.add_variant(
            name,
            name,
            metadata=known if index % 2 else VariantMetadata(),
            attributes={"size": 3, "quick": True} if index % 2 else {"size": False},
        )
    return family


def run(program: Program, rng: random.Random) -> None:
    """Step a program in both evaluators, explained too, and compare."""
    try:
        family = family_of(program)
    except ValueError:  # a text, too, may name a variant that no family can have
        return
    native, reference = open_session(program, family), Session(program, family)
    for state in STATES:
        inputs: dict[str, Any] = {}
        for declared in program.inputs:
            kind = declared.kind
            values = (
                (True, False)
                if isinstance(kind, Boolean)
                else kind.words
                if isinstance(kind, Word)
                else (0.0, 80.0)
            )
            inputs[declared.name] = rng.choice((None, *values))
        decision = reference.step(state, inputs, explain=True)
        assert native.step(state, inputs) == attrs.evolve(decision, explanation=None)
        assert native.snapshot() == reference.snapshot()
    json.dumps(reference.snapshot())


def test_the_seeds_themselves_run(seeds: list[bytes]) -> None:
    for data in seeds:
        run(from_bytes(data), random.Random(0))


@pytest.mark.parametrize(
    "part", [pytest.param(part, marks=[pytest.mark.long] if part else []) for part in range(PARTS)]
)
def test_a_damaged_program_is_refused_or_runs(seeds: list[bytes], part: int) -> None:
    rng = random.Random(part)
    ran, refusals = 0, []
    for number in range(MUTANTS // PARTS):
        data = rng.choice(seeds)
        mutant = by_tree(rng, data, seeds) if number % 2 else by_bytes(rng, data)
        try:
            program = from_bytes(mutant)
        except ProgramError as error:
            refusals.append(error)
            continue
        assert to_bytes(program) == mutant
        run(program, rng)
        ran += 1
    assert all(error.reason and "\n" not in str(error) for error in refusals)
    assert ran > MUTANTS // PARTS // 100, "the mutations only ever break a program"


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 1_000_000,
        b"[" * 1_000_000 + b"]" * 1_000_000,
        b'{"a":' * 100_000,
        b'"' * 1_000_000,
        b'"\\' * 500_000,
        b"9" * 1_000_000,
        b"1e" + b"9" * 1_000_000,
        b"[" + b"1," * 500_000 + b"1]",
        b"\xff" * 1000,
        b"",
        b"NaN",
    ],
    ids=range(11),
)
def test_hard_contents_are_refused(content: bytes) -> None:
    with pytest.raises(ProgramError):
        from_bytes(sealed(content))
