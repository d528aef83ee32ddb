"""`edgeadapt decisions`: when which variant serves, over all states that a policy tells apart."""

from __future__ import annotations

import json

import click

from edgeadapt.cli.arguments.family import family_option
from edgeadapt.cli.arguments.options import file_option, param_option
from edgeadapt.cli.failure import GOOD
from edgeadapt.cli.output.terminal import say, tell

_DEFAULT = "balanced"


@click.command("decisions")
@family_option("The family to choose from, if not the one that the policy names.")
@file_option(
    "--policy",
    default=_DEFAULT,
    show_default=True,
    help="A policy, text or compiled, or a preset: balanced, maximize_accuracy, minimize_power.",
)
@param_option
@click.option("--json", "as_data", is_flag=True, help="Print one JSON document for machines.")
def decisions(family_path: str | None, policy: str, params: tuple[str, ...], as_data: bool) -> int:
    r"""Show when which variant serves, as a table whose first row that fits decides.

    The states are cut where the policy's conditions and rankings change their answer, and each piece is decided by the
    policy itself, as if the state had lasted and nothing served before; no model is loaded. What of the signals is not
    named in a row may be anything, unknown too. For one state with all its reasons, see `edgeadapt dry-run`.

    \b
    Examples:
      edgeadapt decisions --family families/digits.yaml --policy policies/phone.eap
      edgeadapt decisions --family families/digits.yaml
      edgeadapt decisions --config digits.yaml --policy minimize_power --param min_accuracy_floor=0.95
      edgeadapt decisions --policy phone.eap --json

    Exit codes: 0 shown; 1 the policy is wrong; 2 wrong use, or a file that can't be read.
    """
    # Imported here, so that `--help` and a wrong call cost nothing of it.
    from edgeadapt.cli.arguments.policy import compile_given, preset_or_file
    from edgeadapt.cli.output.columns import wrapped
    from edgeadapt.cli.output.decision_rows import choice_lines, table_data, table_lines
    from edgeadapt.tooling.decision_table import decision_table

    given = compile_given(preset_or_file(policy), family_path, params)
    table = decision_table(given.program, given.family)
    if as_data:
        data = table_data(table, given.program)
        say(json.dumps({"family": given.family.name, **data}, indent=2))
        return GOOD
    for name, text in (
        ("Policy", given.program.name),
        ("Family", f"{given.family.name} ({given.family_path})"),
    ):
        for line in wrapped(f"{name}: ", text):
            say(line)
    say()
    for line in table_lines(table):
        say(line)
    say()
    for line in choice_lines(table):
        say(line)
    if table.never:
        say()
        for line in wrapped("Never, while the others can be had: ", ", ".join(table.never)):
            say(line)
    for name in table.too_many:
        tell("note", f"`{name}` depends on too much to be listed; ask `edgeadapt dry-run` for a state")
    if table.sampled:
        listed = ", ".join(f"`{name}`" for name in table.sampled)
        tell("note", f"{listed} is compared with another signal, and was only tried at typical values")
    return GOOD
