"""A swap that an engine waits for is due at each step until it is committed, and is counted once."""

from edgeadapt.cli.output.timeline import Timeline
from edgeadapt.program.decision import Decision


def test_a_swap_that_stays_due_is_counted_once_and_one_to_another_variant_apart() -> None:
    timeline = Timeline(every=False)
    due = Decision("tiny", "medium", True, "low", "SWAP_POLICY_RECOMMEND")
    for seconds in range(5):
        timeline.add(float(seconds), due, {})
    timeline.add(5.0, Decision("full", "medium", True, "high", "SWAP_POLICY_RECOMMEND"), {})
    assert timeline.swaps == 2
