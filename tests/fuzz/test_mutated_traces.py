"""Three thousand damaged traces: each ends in a trace that can be played and written, or in one TraceError of one line."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from edgeadapt.errors import TraceError
from edgeadapt.profiler.recorded import RecordedProfiler, read_trace, write_trace

CORPUS = Path(__file__).parent.parent / "corpus" / "traces"
SOURCES: dict[tuple[str, ...], list[Path]] = {
    suffixes: [
        path for path in sorted(CORPUS.glob("*/*")) if path.suffix in suffixes and path.stat().st_size < 5000
    ]
    for suffixes in ((".csv",), (".jsonl", ".ndjson"))
}
RUNS = 1500
# How often one file is hit: mostly once, which goes deeper.
DAMAGES = (1, 1, 1, 1, 2, 4)

BYTES = [
    b"",
    b"\0",
    b"\xff",
    b"\xed\xa0\x80",
    b"\xe2\x80\xa8",
    b",",
    b",,",
    b";",
    b"\n",
    b"\r",
    b"\t",
    b'"',
    b"'",
]
BYTES += [
    b"#",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b"-",
    b"e9",
    b".",
    b"%",
    b"\\u0000",
    b"\\ud800",
    b"1e999",
    b"\xef\xbb\xbf",
]
TOKENS = [
    "",
    "nan",
    "-inf",
    "1e999",
    "-1",
    "0",
    "9" * 400,
    "1_0",
    "0x1F",
    "٣",
    "50 %",
    "3 h",
    "5 MB",
    "°C",
    "true",
    "null",
]
TOKENS += [
    "good",
    "offline",
    "timestamp",
    "t",
    "battery",
    "battery_pct",
    "mode",
    "two words",
    '"',
    '""',
    "\n",
    ",",
    "{}",
]
TOKENS += [
    "[1]",
    '{"t": 1}',
    '"\\ud800"',
    "NaN",
    "Infinity",
    "\N{SNOWMAN}",
    "x" * 300,
    "#",
    "\N{NO-BREAK SPACE}",
]


def damaged_bytes(rng: random.Random, data: bytes) -> bytes:
    made = bytearray(data)
    for _ in range(rng.choice(DAMAGES)):
        at = rng.randrange(len(made) + 1)
        made[at : at + rng.randint(0, 4)] = rng.choice(BYTES)
    return bytes(made)


def damaged_tokens(rng: random.Random, data: bytes) -> bytes:
    tokens = re.findall(r"\n|[^\S\n]+|[\w.%-]+|[^\w\s]", data.decode("utf-8", "replace")) or ["x"]
    for _ in range(rng.choice(DAMAGES)):
        at = rng.randrange(len(tokens))
        match rng.randrange(4):
            case 0:
                tokens[at] = rng.choice(TOKENS)
            case 1:
                other = rng.randrange(len(tokens))
                tokens[at], tokens[other] = tokens[other], tokens[at]
            case 2:
                del tokens[at : at + rng.randint(1, 3)]
            case _:
                tokens[at:at] = tokens[at : at + rng.randint(1, 20)]
        tokens = tokens or ["x"]
    return "".join(tokens).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("suffixes", SOURCES, ids=["csv", "json"])
def test_a_damaged_trace_is_a_trace_or_one_line(tmp_path: Path, suffixes: tuple[str, ...]) -> None:
    rng = random.Random(21)
    valid = [path for path in SOURCES[suffixes] if path.parent.name == "valid"]
    read = refused_by_form = refused_by_meaning = 0
    for run in range(RUNS):
        # Most start from a trace that is right.
        source = rng.choice(SOURCES[suffixes] if run % 4 == 0 else valid)
        damage = damaged_bytes if run % 2 else damaged_tokens
        path = tmp_path / f"t{source.suffix}"
        path.write_bytes(damage(rng, source.read_bytes()))
        try:
            trace = read_trace(path)
        except TraceError as error:
            one_line = str(error)
            in_a_cell = "column " in one_line or "the row has no time" in one_line
            refused_by_meaning += in_a_cell
            refused_by_form += not in_a_cell
            assert len(one_line.splitlines()) == 1, path.read_bytes()
            assert error.remedy, path.read_bytes()  # noqa: PT017 - likewise
        else:
            read += 1
            assert RecordedProfiler(trace).snapshot() == trace.rows[0].state
            again = tmp_path / f"again{source.suffix}"
            write_trace(trace, again)
            assert [row.state for row in read_trace(again).rows] == [row.state for row in trace.rows]
    # All three outcomes are common, so that the damage is neither too light nor too heavy.
    assert min(read, refused_by_form, refused_by_meaning) > RUNS // 20, (
        read,
        refused_by_form,
        refused_by_meaning,
    )
