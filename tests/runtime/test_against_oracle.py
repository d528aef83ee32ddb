"""Random policies over random traces: the sessions decide as the oracle does, through restarts and failed loads too."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from edgeadapt.diagnostics import PolicyError
from edgeadapt.program import Program
from edgeadapt.program.params import with_params
from edgeadapt.program.status import VariantStatus
from edgeadapt.registry.family import ModelFamily
from edgeadapt.runtime import Session
from tests.runtime.drawn import VARIANTS, draw_durations, draw_policy, draw_step, text_of
from tests.runtime.oracle import Oracle
from tests.runtime.world import S, plain, program, state

OUT = VariantStatus(available=False)


def family_of(policy: dict[str, Any]) -> ModelFamily:
    scores = policy["family"]
    return plain(**{name: {} if scores[name] is None else {"score": scores[name]} for name in VARIANTS})


class Run:
    """One session beside one oracle; `offset` is how far the session's clock is from the oracle's."""

    def __init__(self, policy: dict[str, Any], compiled: Program, random: Random, auto_commit: bool) -> None:
        self.random, self.auto_commit, self.compiled = random, auto_commit, compiled
        self.family = family_of(policy)
        self.oracle = Oracle(policy)
        self.session = Session(compiled, self.family, auto_commit=auto_commit)
        self.offset = 0

    def walk(self, steps: int) -> None:
        for _ in range(steps):
            later, inputs, missing = draw_step(self.random, self.oracle.last or 0)
            if self.oracle.last is not None and later >= self.oracle.last and self.random.random() < 0.15:
                self.restart(self.oracle.last, later)
            self.step(later, inputs, missing)
            if not self.auto_commit:
                self.report(self.oracle.last or 0)

    def step(self, t: int, inputs: dict[str, float | None], missing: set[str]) -> None:
        expected = self.oracle.step(t / S, inputs, missing)
        at = state((t + self.offset) / S)
        explain = self.random.random() < 0.2
        decision = self.session.step(at, inputs, dict.fromkeys(missing, OUT), explain=explain)
        reason = expected["reason"]
        if self.auto_commit and reason in ("ADOPTED", "SWAP_POLICY_RECOMMEND"):
            assert self.oracle.last is not None
            self.oracle.commit(expected["target"], self.oracle.last)
        assert (decision.target, decision.rule, decision.reason) == (
            expected["target"],
            expected["rule"],
            reason,
        )
        assert decision.active == self.session.active == self.oracle.active
        assert decision.swap is (reason == "SWAP_POLICY_RECOMMEND")
        assert self.session.phases == expected["phases"]
        self.due = decision.target if decision.swap or reason == "ADOPTED" else None

    def report(self, t: int) -> None:
        """Commit what is due, late or at once; sometimes fail, roll back, or pin another variant."""
        at = t + self.random.choice((0, 0, 1, S, 2 * S))
        variant = self.due if self.random.random() < 0.6 else None
        if self.random.random() < 0.1:
            variant = self.random.choice(VARIANTS)
        if variant is not None:
            self.oracle.commit(variant, at)
            self.session.committed(variant, (at + self.offset) / S)

    def restart(self, last: int, later: int) -> None:
        """Go on in a new session on a clock of its own, whose first step is the one at `later`."""
        saved = json.loads(json.dumps(self.session.snapshot()))
        self.session = Session(
            self.compiled,
            self.family,
            auto_commit=self.auto_commit,
            snapshot=saved,
            elapsed_s=(later - last) / S,
        )
        assert self.session.refused == ""
        self.offset = self.random.choice((0, 1, -5 * S, 10_000 * S))


def compiled(policy: dict[str, Any]) -> Program | None:
    """Compile a drawn policy; None where its `until` holds wherever `when` does, which no author may write."""
    try:
        return program(text_of(policy))
    except PolicyError as error:
        if any(problem.code != "EAP304" for problem in error.diagnostics):
            raise
        return None


@pytest.mark.parametrize("seed", range(50))
def test_sessions_decide_as_the_oracle_does(seed: int) -> None:
    random = Random(seed)
    policy = draw_policy(random)
    while (whole := compiled(policy)) is None:
        policy = draw_policy(random)
    for round_ in range(12):
        params = draw_durations(policy, random)
        Run(policy, with_params(whole, params), random, auto_commit=round_ % 2 == 0).walk(40)
