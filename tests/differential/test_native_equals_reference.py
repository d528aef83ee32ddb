"""The two evaluators decide the same, bit for bit, over random policies, families and traces."""

from __future__ import annotations

import importlib.util
import json
import random
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs
import pytest

from edgeadapt.diagnostics import PolicyError
from edgeadapt.language import compile_text
from edgeadapt.runtime.lowering import UnloweredError
from edgeadapt.runtime.native import NativeSession
from edgeadapt.runtime.session import Session

STEPS = 50


def _load(name: str) -> ModuleType:
    # Tests are no package: the generator beside this file is loaded by its path.
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


generator = _load("random_policies")


class Reached:
    """Counts what the runs have met, so that a generator gone tame is seen."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def note_explained(self, decision: Any) -> None:
        explanation = decision.explanation
        conditions = [
            part for rule in explanation.rules for part in (rule.when, rule.until) if part is not None
        ]
        self.counts["unknown condition"] += any(part.value is None for part in conditions)
        for choice in explanation.choices:
            scores = [candidate.scores for candidate in choice.candidates if candidate.qualifies]
            self.counts["tie of every score"] += len(set(scores)) < len(scores) and bool(scores[0])
            self.counts["unknown score"] += any(None in candidate.scores for candidate in choice.candidates)
            best = max((s[0] for s in scores if s and s[0] is not None), default=None)
            held = next((c for c in choice.candidates if c.variant == choice.picked), None)
            by_tolerance = "highest" in choice.text.split(" then ")[0] and " tolerance " in choice.text
            if by_tolerance and held is not None and held.scores[0] is not None and best is not None:
                self.counts["kept by tolerance"] += held.scores[0] < best

    def note(self, decision: Any, session: Session, explained: bool) -> None:
        self.counts["steps"] += 1
        self.counts[decision.reason] += 1
        self.counts["swaps"] += decision.swap
        self.counts["explained"] += explained
        for phase in session.phases.values():
            self.counts[phase] += 1


def run_policy(seed: int, reached: Reached) -> None:
    rng = random.Random(seed)
    back = 0
    text = generator.PolicyWriter(rng).policy()
    family = generator.random_family(rng)
    try:
        program = compile_text(text)
    except PolicyError as error:
        # The one mistake that the generator can make: an `until` implied by its `when`.
        if {problem.code for problem in error.diagnostics} != {"EAP304"}:
            raise
        reached.counts["refused by the checker"] += 1
        return
    auto_commit = rng.random() < 0.7
    reference = Session(program, family, auto_commit=auto_commit)
    try:
        native = NativeSession(program, family, auto_commit=auto_commit)
    except UnloweredError:
        reached.counts["unlowered"] += 1
        return
    trace = generator.TraceWriter(rng)
    for index in range(STEPS):
        state, inputs, variants = trace.step()
        explain = rng.random() < 0.05
        expected = reference.step(state, inputs, variants)
        found = native.step(state, inputs, variants, explain=explain)
        place = f"seed {seed}, step {index}:\n{text}"
        assert attrs.evolve(found, explanation=None) == expected, place
        assert (found.explanation is not None) is explain
        assert native.phases == reference.phases, place
        assert native.clock_steps_back == reference.clock_steps_back, place
        assert native.clamped == reference.clamped, place
        reached.note(expected, reference, explain)
        reached.counts["unavailable variant"] += bool(variants) and any(
            not v.available for v in variants.values()
        )
        if explain:
            reached.note_explained(found)
        if index % 7 == 0:
            assert native.snapshot() == reference.snapshot(), place
        if not auto_commit and expected.target is not None and rng.random() < 0.4:
            # What the engine reports: mostly the target, sometimes an operator's or a rollback's variant.
            variant = rng.choice((expected.target, expected.target, "tiny"))
            at = state.timestamp + rng.choice((0.0, 0.3, -1.0))
            reference.committed(variant, at)
            native.committed(variant, at)
            reached.counts["reported commits"] += 1
        if rng.random() < 0.03:
            snapshot = json.loads(json.dumps(reference.snapshot()))
            assert json.loads(json.dumps(native.snapshot())) == snapshot, place
            elapsed = rng.choice((0.0, 1.0, 3.5))
            restored: dict[str, Any] = {
                "auto_commit": auto_commit,
                "snapshot": snapshot,
                "elapsed_s": elapsed,
            }
            reference, native = (
                Session(program, family, **restored),
                NativeSession(program, family, **restored),
            )
            assert reference.refused == native.refused == ""
            reached.counts["restored"] += 1
    reached.counts["clock stepped back"] += back + reference.clock_steps_back


WANTED = [
    "idle",
    "pending",
    "active",
    "ending",
    "ADOPTED",
    "UNCHANGED",
    "SWAP_POLICY_RECOMMEND",
    "SWAP_SUPPRESSED_COOLDOWN",
    "SWAP_SUPPRESSED_RATE",
    "NO_CANDIDATE",
    "explained",
    "restored",
    "reported commits",
    "unavailable variant",
    "clock stepped back",
    "unknown condition",
    "unknown score",
    "tie of every score",
    "kept by tolerance",
]


def run_policies(seeds: range) -> Reached:
    reached = Reached()
    for seed in seeds:
        run_policy(seed, reached)
    print("reached:", dict(sorted(reached.counts.items())))
    assert all(reached.counts[name] > 0 for name in WANTED), reached.counts
    return reached


def test_random_policies_decide_the_same() -> None:
    run_policies(range(200))


@pytest.mark.long
@pytest.mark.timeout(600)
def test_a_hundred_thousand_steps_decide_the_same() -> None:
    assert run_policies(range(1000, 3100)).counts["steps"] >= 100_000


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_a_million_steps_decide_the_same() -> None:
    assert run_policies(range(10_000, 31_000)).counts["steps"] >= 1_000_000
