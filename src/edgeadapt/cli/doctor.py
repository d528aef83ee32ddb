"""`edgeadapt doctor`: how EdgeAdapt stands on this machine, as data or as a table."""

from __future__ import annotations

import json

import click

from edgeadapt.cli.failure import GOOD, PROBLEMS
from edgeadapt.cli.output.terminal import say


@click.command("doctor")
@click.option("--human", is_flag=True, help="Print a table to read instead of JSON.")
def doctor(human: bool) -> int:
    r"""Show what is installed and what is missing, how models run here, what the kernel offers, and what can be measured.

    An extra or a backend that is missing, such as OpenVINO, has the line that installs it. It prints JSON; what is wrong stands in `problems`, each with its remedy. Put the output into a bug report.

    \b
    Examples:
      edgeadapt doctor --human
      edgeadapt doctor > environment.json

    Exit codes: 0 all is well; 1 a problem keeps something from working; 2 wrong use.
    """
    # Imported here, so that `--help` and a wrong call cost nothing of it.
    from edgeadapt.tooling.environment import environment_report

    report = environment_report()
    if human:
        from edgeadapt.cli.output.environment import environment_lines

        say("\n".join(environment_lines(report)))
    else:
        say(json.dumps(report, indent=2))
    return PROBLEMS if report["problems"] else GOOD
