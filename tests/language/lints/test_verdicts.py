"""What lints claim of drawn policies holds in the reference evaluator, at corner states.

A claim that something can't happen: it does not, over random traces. A claim that a part has no effect: without the part
every step decides the same.
"""

from __future__ import annotations

import random
from collections import Counter

import pytest

from edgeadapt.diagnostics import Diagnostic, Source
from edgeadapt.language.checker import check
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.effects import breaking_states, forbids
from edgeadapt.language.linting.runner import run
from edgeadapt.language.parser import parse
from edgeadapt.program import Program
from edgeadapt.registry.family import ModelFamily
from edgeadapt.runtime import Session
from edgeadapt.runtime.evaluate import truth
from tests.language.policies_strategy import VARIANTS, checked, corners, device, random_values
from tests.program.conditions.test_conditions import scope_of

FAMILY = ModelFamily("abc")
for _name in VARIANTS:
    FAMILY.add_variant(_name, f"{_name}.onnx")
SEEDS = range(300)
TRACES, STEPS = 3, 25
EFFECTLESS_CLAUSES = {"EAP416", "EAP428", "EAP429", "EAP430", "EAP433", "EAP434"}


def traces(seed: int, program: Program) -> list[list[tuple[float, dict]]]:
    """Return random walks over corner states: some values change from step to step, time moves on, or stands still."""
    rng, corner = random.Random(seed), corners(program)
    found = []
    for _ in range(TRACES):
        t, values, steps = 0.0, random_values(rng, corner), []
        for _ in range(STEPS):
            steps.append((t, dict(values)))
            t += rng.choice((0.0, 1.0, 2.0, 5.0, 30.0))
            fresh = random_values(rng, corner)
            values |= {name: value for name, value in fresh.items() if rng.random() < 0.4}
        found.append(steps)
    return found


def played(program: Program, steps: list[tuple[float, dict]]) -> list[tuple]:
    """Run a trace; return what each step decides, and each rule's phase."""
    session = Session(program, FAMILY)
    out = []
    for t, values in steps:
        state, inputs = device(t, values)
        decision = session.step(state, {name: inputs.get(name) for name in session_inputs(program)})
        out.append((decision, session.phases))
    return out


def session_inputs(program: Program) -> list[str]:
    return [declared.name for declared in program.inputs]


def without(problem: Diagnostic, replacement: str) -> Program | None:
    """Compile the policy with a problem's place replaced."""
    span, text = problem.span, problem.source.text
    return check(parse(Source("less.eap", text[: span.start] + replacement + text[span.end :]))).program


@pytest.fixture(scope="module")
def linted() -> list[tuple[int, Program, tuple[Diagnostic, ...], Context]]:
    out = []
    for seed in SEEDS:
        parsed, result = checked(seed)
        assert result.program is not None
        assert parsed.tree is not None
        context = Context.of(parsed.source, parsed.tree, result.program)
        out.append((seed, result.program, run(parsed, result), context))
    return out


def named(problem: Diagnostic) -> str:
    """Return the first name that a message quotes."""
    return problem.message.split("`")[1]


def test_a_rule_that_can_never_start_never_does(linted) -> None:
    seen = 0
    for seed, program, problems, _ in linted:
        dead = {named(p) for p in problems if p.code == "EAP401"}
        dead |= {p.message.split("`")[-2] for p in problems if p.code == "EAP402"}
        for steps in traces(seed, program) if dead else ():
            seen += len(dead)
            for _, phases in played(program, steps):
                assert all(phases[name] == "idle" for name in dead)
    assert seen > 20


def test_a_shadowed_rule_never_wins(linted) -> None:
    seen = entered = 0
    for seed, program, problems, _ in linted:
        shadowed = {named(p) for p in problems if p.code == "EAP404"}
        for steps in traces(seed, program) if shadowed else ():
            seen += len(shadowed)
            for decision, phases in played(program, steps):
                assert decision.rule not in shadowed
                entered += any(phases[name] in ("active", "ending") for name in shadowed)
    assert seen > 40
    assert entered > 100


def test_constant_parts_are_constant(linted) -> None:
    seen = Counter()
    for seed, program, problems, context in linted:
        wanted = {p.span: p.code for p in problems if p.code in ("EAP403", "EAP405", "EAP407", "EAP409")}
        places = {part.node.span: part.expr for condition in context.conditions for part in condition.parts}
        rng, corner = random.Random(seed), corners(program)
        bands = [False] * len(program.bands)
        for _ in range(60 if wanted else 0):
            scope = scope_of(program, random_values(rng, corner), bands)
            for span, code in wanted.items():
                value = truth(places[span], scope)
                message = next(p.message for p in problems if p.span == span and p.code == code)
                if "can never" in message:
                    assert value is not True
                elif code == "EAP405":
                    assert value is True
                else:
                    assert value is not False
                seen[code] += 1
    assert all(seen[code] > 100 for code in ("EAP403", "EAP405", "EAP407", "EAP409"))


def test_a_rule_said_to_be_stuck_while_a_signal_is_unknown_does_not_end_then(linted) -> None:
    started = 0
    for seed, program, problems, _ in linted:
        for problem in problems:
            if problem.code != "EAP410":
                continue
            rule, signal = problem.message.split("`")[1::2]
            for steps in traces(seed, program):
                active = False
                for _, phases in played(program, [(t, values | {signal: None}) for t, values in steps]):
                    assert not active or phases[rule] == "active"
                    active = phases[rule] == "active"
                started += active
    assert started > 20


def test_what_has_no_effect_can_be_left_out(linted) -> None:
    seen = Counter()
    for seed, program, problems, context in linted:
        for problem in problems:
            less = None
            if problem.code in EFFECTLESS_CLAUSES:
                less = without(problem, "")
            elif problem.code == "EAP413":
                less = without(problem, "false")
            elif problem.code == "EAP406":
                less = without(problem, _neutral(problem, context))
            if less is None:
                continue
            seen[problem.code] += 1
            for steps in traces(seed, program)[:2]:
                for (one, phases), (other, less_phases) in zip(
                    played(program, steps), played(less, steps), strict=True
                ):
                    assert (one.target, one.active, one.swap) == (other.target, other.active, other.swap)
                    assert problem.code == "EAP413" or phases == less_phases
    assert {"EAP406", "EAP413", "EAP428", "EAP429", "EAP430", "EAP433", "EAP434"} <= set(seen)


def _neutral(problem: Diagnostic, context: Context) -> str:
    """Return what a part of `and` or `or` can be replaced by."""
    for condition in context.conditions:
        for part in condition.parts:
            if any(child.span == problem.span for child in getattr(part.node, "parts", ())):
                return "true" if part.node.op == "and" else "false"
    raise AssertionError(problem.message)


def test_a_property_said_to_be_broken_is_broken_by_the_state_that_is_shown(linted) -> None:
    seen = 0
    for _, program, problems, context in linted:
        for problem in problems:
            if problem.code != "EAP454":
                continue
            seen += 1
            prop = next(p for p in program.properties if p.name == problem.message.split("`")[-2])
            rule = next((r for r in context.rules if f"rule `{r.name}`" in problem.message), None)
            witness = breaking_states(context.first, prop, rule, context.rules).witness()
            values = {"cpu": 0.0}  # known in every state, so that a witness need not say so
            values |= {axis.name: _value(program, axis.name, value) for axis, value in witness.items()}
            assert truth(prop.when, scope_of(program, values, [False] * len(program.bands))) is True
            for decision, _ in played(program, [(0.0, values), (3600.0, values)])[1:]:
                assert forbids(prop, decision.target)
    assert seen > 10


def test_a_rule_said_to_be_able_to_start_does(linted) -> None:
    """The other half of exact: what is not called dead is shown by a state."""
    seen = 0
    for _, program, _, context in linted:
        for rule in context.rules:
            states = context.first.true(rule.rule.when) & context.first.not_true(rule.rule.until)
            witness = states.witness()
            if witness is None:
                continue
            seen += 1
            values = {axis.name: _value(program, axis.name, value) for axis, value in witness.items()}
            (_, _), (_, phases) = played(program, [(0.0, values), (3600.0, values)])
            assert phases[rule.name] == "active"
    assert seen > 500


def _value(program: Program, name: str, value: float | None):
    if value is None:
        return None
    if name in ("charging", "throttled", "busy"):
        return bool(value)
    kind = next((declared.kind for declared in program.inputs if declared.name == name), None)
    words = getattr(kind, "words", ())
    return words[int(value)] if words else value
