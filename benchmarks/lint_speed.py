"""How long the lints take: 100 rules at most 100 ms, and beside it what parsing and checking the same text takes.

Processor time, the best of several runs: other work on the machine counts as little as it can.

Run: python benchmarks/lint_speed.py [--rules N] [--repeat N]
"""

from __future__ import annotations

import argparse
import random
import time

import attrs

from edgeadapt.diagnostics import Source
from edgeadapt.language.checker import check
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.registry import lints
from edgeadapt.language.linting.runner import run_on
from edgeadapt.language.parser import parse

SIGNALS = {
    "battery": ("{}%", 0, 100),
    "temperature": ("{} °C", 20, 110),
    "cpu": ("{}%", 0, 100),
    "memory_available": ("{} MB", 50, 8000),
    "gpu": ("{}%", 0, 100),
    "memory_pressure": ("{}%", 0, 60),
}
BOOLEANS = ("charging", "throttled", "low_power_mode")
VARIANTS = ("tiny", "small", "medium", "full")


def policy(rules: int, seed: int = 1) -> str:
    """Write a policy of rules as people write them: two or three thresholds, hysteresis, timers."""
    rng = random.Random(seed)
    lines = ["edition 1", "policy many {"]
    lines += [f"  let low_{i} = battery < {10 + 5 * i}% band 5%" for i in range(8)]
    for index in range(rules):
        parts, ends = [], []
        for name in rng.sample(tuple(SIGNALS), rng.choice((1, 2, 2, 3))):
            shape, low, high = SIGNALS[name]
            value, distance = rng.randint(low, high), (high - low) // 10
            below = rng.random() < 0.5
            parts.append(f"{name} {rng.choice(('<', '<=') if below else ('>', '>='))} {shape.format(value)}")
            end = value + distance if below else value - distance
            ends.append(
                f"{name} {'>=' if below else '<'} {shape.format(end)}" if low < end < high else "charging"
            )
        if rng.random() < 0.4:
            parts.append(f"{rng.choice(('', 'not '))}{rng.choice(BOOLEANS)}")
        if rng.random() < 0.3:
            parts.append(f"low_{rng.randrange(8)}")
        joined = rng.choice((*[" and "] * 9, " or ")).join(parts)
        lines.append(f"  rule r{index} {{ when {joined}")
        if rng.random() < 0.4:
            lines.append(f"    until {' or '.join(ends)}")
        if rng.random() < 0.3:
            lines.append(f"    for {rng.randint(1, 30)} s")
        if rng.random() < 0.3:
            lines.append(f"    hold {rng.randint(1, 60)} s")
        lines.append(f"    use {rng.choice(VARIANTS)} }}")
    return "\n".join([*lines, "  otherwise use medium", "}"])


def best_ms(work: object, repeat: int) -> float:
    """Return the shortest of several runs, in ms."""
    times = []
    for _ in range(repeat):
        start = time.process_time()
        work()  # type: ignore[operator] # a callable
        times.append((time.process_time() - start) * 1e3)
    return min(times)


def main() -> None:
    """Print a line for each stage, and each slow lint."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rules", type=int, default=100)
    options.add_argument("--repeat", type=int, default=9)
    args = options.parse_args()
    text = policy(args.rules)
    parsed = parse(Source("many.eap", text))
    checked = check(parsed)
    assert parsed.tree is not None
    assert checked.program is not None, [problem.message for problem in checked.diagnostics]
    tree, program = parsed.tree, checked.program

    def context() -> Context:
        return Context.of(parsed.source, tree, program, checked.tests)

    asked = attrs.evolve(context(), asked=[])
    found = run_on(asked)
    decided = sum(answer.value != "not decided" for answer in asked.asked)
    parsing = best_ms(lambda: check(parse(Source("many.eap", text))), args.repeat)
    linting = best_ms(lambda: run_on(context()), args.repeat)
    print(f"{args.rules} rules, {len(found)} findings, {len(asked.asked)} exact questions, {decided} decided")
    print(f"parse and check  {parsing:8.1f} ms")
    print(f"lint             {linting:8.1f} ms")
    alone = {lint.name: best_ms(lambda lint=lint: list(lint.check(context())), 3) for lint in lints()}
    for name, milliseconds in sorted(alone.items(), key=lambda item: -item[1])[:8]:
        print(f"  {name:28} {milliseconds:8.1f} ms alone")


if __name__ == "__main__":
    main()
