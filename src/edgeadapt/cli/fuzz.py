"""`edgeadapt fuzz`: a search for a trace on which a policy breaks a property of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from edgeadapt.cli.arguments.family import family_option
from edgeadapt.cli.arguments.options import param_option, policy_argument
from edgeadapt.cli.failure import GOOD, PROBLEMS
from edgeadapt.cli.output.terminal import say

if TYPE_CHECKING:
    from edgeadapt.program.program import Program
    from edgeadapt.testing.search import Violation


@click.command("fuzz")
@policy_argument
@family_option("Search with this family instead of the one that the policy names.")
@param_option
@click.option(
    "--examples",
    type=click.IntRange(1),
    default=2000,
    show_default=True,
    metavar="N",
    help="Try so many traces for each property.",
)
@click.option("--seed", type=int, default=0, show_default=True, metavar="S", help="Draw other traces.")
@click.option("--json", "as_data", is_flag=True, help="Print one JSON document for machines.")
def fuzz(
    policy: str, family_path: str | None, params: tuple[str, ...], examples: int, seed: int, as_data: bool
) -> int:
    r"""Search for a trace on which a policy breaks a property of its own.

    POLICY is a file, or - for stdin. Values are drawn near the policy's thresholds, times near its durations. What is
    found is made as short as it can be and printed as a `test` block to paste into the policy, with the explanation of
    the step that breaks the property. Nothing found is no proof.

    \b
    Examples:
      edgeadapt fuzz phone.eap
      edgeadapt fuzz phone.eap --examples 50000 --seed 7

    Exit codes: 0 nothing found; 1 a property is broken, or the policy is wrong; 2 something could not be read.
    """
    # Imported here: `--help` needs none of it.
    from edgeadapt.cli.arguments.policy import compile_given
    from edgeadapt.testing.search import find_violations

    given = compile_given(policy, family_path, params)
    found = find_violations(given.program, given.family, max_examples=examples, seed=seed)
    if as_data:
        say(json.dumps(_data(given.program, found, examples, seed), indent=2))
    else:
        _show(given.program, found, examples)
    return PROBLEMS if found else GOOD


def _show(program: Program, found: tuple[Violation, ...], examples: int) -> None:
    from edgeadapt.cli.output.explanation import show_explanation
    from edgeadapt.cli.output.terminal import tell
    from edgeadapt.cli.output.words import moment

    for it in found:
        step = it.breach.step
        tell("error", f"`{it.promise}` does not hold at {moment(step.seconds)}: {it.breach.words}")
        say(f"\n{it.text}")
        show_explanation(step.decision, step.before)
        say()
    count = len(program.properties)
    if not count:
        say(f"{program.name}: no properties, nothing to search for")
    elif found:
        say(f"{program.name}: {len(found)} of {count} {'property' if count == 1 else 'properties'} broken")
    else:
        traces = "1 trace" if examples == 1 else f"{examples} traces"
        held = f"1 property holds on {traces}" if count == 1 else f"{count} properties hold on {traces} each"
        say(f"{program.name}: {held}")


def _data(program: Program, found: tuple[Violation, ...], examples: int, seed: int) -> dict[str, object]:
    return {
        "policy": program.name,
        "properties": [it.name for it in program.properties],
        "examples": examples,
        "seed": seed,
        "violations": [
            {
                "property": it.promise,
                "at_s": it.breach.step.seconds,
                "problem": it.breach.words,
                "target": it.breach.step.decision.target,
                "test": it.text,
            }
            for it in found
        ],
    }
