"""What a start costs as whole processes, against bare Python in the same run; and a compile once warm.

Claims: `import edgeadapt` adds at most 20 ms to bare Python; `edgeadapt lint FILE` takes at most 200 ms in a fresh process;
a policy of 30 lines is checked and linted in at most 10 ms once warm.

Every process finds the bytecode of all modules and the grammar's table, as it does where EdgeAdapt is installed and has
run once. Where Python may keep no bytecode, compiling the sources adds 70 ms to a lint.

    python benchmarks/cold_start.py
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from tempfile import TemporaryDirectory

from policy_speed import FAMILY, POLICY

from edgeadapt.language import lint_text
from edgeadapt.shipped import shipped

ROUNDS = 15
IMPORT_LIMIT_MS, LINT_LIMIT_MS, COMPILE_LIMIT_MS = 20.0, 200.0, 10.0
# What the installed `edgeadapt` script does.
COMMAND = ("-c", "import sys; from edgeadapt.cli.main import main; sys.exit(main(prog_name='edgeadapt'))")


def process_ms(commands: dict[str, Sequence[str]]) -> dict[str, float]:
    """Run each command in turns; the fastest round counts, since other work only slows one down."""
    rounds: dict[str, list[float]] = {name: [] for name in commands}
    with TemporaryDirectory() as bytecode:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": bytecode}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for _ in range(ROUNDS):
            for name, arguments in commands.items():
                started = time.perf_counter()
                subprocess.run([sys.executable, *arguments], check=True, capture_output=True, env=environment)
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
            "edgeadapt --help": (*COMMAND, "--help"),
            "edgeadapt lint FILE": (*COMMAND, "lint", policy),
        }
    )
    bare = took["bare Python"]
    limits = {
        "import edgeadapt": f"adds at most {IMPORT_LIMIT_MS:.0f}",
        "edgeadapt lint FILE": f"at most {LINT_LIMIT_MS:.0f} in all",
    }
    for name, value in took.items():
        print(f"  {name:20} {value:6.1f} ms   {value - bare:+6.1f} ms   {limits.get(name, '')}".rstrip())
    compiled, lines = warm_ms(), len(POLICY.splitlines())
    print(f"  {lines} lines checked with all lints, warm: {compiled:.1f} ms (at most {COMPILE_LIMIT_MS:.0f})")
    kept = (
        took["import edgeadapt"] - bare <= IMPORT_LIMIT_MS,
        took["edgeadapt lint FILE"] <= LINT_LIMIT_MS,
        compiled <= COMPILE_LIMIT_MS,
    )
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
