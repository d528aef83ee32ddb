"""A policy's tests, properties and coverage as JSON data. Keys are stable."""

from __future__ import annotations

from typing import Any

from edgeadapt.cli.output.step_json import step_data
from edgeadapt.diagnostics import Span
from edgeadapt.replay import Coverage, StepRun, Suite


def suite_data(suite: Suite, *, coverage: bool) -> dict[str, Any]:
    """Return what came of a policy's tests, with what of the policy they cover where asked for."""
    return {
        "file": suite.source.name,
        "policy": suite.program.name,
        "tests": [
            {
                "name": run.test.name,
                "passed": not run.failures,
                "steps": len(run.steps),
                "failures": [
                    {
                        **_place(suite, suite.expect_spans[it.step.span]),
                        "expected": it.step.expect,
                        **_step(suite, it),
                    }
                    for it in run.failures
                ],
            }
            for run in suite.runs
        ],
        "properties": [
            {
                "name": verdict.name,
                "holds": not verdict.breaches,
                "judged_steps": verdict.judged,
                "breaches": [
                    {
                        **_place(suite, it.step.step.span),
                        "test": it.run.test.name,
                        "problem": it.words,
                        **_step(suite, it.step),
                    }
                    for it in verdict.breaches
                ],
            }
            for verdict in suite.verdicts
        ],
        **({"coverage": _coverage(suite.coverage)} if coverage else {}),
    }


def _step(suite: Suite, it: StepRun) -> dict[str, Any]:
    return step_data(it.decision, it.state, suite.program.signals, it.inputs)


def _place(suite: Suite, span: Span) -> dict[str, int]:
    line, column = suite.source.line_col(span.start)
    return {"line": line, "column": column}


def _coverage(coverage: Coverage) -> dict[str, Any]:
    return {
        "covered": coverage.covered,
        "total": coverage.total,
        "percent": coverage.percent,
        "rules": [
            {
                "name": rule.rule,
                "covered": sum(point.steps > 0 for point in rule.points),
                "total": len(rule.points),
                "missing": list(rule.missing),
            }
            for rule in coverage.rules
        ],
    }
