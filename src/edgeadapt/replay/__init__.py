"""Traces through a policy: its own `test` blocks, its properties on them, and what of its rules they reach."""

from edgeadapt.replay.coverage import Coverage, Point, RuleCoverage
from edgeadapt.replay.promises import Breach, Verdict, judge
from edgeadapt.replay.suite import Suite, run_suite
from edgeadapt.replay.trial import StepRun, TrialRun, run_trial

__all__ = [
    "Breach",
    "Coverage",
    "Point",
    "RuleCoverage",
    "StepRun",
    "Suite",
    "TrialRun",
    "Verdict",
    "judge",
    "run_suite",
    "run_trial",
]
