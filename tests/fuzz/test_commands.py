"""Whatever is in a file, a command ends with 0, 1 or 2 and a message: mutated policies, families and traces by the thousand.

Every case follows from its number. `make test` runs a small part; the whole is

    EDGEADAPT_FUZZ=10000 EDGEADAPT_FUZZ_PROCESSES=200 .venv/bin/python -m pytest -s tests/fuzz/test_commands.py
"""

import faulthandler
import os
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner

from edgeadapt.cli.main import main
from edgeadapt.shipped import shipped

CASES = int(os.environ.get("EDGEADAPT_FUZZ", "1500"))
PROCESSES = int(os.environ.get("EDGEADAPT_FUZZ_PROCESSES", "12"))

SMALL = """\
edition 1
policy small {
  input light: number in 0 .. 1000 stale after 10 s
  input mode: one of day, night
  param floor = 20% in 5% .. 50%
  let cramped = memory_available < 512 MB band 128 MB
  rule low "low" { when battery < floor and not charging until battery >= 30% or charging for 10 s hold 1 min use tiny }
  rule dark { when light < 10 or mode == night hold 5 s urgent use highest accuracy then lowest power tolerance 0.01 where latency <= 2 ms }
  rule tight { when cramped and temperature in 30 °C .. 70 °C linger 5 s cooldown 30 s use lowest memory else full }
  otherwise use highest 0.5 * accuracy + 0.2 * (1 - level(power)) + 0.3 * (1 - latency / 20 ms)
  guard { cooldown 30 s at most 4 swaps per 1 min }
  property spared { never use full when battery < 10% for 5 s }
  test dips { at 0 s: battery = 25%, charging = false expect medium at 15 s: battery = unknown, mode = night }
}
"""
FAMILY = """\
schema_version: 1
name: digits
variants:
  - {name: tiny, path: t, metadata: {accuracy_score: 0.8, expected_latency_ms: 0.1, memory_footprint_mb: 10, power_draw_estimate: low}}
  - {name: small, path: s, metadata: {accuracy_score: 0.9, expected_latency_ms: 0.2, memory_footprint_mb: 11}}
  - {name: medium_int8, path: i, metadata: {accuracy_score: 0.98, power_draw_estimate: medium}, attributes: {int8: true}}
  - {name: medium, path: m, metadata: {accuracy_score: 0.98, expected_latency_ms: 2, memory_footprint_mb: 16}}
  - {name: full, path: f}
"""
FAMILIES = [FAMILY, shipped("families/digits.yaml").read_text("utf-8")]
CSV = """\
timestamp,battery,charging,temperature,memory_available,cpu,network,light,mode
0,50,false,30,2000,10,good,100,day
10,15%,false,45 °C,300 MB,99,poor,5,night
20,,true,80,2.5 GB,0.5,,,
25.5,8,true,nan,100,100,offline,1000,day
25,8,0,20,8000,7,excellent,3,night
"""
JSONL = """\
{"timestamp": 0, "battery": 50, "charging": false, "light": 3.5, "mode": "day"}
{"t": 10.5, "battery": "15%", "temperature": 80, "memory_available": "300 MB"}
{"timestamp": 60, "battery": null, "charging": true, "network": "poor", "mode": "night"}
"""
POLICIES = [SMALL, *(path.read_text("utf-8") for path in sorted(shipped("policies").glob("*.eap")))]

TOKEN = re.compile(r"[A-Za-z_]+|[0-9]+(?:\.[0-9]+)?|[<>=!]=|\?\?|\.\.|\s+|[^\sA-Za-z0-9_]")
KEYWORDS = re.findall(
    r"\S+",
    "and or not when until use where otherwise rule let param input guard test property expect at most per swaps band for "
    "hold linger cooldown urgent highest lowest then else tolerance is known unknown in true false level variant",
)
NAMES = re.findall(
    r"\S+",
    "battery charging cpu temperature memory_available network latency accuracy power memory light floor cramped tiny medium "
    "ms s min MB GB K W Hz name path metadata variants sha256 backend attributes null good night day",
)
NUMBERS = re.findall(
    r"\S+", "0 1 -1 0.5 20 100 99999999999999999999 1e3 1e999 .5 5. 00 nan inf -0 0.1 3.4028236e38"
)
SIGNS = re.findall(r"\S+", "< > <= >= == != = + - * / ?? .. : , { } ( ) [ ] \" ' # % °C \\")
ODD = re.findall(r"\S+", "\0 \x1b \ufeff \u202e \u00b5 \u00ba \U0001f600 &a *a !!python/object:os - ? | %")
ODD += ["\t", "\r", "\n", "\x85", "\u2028"]


def mutated(seed: random.Random, text: str) -> bytes:
    """Change a text in a few places; most changes keep it a text of its kind, some break it, a few break its bytes."""
    tokens = TOKEN.findall(text)
    for _ in range(seed.choice((1, 1, 1, 1, 1, 2, 2, 3, 8))):
        at = seed.randrange(len(tokens))
        if sort_of(tokens[at]) in (KEYWORDS, SIGNS):
            # Names and numbers have a meaning to get wrong: they get a second chance to be the ones.
            at = seed.randrange(len(tokens))
        tokens[at : at + 1] = seed.choices(CHANGES, (12, 2, 1, 1, 1, 1))[0](seed, tokens, at)
        if not tokens:
            tokens = [""]
    data = "".join(tokens).encode("utf-8", "surrogatepass")
    if seed.random() < 0.03:
        data = data[: seed.randrange(len(data) + 1)]
    if seed.random() < 0.03 and data:
        at = seed.randrange(len(data))
        data = data[:at] + bytes(seed.randrange(256) for _ in range(seed.randrange(4))) + data[at + 1 :]
    return data


def sort_of(token: str) -> list[str]:
    """Return the list that a token is of the same sort as."""
    if token[:1].isdigit():
        return NUMBERS
    return SIGNS if not token[:1].isalpha() else KEYWORDS if token in KEYWORDS else NAMES


def alike(seed: random.Random, tokens: list[str], at: int) -> list[str]:
    """Put another token of the same sort in a token's place, mostly one that the text has already."""
    pool = sort_of(tokens[at])
    here = [other for other in tokens if sort_of(other) is pool and not other.isspace()]
    return [tokens[at]] if tokens[at].isspace() else [seed.choice(here if seed.random() < 0.6 else pool)]


CHANGES: list[Callable[[random.Random, list[str], int], list[str]]] = [
    alike,
    lambda seed, tokens, at: [],
    lambda seed, tokens, at: [tokens[at], " ", tokens[at]],
    lambda seed, tokens, at: [seed.choice(tokens)],
    lambda seed, tokens, at: [tokens[at], seed.choice(ODD)],
    lambda seed, tokens, at: [tokens[at], " ", seed.choice([*KEYWORDS, *NAMES, *NUMBERS, *SIGNS]), " "],
]

LINT_OPTIONS = [[], [], ["--fix"], *(["--format", form] for form in ("concise", "json", "sarif", "github"))]
TOLD = ("error[EAP", "warning[EAP", '"code": "EAP', '"ruleId": "EAP', "title=EAP")


def case(number: int, folder: Path) -> list[str]:
    """Write a case's files into a folder and return its command line; one file of the three is mutated."""
    seed = random.Random(number)
    kind = ("policy", "policy", "policy", "family", "trace")[number % 5]
    # The shipped ones are long: most of the time goes further with a short one.
    policy = seed.choice(POLICIES) if kind == "policy" and seed.random() < 0.5 else SMALL
    family_text = seed.choice(FAMILIES) if kind == "family" else FAMILY
    trace = "trace.csv" if seed.random() < 0.6 else "trace.jsonl"
    files = {"p.eap": policy, "digits.yaml": family_text, trace: CSV if trace == "trace.csv" else JSONL}
    broken = {"policy": "p.eap", "family": "digits.yaml", "trace": trace}[kind]
    for name, text in files.items():
        (folder / name).write_bytes(mutated(seed, text) if name == broken else text.encode())
    family = ["--family", str(folder / "digits.yaml")]
    policy_path = str(folder / "p.eap")
    how = seed.randrange(5) if kind == "policy" else 3 if kind == "trace" else seed.randrange(1, 6)
    if how == 0:
        return ["lint", policy_path]
    if how == 1:
        return ["lint", policy_path, *family, *seed.choice(LINT_OPTIONS)]
    if how == 2:
        return ["dry-run", policy_path, *family, "--state", "battery=15%,charging=false", "--after", "1min"]
    if how == 4:
        return ["decisions", "--policy", policy_path, *family, *seed.choice(([], ["--json"]))]
    if how == 5:
        return ["validate", *family, *seed.choice(([], ["--explain"], ["--json"], ["--policy", policy_path]))]
    more = seed.choice([["--every"], ["--json"], ["--explain-at", "20"], []])
    return ["dry-run", policy_path, *family, "--trace", str(folder / trace), *more]


def test_what_is_mutated_is_right_before(tmp_path: Path) -> None:
    for name, text in (("digits.yaml", FAMILIES[1]), ("t.csv", CSV), ("t.jsonl", JSONL)):
        (tmp_path / name).write_text(text, "utf-8")
    for number, policy in enumerate(POLICIES):
        (tmp_path / f"{number}.eap").write_text(policy, "utf-8")
    family = ["--family", str(tmp_path / "digits.yaml")]
    commands = [["lint", str(tmp_path), *family]]
    commands += [
        ["dry-run", str(tmp_path / "0.eap"), *family, "--trace", str(tmp_path / name)]
        for name in ("t.csv", "t.jsonl")
    ]
    for args in commands:
        result = CliRunner().invoke(main, args, prog_name="edgeadapt")
        assert result.exit_code == 0, result.output


@pytest.mark.timeout(1800)
def test_no_mutated_file_gets_past_the_messages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert faulthandler.is_enabled()
    ends: Counter[int] = Counter()
    checked = policies = 0
    for number in range(CASES):
        args = case(number, tmp_path)
        result = CliRunner().invoke(main, args, prog_name="edgeadapt")
        told = f"case {number}: {args}\n{result.output[-3000:]}"
        assert result.exception is None or isinstance(result.exception, SystemExit), told
        assert result.exit_code in (0, 1, 2), told
        assert "Traceback" not in result.output, told
        if result.exit_code == 2:
            assert "error: " in result.stderr, told
        if result.exit_code == 1:
            # Of a family's problems each has its file and line.
            signs = (f"{args[2]}:", *TOLD) if args[0] == "validate" else TOLD
            assert any(sign in result.output for sign in signs), told
        ends[result.exit_code] += 1
        if number % 5 < 3:
            policies += 1
            # What has no problem of form has reached the checker, and a problem of another kind is the checker's.
            checked += result.exit_code == 0 or re.search(r"EAP[123]\d\d", result.output) is not None
    with capsys.disabled():
        print(
            f"\nfuzz: {CASES} commands, ends {dict(sorted(ends.items()))}, {checked} of {policies} policies checked"
        )
    assert checked >= policies / 2
    assert set(ends) == {0, 1, 2}


@pytest.mark.timeout(900)
def test_real_processes_end_the_same_way(tmp_path: Path) -> None:
    def end(number: int) -> None:
        folder = tmp_path / str(number)
        folder.mkdir()
        # Other cases than above, so that these find what those do not.
        args = case(1_000_000 + number, folder)
        command = [sys.executable, "-X", "faulthandler", "-m", "edgeadapt", *args]
        process = subprocess.run(command, capture_output=True, check=False, timeout=60)
        told = f"case {1_000_000 + number}: {args}\n{process.stdout[-2000:]!r}\n{process.stderr[-2000:]!r}"
        assert process.returncode in (0, 1, 2), told
        assert b"Traceback" not in process.stderr, told
        said = process.stderr + process.stdout
        assert process.returncode == 0 or b"error" in said or b"warning[EAP" in said, told

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(end, range(PROCESSES)))
