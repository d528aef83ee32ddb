"""Three thousand damaged family files: each ends in a family or in one FamilyYamlError of one line."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from edgeadapt.errors import FamilyYamlError
from edgeadapt.registry import ModelFamily

CORPUS = Path(__file__).parent.parent / "corpus" / "families"
SOURCES = sorted(CORPUS.glob("*/*.yaml"))
VALID = sorted(CORPUS.glob("valid/*.yaml"))
RUNS = 1500
# How often one file is hit: mostly once, which goes deeper.
DAMAGES = (1, 1, 1, 1, 2, 4)

BYTES = [
    b"",
    b"\0",
    b"\xff",
    b"\xed\xa0\x80",
    b"\xe2\x80\xa8",
    b":",
    b"- ",
    b"[",
    b"}",
    b"\n",
    b"\t",
    b"&a",
    b"*a",
]
BYTES += [b"'", b'"', b"#", b"!", b"%", b"|", b">", b"? ", b"---\n", b"...\n", b"<<", b"1e999", b"\r"]
TOKENS = [
    "~",
    "null",
    "true",
    "-1",
    "0",
    "1e999",
    ".nan",
    "-.inf",
    "9" * 400,
    "''",
    "'x'",
    '"\\ud800"',
    "[]",
    "{}",
]
TOKENS += [
    "[a, [b, {c: d}]]",
    "{name: x}",
    "tiny",
    "&a",
    "*a",
    "!!int",
    "!x",
    "?",
    "\N{SNOWMAN}",
    "a\u0301",
    "x" * 5000,
]
TOKENS += [
    "schema_version",
    "name",
    "variants",
    "metadata",
    "session",
    "golden",
    "sha256",
    "../..",
    "low",
    "onnx",
    "2",
]


def damaged_bytes(rng: random.Random, data: bytes) -> bytes:
    made = bytearray(data)
    for _ in range(rng.choice(DAMAGES)):
        at = rng.randrange(len(made) + 1)
        made[at : at + rng.randint(0, 4)] = rng.choice(BYTES)
    return bytes(made)


def damaged_tokens(rng: random.Random, data: bytes) -> bytes:
    tokens = re.findall(r"\s+|\w+|[^\w\s]", data.decode())
    for _ in range(rng.choice(DAMAGES)):
        at = rng.randrange(len(tokens))
        match rng.randrange(4):
            case 0:
                tokens[at] = rng.choice(TOKENS)
            case 1:
                other = rng.randrange(len(tokens))
                tokens[at], tokens[other] = tokens[other], tokens[at]
            case 2:
                del tokens[at : at + rng.randint(1, 5)]
            case _:
                tokens[at:at] = tokens[at : at + rng.randint(1, 20)]
        tokens = tokens or ["x"]
    return "".join(tokens).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("damage", [damaged_bytes, damaged_tokens], ids=["bytes", "tokens"])
def test_a_damaged_family_is_a_family_or_one_line(tmp_path: Path, damage: object) -> None:
    assert callable(damage)
    rng = random.Random(20)
    path = tmp_path / "f.yaml"
    read = refused_by_yaml = refused_by_meaning = 0
    for run in range(RUNS):
        # Most start from a family that is right.
        source = rng.choice(SOURCES if run % 4 == 0 else VALID)
        path.write_bytes(damage(rng, source.read_bytes()))
        try:
            family = ModelFamily.from_yaml(path)
        except FamilyYamlError as error:
            one_line = str(error)
            refused_by_yaml += "not YAML" in one_line or "UTF-8" in one_line
            refused_by_meaning += "not YAML" not in one_line and "UTF-8" not in one_line
            assert len(one_line.splitlines()) == 1, path.read_bytes()
            assert error.remedy, path.read_bytes()  # noqa: PT017 - likewise
        else:
            read += 1
            assert len(family.digest) == 64
            assert family.names
    # All three outcomes are common, so that the damage is neither too light nor too heavy.
    assert min(read, refused_by_yaml, refused_by_meaning) > RUNS // 20, (
        read,
        refused_by_yaml,
        refused_by_meaning,
    )
