"""The `edgeadapt` command: what there is to call, and nothing of how it works."""

from __future__ import annotations

import os

import click

from edgeadapt.cli.failure import MISUSE, Misuse
from edgeadapt.cli.lazy_group import LazyGroup
from edgeadapt.cli.output.terminal import say

# Commands by what they are for, in the order in which a new user meets them: name → (where it is, its line of help).
SECTIONS: dict[str, dict[str, tuple[str, str]]] = {
    "Start": {
        "demo": ("edgeadapt.cli.demo:demo", "See what it is for: a phone's day through real models."),
        "new": ("edgeadapt.cli.new:new", "Begin a family and a policy for your own models."),
        "doctor": ("edgeadapt.cli.doctor:doctor", "Show how EdgeAdapt stands on this machine."),
    },
    "Write a policy": {
        "lint": ("edgeadapt.cli.lint:lint", "Check policies and show every problem with its remedy."),
        "explain": ("edgeadapt.cli.explain:explain", "Show what a diagnostic's code means, with an example."),
        "fmt": ("edgeadapt.cli.fmt:fmt", "Write policies in their canonical form."),
        "test": ("edgeadapt.cli.test:test", "Run the tests and properties that policies carry."),
        "fuzz": ("edgeadapt.cli.fuzz:fuzz", "Search for a trace that breaks a policy's properties."),
        "decisions": (
            "edgeadapt.cli.decisions:decisions",
            "Show when which variant serves, over all states.",
        ),
        "dry-run": (
            "edgeadapt.cli.dry_run:dry_run",
            "Show what a policy would do, and why, without a model.",
        ),
        "compile": ("edgeadapt.cli.compile:compile_", "Write a policy as the bytes that a device runs."),
    },
    "Prepare the models": {
        "inspect-model": (
            "edgeadapt.cli.inspect_model:inspect_model",
            "Show what an ONNX model takes, gives and holds.",
        ),
        "validate": (
            "edgeadapt.cli.validate:validate",
            "Check a family: files, models, contract, and a policy for it.",
        ),
        "benchmark": (
            "edgeadapt.cli.benchmark:benchmark",
            "Measure each variant of a family on this machine.",
        ),
    },
    "Serve": {
        "profile": ("edgeadapt.cli.profile:profile", "Show what this device measures, or record it."),
        "run": ("edgeadapt.cli.run:run", "Serve a family under a policy, live or from a trace."),
        "ctl": ("edgeadapt.cli.ctl.group:ctl", "Ask a running engine, and give it orders."),
    },
    "Beside that": {
        "completion": (
            "edgeadapt.cli.completion:completion",
            "Let a shell complete commands, options and files.",
        ),
        "scaffold": ("edgeadapt.cli.scaffold:scaffold", "Start a new part of EdgeAdapt, such as a lint."),
    },
}
COMMANDS = {name: row for rows in SECTIONS.values() for name, row in rows.items()}


def _version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        # Reading the package's metadata takes longer than importing it.
        from edgeadapt import __version__

        say(f"edgeadapt {__version__}")
        ctx.exit()


@click.group(
    cls=LazyGroup,
    sections=SECTIONS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Print the version."
)
@click.pass_context
def main(ctx: click.Context) -> int | None:
    r"""Serve a family of models on a device: a policy picks the variant, a background swap activates it.

    Each command's own --help has examples. Most take --json for machines.

    \b
    Examples:
      edgeadapt new my-app --yes
      edgeadapt decisions --family my-app/my_app.yaml --policy my-app/my_app.eap
      edgeadapt dry-run my-app/my_app.eap --state battery=15% --state charging=false
      edgeadapt run my-app/my_app.eap --duration 30s

    Exit codes: 0 all is well; 1 problems were found; 2 wrong use, or input that can't be read.

    EDGEADAPT_LOG=INFO in the environment shows what the engine does, on standard error; DEBUG shows every event.
    """
    if os.environ.get("EDGEADAPT_LOG"):
        # Imported here: it takes as long as the rest of a small command.
        from edgeadapt.observability.logging_setup import set_up_logging

        problem = set_up_logging()
        if problem:
            raise Misuse(problem)
    if ctx.invoked_subcommand is not None:
        return None
    say(ctx.get_help(), err=True)
    return MISUSE
