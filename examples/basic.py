"""Serve a family under a policy: the engine measures the device, asks the policy, and swaps beside what serves.

    python examples/basic.py

It answers images by the variant that the policy chose, says that there is a hurry, and goes on answering while the
quicker variant is loaded.
"""

from __future__ import annotations

import threading
from collections import Counter
from pathlib import Path
from statistics import median

import numpy as np

import edgeadapt as ea

ROOT = Path(__file__).resolve().parents[1]

POLICY = """\
edition 1

policy basic "Good answers, or quick ones while the application is in a hurry" {
  family digits

  input hurried: bool stale after 1 min  # the application says so

  rule hurry {
    when hurried
    use lowest latency
  }

  otherwise use highest accuracy where latency <= 5 ms
    else small

  guard {
    at most 10 swaps per 1 min
  }
}
"""


def main() -> None:
    """Serve, swap, and tell what happened."""
    family = ea.ModelFamily.from_yaml(ROOT / "examples/pixels.yaml")
    policy = ea.RulePolicy.from_text(POLICY)
    with np.load(ROOT / "families/digits/heldout.npz") as held_out:
        images, labels = held_out["images"], held_out["labels"]

    swapped = threading.Event()
    with ea.Engine(family, policy, on_swap_complete=lambda _old, _new: swapped.set()) as engine:
        read(engine, images, labels)

        engine.report(hurried=True)
        engine.poll()  # it polls each second by itself; this is sooner
        answered: Counter[str] = Counter()
        while not swapped.is_set():
            answered[engine.infer_detailed(images[0]).variant] += 1
        print("answers while the swap was under way:", dict(answered))

        read(engine, images, labels)
        status = engine.status()
        print(f"rule `hurry` is {status.phases['hurry']}; the last swap: {status.last_swap_reason}")
        print(f"swaps: {status.counters['swaps_succeeded']}, failed: {status.counters['swaps_failed']}")


def read(engine: ea.Engine, images: np.ndarray, labels: np.ndarray) -> None:
    """Read all digits, and tell by which variant, how well and how fast."""
    results = [engine.infer_detailed(image) for image in images]
    right = sum(int(result.outputs.argmax()) == label for result, label in zip(results, labels, strict=True))
    took = median(result.latency_ms for result in results)
    print(f"{results[0].variant} reads {right} of {len(images)} digits, each in {took:.3f} ms")


if __name__ == "__main__":
    main()
