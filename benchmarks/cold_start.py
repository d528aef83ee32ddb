"""What a start costs as whole processes, against bare Python in the same run; and a compile once warm.

Claims: `import edgeadapt` adds at most 20 ms to bare Python; a policy of 30 lines is checked and linted in at most 10 ms once
warm. Wished for and not reached yet: `edgeadapt lint FILE` cold in 200 ms; most of it is the making of classes on import.

    python benchmarks/cold_start.py
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence

from policy_speed import FAMILY, POLICY

from edgeadapt.language import lint_text
from edgeadapt.shipped import shipped

ROUNDS = 15
IMPORT_LIMIT_MS, COMPILE_LIMIT_MS = 20.0, 10.0


def process_ms(commands: dict[str, Sequence[str]]) -> dict[str, float]:
    """Run each command in turns; the fastest round counts, since other work only slows one down."""
    rounds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, arguments in commands.items():
            started = time.perf_counter()
            subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
            rounds[name].append((time.perf_counter() - started) * 1e3)
    return {name: min(values) for name, values in rounds.items()}


def warm_ms() -> float:
    rounds = []
    for _ in range(50):
        started = time.perf_counter()
        lint_text(POLICY, family=FAMILY)
        rounds.append((time.perf_counter() - started) * 1e3)
    return min(rounds)


def main() -> int:
    policy = str(shipped("policies/balanced.eap"))
    took = process_ms(
        {
            "bare Python": ("-c", "pass"),
            "import edgeadapt": ("-c", "import edgeadapt"),
            "edgeadapt lint FILE": ("-m", "edgeadapt", "lint", policy),
        }
    )
    bare = took["bare Python"]
    for name, value in took.items():
        print(f"  {name:20} {value:6.1f} ms   {value - bare:+6.1f} ms")
    compiled, lines = warm_ms(), len(POLICY.splitlines())
    print(f"  {lines} lines checked with all lints, warm: {compiled:.1f} ms (at most {COMPILE_LIMIT_MS:.0f})")
    added = took["import edgeadapt"] - bare
    return 0 if added <= IMPORT_LIMIT_MS and compiled <= COMPILE_LIMIT_MS else 1


if __name__ == "__main__":
    sys.exit(main())
