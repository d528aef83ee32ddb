"""`edgeadapt dry-run`: a policy's decisions without a model, on a state, on a trace or on this device, explained."""

from __future__ import annotations

import click

from edgeadapt.cli.arguments.completions import variants
from edgeadapt.cli.arguments.family import family_option
from edgeadapt.cli.arguments.options import file_option, param_option, policy_argument
from edgeadapt.cli.failure import Misuse


@click.command("dry-run")
@policy_argument
@family_option("The family to choose from, if not the one that the policy names.")
@click.option(
    "--state",
    "states",
    multiple=True,
    metavar="SIGNAL=VALUE",
    help="Set a signal: battery=15%, charging=false, network=poor, or unknown.",
)
@click.option(
    "--input",
    "--report",
    "inputs",
    multiple=True,
    metavar="NAME=VALUE",
    help="Set an input that the policy declares: ambient_light=80.",
)
@param_option
@click.option(
    "--active",
    metavar="VARIANT",
    shell_complete=variants,
    help="The variant that serves already; without it, the first step adopts one.",
)
@click.option(
    "--after", metavar="DURATION", help="Explain the step this long later, nothing having changed: 30s."
)
@file_option(
    "--trace",
    help="Play a recorded trace, .csv or .jsonl, and show a timeline; or replay an engine's decision log.",
)
@click.option(
    "--every", is_flag=True, help="With --trace: show every step, not only those where something changed."
)
@click.option(
    "--explain-at",
    metavar="TIME",
    help="With --trace: explain the step at this time instead of the last one: 80s.",
)
@click.option(
    "--why-not",
    "why_not",
    metavar="NAME",
    help="Say why this rule or variant is not the choice, and the smallest change that would make it so.",
)
@click.option("--sentences", is_flag=True, help="Explain in a few plain sentences instead of in full.")
@click.option("--live", is_flag=True, help="Measure this device now.")
@click.option(
    "--json",
    "as_data",
    is_flag=True,
    help="Print JSON: one document for a step, one line a step for a trace.",
)
def dry_run(
    policy: str,
    family_path: str | None,
    states: tuple[str, ...],
    inputs: tuple[str, ...],
    params: tuple[str, ...],
    active: str | None,
    after: str | None,
    trace: str | None,
    every: bool,
    explain_at: str | None,
    why_not: str | None,
    sentences: bool,
    live: bool,
    as_data: bool,
) -> int:
    r"""Show what POLICY would do, and why; no model is loaded.

    A step needs a state of the device: the one you set with --state (what you leave out is unknown, cpu 0 %,
    memory_available 4 GB), this device's with --live (--state then overrides what it measures), or each row of a
    --trace. A decision log as the trace is replayed with all that the engine's policy was given, and each decision held
    against the recorded one. POLICY is a text or compiled, or - for stdin. Without --family, the
    family that the policy names is looked for beside the policy, then in families/ and ../families.

    \b
    Examples:
      edgeadapt dry-run phone.eap --state battery=15% --state charging=false
      edgeadapt dry-run phone.eap --state battery=15%,charging=false --active medium --after 30s
      edgeadapt dry-run phone.eap --family digits.yaml --trace day.csv --explain-at 80s
      edgeadapt dry-run phone.eap --state temperature=70°C --why-not overheating
      edgeadapt dry-run phone.eap --live --json
      edgeadapt dry-run phone.eap --family digits.yaml --trace decisions.jsonl

    Exit codes: 0 all is well; 1 a decision is not as the log has it; 2 wrong use, or input that can't be read.
    """
    # Imported here, so that `--help` and a wrong call cost nothing of it.
    from edgeadapt.cli.arguments.policy import compile_given
    from edgeadapt.cli.arguments.why_not import asked_for
    from edgeadapt.cli.dry_steps import DrySteps, Telling, explain_state, play_trace

    if trace is not None and (live or states or after is not None):
        raise Misuse("--trace brings its own states", "leave out --state, --live and --after")
    if trace is None and (every or explain_at is not None):
        raise Misuse("--every and --explain-at speak of a trace", "add --trace FILE")
    if as_data and sentences:
        raise Misuse("--json and --sentences are two forms of output", "keep one of them")
    given = compile_given(policy, family_path, params)
    if trace is not None and trace.lower().endswith((".jsonl", ".ndjson")):
        # What replays a log, the engine's policies among it, is needed for nothing else.
        from edgeadapt.replay.decision_log import is_decision_log

        if is_decision_log(trace):
            from edgeadapt.cli.dry_log import play_log

            if inputs or active is not None:
                raise Misuse(
                    "a decision log brings its own inputs and variants", "leave out --input and --active"
                )
            asked = None if why_not is None else asked_for(given, why_not)
            return play_log(
                given, trace, Telling(as_data, sentences, asked), every=every, explain_at=explain_at
            )
    steps = DrySteps(given, states, inputs, active)
    telling = Telling(as_data, sentences, None if why_not is None else asked_for(given, why_not))
    if trace is not None:
        play_trace(steps, trace, telling, every=every, explain_at=explain_at)
    else:
        explain_state(steps, telling, live=live, after=after)
    return 0
