"""`edgeadapt run`: a family served under a policy, on this device or on a recording of one."""

from __future__ import annotations

import math
import os
import time

import click

from edgeadapt.cli.arguments.completions import variants
from edgeadapt.cli.arguments.family import family_option
from edgeadapt.cli.arguments.options import file_option, param_option, policy_argument
from edgeadapt.cli.failure import Misuse
from edgeadapt.wording import shown

_FASTEST_HZ = 100_000.0


def _no_policy(_ctx: click.Context, _param: click.Parameter, control: str | None) -> str | None:
    """Refuse a file as the place of a socket: most likely it is the policy, which `--control POLICY` would lose."""
    if control and os.path.isfile(control):
        raise Misuse(
            f"--control takes {shown(control)} for its path",
            "write --control behind POLICY, or --control=PATH",
        )
    return control


@click.command()
@policy_argument
@family_option("The family to serve, if not the one that the policy names.")
@file_option(
    "--trace",
    help="Play a recorded device, .csv or .jsonl, instead of measuring this one.",
)
@click.option("--speed", type=float, help="With --trace: play it this many times as fast.")
@file_option(
    "--input",
    "input_path",
    metavar="PATH",
    help="Feed the rows of a .npy or .npz file, or of a folder of them.",
)
@click.option("--rate", type=float, metavar="HZ", help="With --input: requests a second; 10 without it.")
@click.option("--duration", metavar="TIME", help="End after this time: 30s, 10min.")
@click.option(
    "--poll",
    metavar="TIME",
    help="Ask the policy this often; without it every second, or at every row of a trace.",
)
@click.option(
    "--report",
    "reports",
    multiple=True,
    metavar="NAME=VALUE",
    help="Feed an input that the policy declares: ambient_light=80.",
)
@param_option
@click.option(
    "--initial",
    metavar="VARIANT",
    shell_complete=variants,
    help="The variant to start with, instead of the policy's choice.",
)
@file_option(
    "--state-file",
    help="Carry the policy's memory over from the last run, in this file.",
)
@file_option(
    "--decision-log",
    help="Log every decision with its whole input, for `dry-run --trace FILE`; .jsonl.",
)
@click.option(
    "--control",
    is_flag=False,
    flag_value="",
    metavar="[PATH]",
    callback=_no_policy,
    help="Take orders from `edgeadapt ctl`, at its usual place or at PATH.",
)
@click.option(
    "--watch",
    is_flag=True,
    help="Reload the policy's and the family's files when they change, as SIGHUP does.",
)
@click.option("--json", "as_data", is_flag=True, help="Print events and the summary as JSON lines.")
def run(
    policy: str,
    family_path: str | None,
    trace: str | None,
    speed: float | None,
    input_path: str | None,
    rate: float | None,
    duration: str | None,
    poll: str | None,
    reports: tuple[str, ...],
    params: tuple[str, ...],
    initial: str | None,
    state_file: str | None,
    decision_log: str | None,
    control: str | None,
    watch: bool,
    as_data: bool,
) -> int:
    r"""Serve a family under POLICY, and tell of every swap; Ctrl-C or SIGTERM ends it.

    POLICY is a text or compiled, or - for stdin.

    With --input it sends itself requests, one row each, going round. Variants may take different inputs: the file
    VARIANT.npy (or .npz, whose arrays are inputs by name) is fed to that variant, and a variant without one is fed
    every file of the folder that it takes. What a variant refuses is counted and told.

    SIGHUP reads the policy's and the family's files again. Ctrl-C and SIGTERM end the run within ten seconds, whatever
    hangs, and a second one at once.

    \b
    Examples:
      edgeadapt run phone.eap --family digits.yaml
      edgeadapt run phone.eap --family digits.yaml --input digits/ --rate 50 --duration 1min
      edgeadapt run phone.eap --family digits.yaml --trace day.csv --speed 600 --json
      edgeadapt run phone.eap --family digits.yaml --control --watch

    Exit codes: 0 it ran and was ended, also by a signal; 1 nothing could serve, or requests failed; 2 wrong use or unreadable input.
    """
    # Imported here, so that `--help` and a wrong call cost nothing of it.
    from edgeadapt.cli.arguments.policy import compile_given
    from edgeadapt.cli.arguments.values import UNKNOWN, assignments, seconds_of
    from edgeadapt.profiler.recorded import RecordedProfiler

    if speed is not None and trace is None:
        raise Misuse("--speed speaks of a trace", "add --trace FILE")
    if rate is not None and input_path is None:
        raise Misuse("--rate speaks of requests", "add --input PATH")
    speed = _positive(1.0 if speed is None else speed, "--speed", math.inf)
    rate = _positive(10.0 if rate is None else rate, "--rate", _FASTEST_HZ)
    poll_s = None if poll is None else _positive(seconds_of(poll, "--poll"), "--poll", 86_400.0)
    duration_s = None if duration is None else seconds_of(duration, "--duration")
    reported = assignments(reports, "--report", "ambient_light=80")
    given = compile_given(policy, family_path, params)
    recorded = None if trace is None else RecordedProfiler(trace, clock=time.monotonic, speed=speed)
    # The engine and what it serves with take long to load, and a wrong call is refused without them.
    from edgeadapt.cli.arguments.samples import read_samples
    from edgeadapt.cli.run_engine import Plan, serve

    samples = None if input_path is None else read_samples(input_path)
    return serve(
        Plan(
            given=given,
            policy_path=policy,
            params=params,
            recorded=recorded,
            speed=speed,
            poll_s=poll_s,
            samples=samples,
            rate_hz=rate,
            duration_s=duration_s,
            reported={name: None if text == UNKNOWN else text for name, text in reported.items()},
            initial=initial,
            state_file=state_file,
            decision_log=decision_log,
            control=control,
            watch=watch,
            as_data=as_data,
        )
    )


def _positive(value: float, option: str, highest: float) -> float:
    if not (math.isfinite(value) and 0 < value <= highest):
        raise Misuse(f"{option} is a positive number", "leave it out for the usual one")
    return value
