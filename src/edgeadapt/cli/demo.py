"""`edgeadapt demo`: a recorded day through the real engine and real models, beside each model alone."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgeadapt.cli.arguments.options import file_option
from edgeadapt.cli.failure import GOOD, PROBLEMS, Misuse
from edgeadapt.cli.output.terminal import say
from edgeadapt.wording import shown

if TYPE_CHECKING:
    from edgeadapt.demo.outcome import Outcome

_PICTURE = "day.png"


@click.command()
@click.option("--seed", default=1, show_default=True, help="Draw other requests.")
@click.option(
    "--seconds",
    default=60.0,
    show_default=True,
    type=click.FloatRange(3, 3600),
    metavar="S",
    help="How long the replays take together.",
)
@file_option(
    "--out", default="demo-output", show_default=True, metavar="DIR", help="Where the picture is put."
)
@file_option(
    "--policy",
    "policy_path",
    help="Play another policy than the shipped phone.eap.",
)
@click.option(
    "--no-burner", "no_burner", is_flag=True, help="Leave out the processes that keep the processors busy."
)
@click.option("--json", "as_data", is_flag=True, help="Print one JSON document for machines.")
def demo(seed: int, seconds: float, out: str, policy_path: str | None, no_burner: bool, as_data: bool) -> int:
    r"""Play a phone's day through the real engine, real swaps and real models, in about a minute.

    The day is recorded and its signals are simulated; everything else happens: images of digits arrive at their own
    times, other processes compete for the processors, models are loaded and swapped, and one model file is broken
    half-way. It shows the swaps and compares the policy with each model alone on the same requests.

    \b
    Examples:
      edgeadapt demo
      edgeadapt demo --policy my.eap --seconds 120
      edgeadapt demo --no-burner --json

    Exit codes: 0 every request got its right variant's answer; 1 some did not; 2 wrong use or unreadable input.
    """
    # Imported here, so that `--help` costs nothing of it.
    from edgeadapt.cli.arguments.policy import compile_given
    from edgeadapt.demo.as_data import as_data as to_data
    from edgeadapt.demo.cores import few_cores
    from edgeadapt.demo.demo import DEADLINE_S, RATE_HZ, play
    from edgeadapt.demo.outcome import Settings
    from edgeadapt.demo.progress import BarProgress, PlainProgress
    from edgeadapt.demo.report import introduction, report
    from edgeadapt.shipped import shipped

    family_path = shipped("families/digits.yaml")
    policy_path = str(shipped("policies/phone.eap")) if policy_path is None else policy_path
    given = compile_given(policy_path, str(family_path), ())
    folder = _folder(out)
    with few_cores() as cores:
        settings = Settings(seconds / (1 + len(given.family)), seed, not no_burner, cores)
        if not as_data:
            say(introduction(settings, RATE_HZ, DEADLINE_S))
        bar = sys.stderr.isatty()
        progress = (BarProgress if bar else PlainProgress)(lambda text: say(text, err=as_data))
        outcome = play(given.program, settings, progress)
        picture, no_picture = _drawn(outcome, folder / _PICTURE)
    if as_data:
        say(json.dumps({**to_data(outcome), "picture": picture}, indent=2))
    else:
        for line in report(outcome):
            say(line)
        say()
        say(
            f"The day as a picture: {picture}" if picture else f"There is no picture of the day: {no_picture}"
        )
    return GOOD if outcome.is_good else PROBLEMS


def _drawn(outcome: Outcome, path: Path) -> tuple[str | None, str]:
    """Draw the picture; return where it is, or why there is none: it is an extra, and no reason to fail."""
    from edgeadapt.demo.panels import HOW_TO_GET
    from edgeadapt.demo.picture import draw

    try:
        draw(outcome, path)
    except ImportError:
        return None, HOW_TO_GET
    except OSError as error:
        return None, f"cannot write {shown(path)}: {(error.strerror or str(error)).lower()}"
    return str(path), ""


def _folder(out: str) -> Path:
    """Make the folder before a minute is spent, so that a wrong one is told at once."""
    try:
        Path(out).mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:  # a NUL in the path is a ValueError
        reason = getattr(error, "strerror", None) or "this is not a path"
        raise Misuse(f"cannot make the folder {shown(out)}: {reason.lower()}", "give another --out") from None
    return Path(out)
