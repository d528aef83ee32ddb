"""Runs every lint over a checked policy, and drops what its comments silence."""

from __future__ import annotations

import attrs

from edgeadapt.diagnostics import Diagnostic
from edgeadapt.language.checker import Checked
from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.ignores import find_ignores, reach
from edgeadapt.language.linting.registry import lints
from edgeadapt.language.parser import Parsed
from edgeadapt.registry.family import ModelFamily


def run(parsed: Parsed, checked: Checked, family: ModelFamily | None = None) -> tuple[Diagnostic, ...]:
    """Return what the lints find in a policy without errors, by place; nothing for one that has some."""
    if parsed.tree is None or checked.program is None:
        return ()
    context = Context.of(parsed.source, parsed.tree, checked.program, checked.tests, family)
    return run_on(context)


def run_on(context: Context) -> tuple[Diagnostic, ...]:
    """Run every lint on a context."""
    known = frozenset(lint.code for lint in lints())
    context = attrs.evolve(context, ignores=find_ignores(context.source), known_codes=known)
    found = [problem for lint in lints() if not lint.runs_last for problem in lint.check(context)]
    silenced: set[tuple[int, str]] = set()
    reaches = [reach(ignore, context.source, context.tree) for ignore in context.ignores]
    kept = [problem for problem in found if not _is_silenced(problem, context, reaches, silenced)]
    # What an ignore silenced is known only now, and a lint about ignores is not silenced by one.
    context = attrs.evolve(context, silenced=frozenset(silenced))
    kept += [problem for lint in lints() if lint.runs_last for problem in lint.check(context)]
    return tuple(sorted(kept, key=lambda problem: (problem.span.start, problem.code)))


def _is_silenced(
    problem: Diagnostic, context: Context, reaches: list[range], silenced: set[tuple[int, str]]
) -> bool:
    if not context.ignores:
        return False
    line = context.source.line_col(problem.span.start)[0]
    hits = [
        (index, problem.code)
        for index, ignore in enumerate(context.ignores)
        if line in reaches[index] and problem.code in ignore.codes
    ]
    silenced.update(hits)
    return bool(hits)
