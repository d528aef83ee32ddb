"""The outcome as plain data, for `--json`."""

from __future__ import annotations

from typing import Any

import attrs

from edgeadapt.demo.day import clock_text
from edgeadapt.demo.outcome import Outcome


def as_data(outcome: Outcome) -> dict[str, Any]:
    """Return what JSON can hold of an outcome: sums, swaps and the verdict, without the single requests."""
    run, day = outcome.run, outcome.day
    spoiled = run.spoiled
    return {
        "policy": outcome.policy_name,
        "seed": outcome.settings.seed,
        "day": {
            "from": clock_text(day.start_s),
            "to": clock_text(day.end_s),
            "played_in_s": day.play_s,
            "simulated_signals": True,
        },
        "rate_hz": outcome.rate_hz,
        "deadline_ms": outcome.deadline_s * 1000,
        "cores": outcome.settings.cores,
        "burners": outcome.settings.burners,
        "swaps": [
            {
                "at": clock_text(swap.time_of_day_s),
                "from": swap.previous,
                "to": swap.variant,
                "rule": swap.rule,
                "code": swap.code,
                "load_ms": round(swap.load_s * 1000, 3),
                "error": swap.error,
                "failed_again": swap.again,
            }
            for swap in run.swaps
        ],
        "broken_file": None
        if spoiled is None
        else {
            "variant": spoiled.variant,
            "from": clock_text(day.time_of_day(spoiled.from_part * day.play_s)),
            "to": clock_text(day.time_of_day(spoiled.to_part * day.play_s)),
        },
        "decisions": len(run.steps),
        "overhead_cpu_s": round(run.overhead_cpu_s, 3),
        "totals": [attrs.asdict(outcome.policy), *map(attrs.asdict, outcome.alone)],
        "against": [attrs.asdict(row) for row in outcome.against],
        "verdict": list(outcome.verdict),
        "disturbed": round(outcome.disturbed, 3),
        "good": outcome.is_good,
    }
