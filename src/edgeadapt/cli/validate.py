"""`edgeadapt validate`: a family, its files, its variants and a policy for it, tried before a device depends on them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import attrs
import click

from edgeadapt.cli.arguments.family import family_option
from edgeadapt.cli.arguments.options import file_option
from edgeadapt.cli.failure import GOOD, PROBLEMS
from edgeadapt.cli.output.terminal import printable, say, tell

if TYPE_CHECKING:
    from edgeadapt.diagnostics import Diagnostic
    from edgeadapt.tooling.family_check import CheckedVariant, FamilyCheck


@click.command("validate")
@family_option("The family to check.", required=True)
@file_option("--policy", help="Check that this policy fits the family, too.")
@click.option("--explain", is_flag=True, help="Say what each variant is checked for, and how it fared.")
@click.option("--json", "as_data", is_flag=True, help="Print one JSON document for machines.")
def validate(family_path: str, policy: str | None, explain: bool, as_data: bool) -> int:
    r"""Check a family: its text, its files and hashes, and that each variant loads, runs and meets the contract.

    Each variant is tried as an engine would bring it into service, in a process of its own: a model that ends its process
    ends only that. All problems are told, each with its place and its remedy. A variant of a backend that the application
    makes itself can't be tried, and is said to be skipped.

    \b
    Examples:
      edgeadapt validate --family families/digits.yaml
      edgeadapt validate --family digits.yaml --explain
      edgeadapt validate --config digits.yaml --policy phone.eap

    Exit codes: 0 all is well; 1 there are problems; 2 wrong use, or a file that can't be read.
    """
    # Imported here, so that `--help` and a wrong call cost nothing of it.
    from edgeadapt.cli.output.family_table import FamilyTable
    from edgeadapt.tooling.family_check import check_family

    table = FamilyTable(explain)

    def told(each: CheckedVariant) -> None:
        for line in table.lines(each):
            say(line)

    check = check_family(family_path) if as_data else check_family(family_path, told)
    fit = _Fit() if policy is None else _fitted(policy, family_path, check)
    if as_data:
        say(json.dumps(_data(check, fit), indent=2))
    else:
        _show(check, fit)
    return PROBLEMS if check.problems or fit.diagnostics else GOOD


@attrs.frozen
class _Fit:
    """Whether a policy fits: errors of the policy, and what it can't judge; `policy` is its name, None without one."""

    policy: str | None = None
    diagnostics: Sequence[Diagnostic] = ()
    notes: tuple[str, ...] = ()


def _fitted(policy: str, family_path: str, check: FamilyCheck) -> _Fit:
    if check.family is None:
        # Its errors would be told for the policy's.
        return _Fit(notes=(f"{policy} was not checked, as the family has problems",))
    from edgeadapt.cli.arguments.policy import find_program
    from edgeadapt.diagnostics import PolicyError
    from edgeadapt.tooling.policy_fit import unjudged

    try:
        program = find_program(policy, family_path, ()).program
    except PolicyError as error:
        return _Fit(diagnostics=error.diagnostics)
    return _Fit(program.name, notes=tuple(unjudged(program, check.family)))


def _show(check: FamilyCheck, fit: _Fit) -> None:
    from edgeadapt.cli.output.diagnostics import show_diagnostics, summary

    if check.variants and (check.problems or fit.diagnostics):
        say()
    for problem in check.problems:
        say(printable(str(problem)))
    if fit.diagnostics:
        show_diagnostics(fit.diagnostics)
    for note in fit.notes:
        tell("note", printable(note))
    count = len(check.variants)
    told = [f"{_counted(len(check.problems), 'problem') if check.problems else 'no problems'}"]
    if check.family is not None:
        told[0] += f" in {_counted(count, 'variant')} of {check.family.name}"
        skipped = sum(1 for each in check.variants if each.trial.skipped)
        told += [f"{skipped} could not be tried here"] if skipped else []
    if fit.policy is not None:
        told.append(f"policy {fit.policy} fits")
    elif fit.diagnostics:
        told.append(f"the policy has {summary(fit.diagnostics, 1)}")
    say("; ".join(told))


def _data(check: FamilyCheck, fit: _Fit) -> dict[str, Any]:
    from edgeadapt.diagnostics.render_json import diagnostic_data

    return {
        "path": check.path,
        "family": None if check.family is None else check.family.name,
        "variants": [
            {
                "name": each.trial.variant,
                "works": each.trial.works,
                "failed_in": each.trial.stage or None,
                "reason": each.trial.reason or each.trial.skipped,
                "skipped": bool(each.trial.skipped),
                "seconds": dict(each.trial.seconds),
                "checks": [{"stage": stage, "what": what} for stage, what in each.checks],
            }
            for each in check.variants
        ],
        "problems": [
            {"place": problem.place, "variant": problem.variant, "problem": problem.text}
            for problem in check.problems
        ],
        "policy": fit.policy,
        "diagnostics": [diagnostic_data(each) for each in fit.diagnostics],
        "notes": list(fit.notes),
    }


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")
