"""A search for a trace on which a policy breaks one of its properties: drawn near its thresholds, shrunk, as a `test`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from random import Random

import attrs

from edgeadapt.diagnostics import Span
from edgeadapt.language.trials import PolicyTest, TrialStep
from edgeadapt.policy import RulePolicy
from edgeadapt.program.kind import Word
from edgeadapt.program.program import Program, RateProperty, UseProperty
from edgeadapt.registry.family import ModelFamily
from edgeadapt.replay import Breach, judge, run_trial
from edgeadapt.runtime.evaluate import Value
from edgeadapt.runtime.inputs import Given
from edgeadapt.state import SIGNALS
from edgeadapt.testing.block import test_block
from edgeadapt.testing.corners import Corners, corners
from edgeadapt.testing.shrink import Steps, shrink
from edgeadapt.testing.trial_steps import TrialSteps
from edgeadapt.wording import did_you_mean, shown

MAX_EXAMPLES = 2000
_NOWHERE = Span(0, 0)
_Promise = UseProperty | RateProperty


@attrs.frozen
class Violation:
    """A broken property: the step that breaks it, explained, and the shrunk trace as a `test` block to paste."""

    promise: str
    breach: Breach
    text: str

    @property
    def test(self) -> PolicyTest:
        """The trace."""
        return self.breach.run.test

    def __str__(self) -> str:
        at = f"{self.breach.step.seconds:g} s"
        return f"`{self.promise}` does not hold at {at}: {self.breach.words}\n{self.text}"


class PropertyBroken(AssertionError):  # noqa: N818 - it says what happened, and a test fails by it
    """A policy breaks properties of its own. Field: `violations`."""

    def __init__(self, policy: str, violations: Sequence[Violation]) -> None:
        told = "\n".join(str(it) for it in violations)
        super().__init__(f"policy `{policy}` breaks what it promises; this test shows it:\n{told}")
        self.violations = tuple(violations)


def check_policy(
    policy: RulePolicy | Program,
    family: ModelFamily,
    *,
    max_examples: int = MAX_EXAMPLES,
    seed: int = 0,
    values: Mapping[str, Sequence[Given]] | None = None,
    taken: Collection[str] = (),
) -> None:
    """Raise PropertyBroken where `find_violations`, which explains the arguments, finds any."""
    found = find_violations(policy, family, max_examples=max_examples, seed=seed, values=values, taken=taken)
    if found:
        name = policy.name
        raise PropertyBroken(name, found)


def find_violations(
    policy: RulePolicy | Program,
    family: ModelFamily,
    *,
    max_examples: int = MAX_EXAMPLES,
    seed: int = 0,
    values: Mapping[str, Sequence[Given]] | None = None,
    taken: Collection[str] = (),
) -> tuple[Violation, ...]:
    """Search for a trace that breaks each of a policy's properties, with `max_examples` traces for each.

    `values` says what a signal or input may be (canonical units, words as text, None for unknown) in place of what the
    search would try. A found test has none of the names `taken`. The same seed finds the same. Raises ValueError where
    the family lacks a variant of the policy, and for a name in `values` that the policy does not read.
    """
    program = policy.program if isinstance(policy, RulePolicy) else policy
    near = _only(program, corners(program, family), values or {})
    found: list[Violation] = []
    for promise in program.properties:
        search = _Search(program, family, promise, near)
        steps = search.run(max_examples, Random(seed))  # noqa: S311 - a draw of examples, not of secrets
        if steps is not None:
            names = {*taken, *(it.test.name for it in found)}
            found.append(search.violation(steps, _free(f"breaks_{promise.name}", names)))
    return tuple(found)


@attrs.frozen
class _Search:
    """The search for one property."""

    program: Program
    family: ModelFamily
    promise: _Promise
    near: Corners

    def run(self, max_examples: int, rng: Random) -> Steps | None:
        """Return a shrunk trace that breaks the property, None where none was found."""
        trials = TrialSteps(self.program, self.promise, self.near, rng)
        for _ in range(max_examples):
            steps = trials.draw()
            breach = self._breach(_test(steps))
            if breach is not None:
                end = breach.run.steps.index(breach.step) + 1
                return shrink(steps[:end], self._breaks, self.near)
        return None

    def violation(self, steps: Steps, name: str) -> Violation:
        """Play a trace again, with its explanations."""
        test = attrs.evolve(_test(steps), name=name)
        breach = self._breach(test, explain=True)
        assert breach is not None  # the same trace broke it before, and a session is deterministic
        return Violation(self.promise.name, breach, test_block(self.program, test))

    def _breaks(self, steps: Steps) -> bool:
        return self._breach(_test(steps)) is not None

    def _breach(self, test: PolicyTest, *, explain: bool = False) -> Breach | None:
        run = run_trial(self.program, self.family, test, explain=explain)
        focused = attrs.evolve(self.program, properties=(self.promise,))
        return next((breach for verdict in judge(focused, [run]) for breach in verdict.breaches), None)


def _test(steps: Steps) -> PolicyTest:
    at = 0
    trial: list[TrialStep] = []
    for gap, assigns in steps:
        at += gap
        trial.append(TrialStep(at, assigns, None, _NOWHERE))
    return PolicyTest("trace", tuple(trial), _NOWHERE)


def _only(program: Program, near: Corners, values: Mapping[str, Sequence[Given]]) -> Corners:
    allowed: dict[str, tuple[Value, ...]] = dict(near.values)
    for name, given in values.items():
        if name not in allowed:
            remedy = did_you_mean(name, allowed, "it reads")
            raise ValueError(f"policy `{program.name}` does not read {shown(name)}; {remedy}")
        allowed[name] = tuple(_value(program, name, it) for it in given)
        if not allowed[name]:
            raise ValueError(f"`{name}` has no values to try; leave it out, or give some")
    return Corners(allowed, near.gaps_ns)


def _value(program: Program, name: str, given: Given) -> Value:
    kind = next((it.kind for it in program.inputs if it.name == name), None)
    words = kind.words if isinstance(kind, Word) else SIGNALS[name].words if name in SIGNALS else ()
    if isinstance(given, str):
        if given not in words:
            raise ValueError(f"{shown(given)} is no value of `{name}`; {did_you_mean(given, words)}")
        return float(words.index(given))
    return given if given is None or isinstance(given, bool) else float(given)


def _free(name: str, taken: Collection[str]) -> str:
    number = 2
    found = name
    while found in taken:
        found, number = f"{name}_{number}", number + 1
    return found
