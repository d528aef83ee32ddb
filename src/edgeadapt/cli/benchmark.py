"""`edgeadapt benchmark`: what each variant of a family costs on this machine, and what has changed since."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from edgeadapt.cli.arguments.family import family_option
from edgeadapt.cli.arguments.options import file_option
from edgeadapt.cli.failure import GOOD, PROBLEMS, Misuse
from edgeadapt.cli.output.terminal import say, tell
from edgeadapt.wording import shown

if TYPE_CHECKING:
    from edgeadapt.benchmark.report import BenchmarkReport

# Shown by `--help` and used where nothing is given; what they mean is the runner's, which is too much to load for help.
_RUNS, _MOST = 600, 1_000_000
_WARM_UP = 10


@click.command()
@family_option("The family to measure.", required=True)
@click.option(
    "--runs",
    type=click.IntRange(1, _MOST),
    default=_RUNS,
    show_default=True,
    metavar="N",
    help="Timed inferences a variant, in up to 10 processes.",
)
@click.option(
    "--warm-up",
    type=click.IntRange(0, _MOST),
    default=_WARM_UP,
    show_default=True,
    metavar="N",
    help="Inferences before the timed ones, in each process.",
)
@file_option(
    "--sample",
    help="Run on these inputs: one array in a .npy file, or several by name in a .npz file.",
)
@click.option(
    "--dim",
    "dims",
    multiple=True,
    metavar="NAME=SIZE",
    help="The size of a dimension that a model leaves open, where no sample says it: N=8. Without it 1.",
)
@file_option("--compare", metavar="REPORT", help="Say what has changed since an earlier report.")
@file_option("--output", help="Write the report to a file, as JSON.")
@click.option("--update", is_flag=True, help="Write the measured latency and memory into the family file.")
@click.option("--json", "as_data", is_flag=True, help="Print the report as JSON.")
def benchmark(
    family_path: str,
    runs: int,
    warm_up: int,
    sample: str | None,
    dims: tuple[str, ...],
    compare: str | None,
    output: str | None,
    update: bool,
    as_data: bool,
) -> int:
    r"""Measure each variant of a family on this machine: latency, load time and memory.

    Each variant is loaded and run as an engine would, in fresh processes, in turn with the others. It is run on --sample,
    else on one row of its golden inputs, else on zeros. One that fails is told with its reason, and the others are measured.

    --compare tells a change from noise: the processes' figures must differ by more than chance, and by 5 % at least.

    \b
    Examples:
      edgeadapt benchmark --family digits.yaml
      edgeadapt benchmark --family digits.yaml --output before.json
      edgeadapt benchmark --family digits.yaml --compare before.json
      edgeadapt benchmark --family text.yaml --dim sequence=128 --runs 100 --update

    Exit codes: 0 all were measured, and nothing got worse; 1 a variant failed, or something got worse beyond noise;
    2 wrong use or unreadable input.
    """
    # Imported here, so that `--help` and a wrong call cost nothing of it.
    from edgeadapt.cli.arguments.family import load_family

    sizes = _sizes(dims)
    if sample is not None and sizes:
        raise Misuse("--sample has its own sizes", "leave out --dim")
    family = load_family(family_path)
    if output is not None:
        _check_writable(output, "--output")
    if update:
        _check_writable(family_path, "--update")
    from edgeadapt.benchmark.comparison import compare as compared
    from edgeadapt.benchmark.report import BenchmarkReport
    from edgeadapt.benchmark.runner import UnknownDimension, benchmark_family
    from edgeadapt.benchmark.sample_file import read_sample
    from edgeadapt.cli.benchmark_progress import progress
    from edgeadapt.cli.output import benchmark_report as lines

    before = None if compare is None else BenchmarkReport.from_file(compare)
    inputs = None if sample is None else read_sample(sample)
    try:
        with progress() as told:
            report = benchmark_family(
                family,
                runs=runs,
                warm_up=warm_up,
                sample=inputs,
                sample_name=sample,
                dims=sizes,
                progress=told,
            )
    except UnknownDimension as error:
        raise Misuse(str(error)) from None
    comparison = None if before is None else compared(before, report)
    if output is not None:
        _write(output, report)
    if as_data:
        data = report.as_data()
        if comparison is not None:
            data["comparison"] = lines.comparison_data(comparison)
        say(json.dumps(data, indent=2))
    else:
        say("\n".join(lines.report_lines(report)))
        if comparison is not None:
            say("\n" + "\n".join(lines.comparison_lines(comparison)))
    if update:
        _update(family_path, report)
    return PROBLEMS if report.failed or (comparison is not None and comparison.worse) else GOOD


def _sizes(given: Sequence[str]) -> dict[str, int]:
    from edgeadapt.cli.arguments.values import assignments

    sizes: dict[str, int] = {}
    for name, text in assignments(given, "--dim", "N=8").items():
        if not (text.isascii() and text.isdecimal() and 0 < len(text) <= 9 and int(text)):
            raise Misuse(f"--dim: the size of {shown(name)} is a whole number above 0, not {shown(text)}")
        sizes[name] = int(text)
    return sizes


def _check_writable(path: str, option: str) -> None:
    """Refuse a file that can't be written, before minutes are spent on what goes into it."""
    folder = os.path.dirname(os.path.realpath(path))
    if not os.path.isdir(folder):
        raise Misuse(f"{option} {shown(path)}: there is no such folder", "make it first")
    if os.path.exists(path) and not os.path.isfile(path):
        raise Misuse(f"{option} {shown(path)} is no file", "give the path of one")
    if not (os.access(folder, os.W_OK) and (not os.path.exists(path) or os.access(path, os.W_OK))):
        raise Misuse(f"{option}: {shown(path)} can't be written", "check its permissions and its folder's")


def _write(output: str, report: BenchmarkReport) -> None:
    from edgeadapt.registry.file_replacement import replace_file

    try:
        replace_file(output, report.to_json().encode() + b"\n")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Misuse(f"cannot write {shown(output)}: {reason}") from None


def _update(path: str, report: BenchmarkReport) -> None:
    from edgeadapt.benchmark.family_update import update_family_file

    changed = update_family_file(path, report)
    for figure in changed:
        tell("note", figure)
    tell("note", f"{len(changed)} figures changed in {shown(path)}")
