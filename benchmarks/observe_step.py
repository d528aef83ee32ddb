"""What watching a policy costs at each of its steps: its own properties, and a decision log.

Claim: watching the properties of the shipped `phone` policy, or noting a step for a sink, takes at most 0.1 ms of the
control thread, which steps once a second; inference is never in its way.

    python benchmarks/observe_step.py
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from quiet import on_quiet_machine

from edgeadapt.engine.decision_notes import DecisionNotes
from edgeadapt.engine.journal import Journal
from edgeadapt.engine.noted_session import NotedSession
from edgeadapt.engine.property_notes import PropertyNotes
from edgeadapt.engine.state_clock import StateClock
from edgeadapt.observability import ObservabilityCollector
from edgeadapt.observability.sinks.decision_log import DecisionLog
from edgeadapt.policy import PolicySession, RulePolicy
from edgeadapt.profiler.recorded import RecordedProfiler
from edgeadapt.registry import ModelFamily
from edgeadapt.shipped import shipped
from edgeadapt.state import DeviceState

LIMIT_S = 1e-4
STEPS = 2000
ROUNDS = 9


def states() -> list[DeviceState]:
    return [
        DeviceState(50.0 + i % 40, False, 40.0, 1000.0, 10.0 + i % 80, None, "good", float(i))
        for i in range(STEPS)
    ]


def a_step_s(make: Callable[[], PolicySession | NotedSession]) -> float:
    """Return the median over rounds of a step's mean time."""
    means = []
    for _ in range(ROUNDS):
        session = make()
        session.committed("medium", 0.0)
        each = states()
        begun = time.perf_counter()
        for state in each:
            session.step(state, {"waiting": True}, {})
        means.append((time.perf_counter() - begun) / STEPS)
    return statistics.median(means)


def main() -> int:
    policy = RulePolicy.from_file(shipped("policies/phone.eap"))
    family = ModelFamily.from_yaml(shipped("families/digits.yaml"))
    folder = Path(tempfile.mkdtemp())
    logging = ObservabilityCollector(sinks=[DecisionLog(folder / "decisions.jsonl", keep=0)])
    collector = ObservabilityCollector()
    journal = Journal(collector, StateClock(RecordedProfiler(states())))

    def bare() -> PolicySession:
        return policy.session(family, auto_commit=False)

    def watched() -> NotedSession:
        return NotedSession(bare(), None, PropertyNotes(policy.program, None, journal))

    def noted() -> NotedSession:
        logging.flush()
        notes = DecisionNotes(policy, family, logging, at_s=0.0, memory=None, elapsed_s=0.0)
        return NotedSession(bare(), notes, None)

    plain = a_step_s(bare)
    print(f"a step of `phone`: {plain * 1e6:.1f} µs")
    good = True
    promises = len(policy.program.properties)
    for what, make in ((f"its {promises} properties watched", watched), ("noted for a decision log", noted)):
        more = a_step_s(make) - plain
        good &= more <= LIMIT_S
        print(f"  {what}: {more * 1e6:.1f} µs more")
    logging.close()
    print("good" if good else f"MISSED: more than {LIMIT_S * 1e6:.0f} µs")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(on_quiet_machine(main))
