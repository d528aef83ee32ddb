"""What a lease costs in the native core, against a mutex around a shared_ptr, and an atomic shared_ptr, in the same run.

Claim: taking and ending a reader's lease costs at most 10 ns, and with two readers about as much as with one.

    python benchmarks/lease.py            # CXX names another compiler
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIMIT_NS, FLAT = 10.0, 1.5
SOURCES = ("src/slot.cpp", "src/hazard.cpp", "src/process_mark.cpp", "src/call_times.cpp")


def measured() -> dict[str, tuple[float, float]]:
    """Build the C++ half and return, by kind of lease, ns for one reader and for two."""
    compiler = shlex.split(os.environ.get("CXX", "c++"))
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "lease"
        sources = [ROOT / "benchmarks" / "lease.cpp", *(ROOT / "cpp" / source for source in SOURCES)]
        options = ["-std=c++20", "-O2", "-pthread", f"-I{ROOT / 'cpp' / 'include'}"]
        subprocess.run([*compiler, *options, *sources, "-o", program], check=True)
        output = subprocess.run([program], check=True, capture_output=True, text=True).stdout
    rows = (line.split("\t") for line in output.splitlines())
    return {name: (float(one), float(two)) for name, one, two in rows}


def main() -> int:
    rows = measured()
    print(f"{'acquire, touch, release':24} {'1 reader':>10} {'2 readers':>10}")
    for name, (one, two) in rows.items():
        print(f"{name:24} {one:7.1f} ns {two:7.1f} ns")
    one, two = rows["ReadLease"]
    for name in ("mutex and shared_ptr", "atomic<shared_ptr>"):
        print(
            f"ReadLease against {name}: {one / rows[name][0]:.2f} x alone, {two / rows[name][1]:.2f} x with two"
        )
    print(
        f"ReadLease: {max(one, two):.1f} ns (at most {LIMIT_NS:.0f}); two / one {two / one:.2f} (at most {FLAT})"
    )
    return 0 if max(one, two) <= LIMIT_NS and two <= FLAT * one else 1


if __name__ == "__main__":
    sys.exit(main())
