"""A program comes back from its bytes as it was, and nothing else comes back from any bytes."""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from edgeadapt.errors import EdgeAdaptError, ProgramError
from edgeadapt.language import compile_text
from edgeadapt.program import Program
from edgeadapt.program import expr as e
from edgeadapt.program.compiled import MAX_BYTES, from_bytes, to_bytes
from edgeadapt.program.params import with_params

TREE = Path(__file__).parents[3]
POLICIES = sorted([*(TREE / "policies").glob("*.eap"), *(TREE / "tests" / "corpus" / "valid").glob("*.eap")])
HEADER = struct.Struct(">8sHI32s")
TEXT = """edition 1
policy p "doc" {
  input mode: one of day, night ordered stale after 5 s
  param wait = 2 s in 0 s .. 1 min
  param floor = 0.1
  let warm = temperature > 60 °C band 5 K
  let share = cpu * 2
  rule r { when warm and mode == night for wait use tiny where variant.size > 2 else highest accuracy tolerance 0.1 }
  otherwise use medium
  guard { cooldown 5 s at most 3 swaps per 1 min }
  property calm { at most 3 swaps per 1 min }
}
"""


@pytest.fixture
def program() -> Program:
    return compile_text(TEXT)


def sealed(content: bytes) -> bytes:
    return HEADER.pack(b"\x89EAPC\r\n\x1a", 1, len(content), hashlib.sha256(content).digest()) + content


def refusal(data: bytes) -> str:
    with pytest.raises(ProgramError) as refused:
        from_bytes(data)
    assert isinstance(refused.value, EdgeAdaptError)
    assert isinstance(refused.value, ValueError)
    assert "\n" not in str(refused.value)
    return refused.value.reason


def changed(program: Program, change: Callable[[list[Any]], None]) -> bytes:
    plain = json.loads(to_bytes(program)[HEADER.size :])
    change(plain)
    return sealed(json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode())


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.name)
def test_a_program_comes_back_as_it_was(path: Path) -> None:
    program = compile_text(path.read_bytes().decode("utf-8"))
    data = to_bytes(program)
    back = from_bytes(data)
    assert back == program
    assert back.digest == program.digest
    assert to_bytes(back) == data


def test_parameters_that_were_set_stay_set(program: Program) -> None:
    given = with_params(program, {"wait": "30 s", "floor": 0.1 + 0.2})
    back = from_bytes(to_bytes(given))
    assert [param.value for param in back.params] == [30_000.0, 0.1 + 0.2]
    assert back.digest == given.digest != program.digest


def test_the_greatest_and_least_floats_come_back_exactly(program: Program) -> None:
    for value in (1.7976931348623157e308, 5e-324, -0.0, 0.1):
        param = attrs.evolve(program.params[1], value=value)
        given = attrs.evolve(program, params=(program.params[0], param))
        assert repr(from_bytes(to_bytes(given))) == repr(given)


@pytest.mark.parametrize(
    "condition",
    ["not " * 97 + "charging", "(charging and " * 48 + "charging" + ")" * 48, "1" + " + 1" * 96 + " > 2"],
    ids=["not", "and", "sum"],
)
def test_the_deepest_that_a_text_can_be_comes_back(condition: str) -> None:
    program = compile_text(f"edition 1 policy p {{ rule r {{ when {condition} use a }} otherwise use b }}")
    assert from_bytes(to_bytes(program)) == program


def test_every_byte_counts(program: Program) -> None:
    data = to_bytes(program)
    for at in range(len(data)):
        refusal(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        refusal(data[:at])
    assert "goes on after its end" in refusal(data + b"\n")


def test_what_is_wrong_is_told(program: Program) -> None:
    data = to_bytes(program)
    assert refusal(b"") == refusal(TEXT.encode()) == "these bytes are no compiled policy"
    assert refusal(data[:20]) == "it ends within its header"
    assert "format version 2" in refusal(data[:8] + b"\x00\x02" + data[10:])
    assert "ends too early" in refusal(data[:-1])
    assert "damaged" in refusal(data[:-1] + b" ")
    assert "16 MiB" in refusal(data[:8] + b" " * MAX_BYTES)


def test_one_program_has_one_spelling(program: Program) -> None:
    content = to_bytes(program)[HEADER.size :]
    for other in (content + b" ", content.replace(b",", b", ", 1), content.replace(b"2000.0", b"2e3")):
        assert refusal(sealed(other)) == "the content is not in the canonical form"


# Places of a program's list: 1 edition, 2 name, 5 signals, 6 inputs, 7 params, 8 lets, 9 bands, 10 rules, 11 otherwise.
WRONG: dict[str, tuple[Callable[[list[Any]], None], str]] = {
    "version": (lambda plain: plain.__setitem__(-1, 2), "a program of version 2"),
    "edition": (lambda plain: plain.__setitem__(1, 2), "of edition 2"),
    "tag": (lambda plain: plain[10][0].__setitem__(0, "rool"), "`rule` with 10 fields is expected"),
    "field too many": (lambda plain: plain[10][0].append(1), "`rule` with 10 fields is expected"),
    "field too few": (lambda plain: plain.pop(), "no program of this format"),
    "type": (lambda plain: plain.__setitem__(2, 5), "a text is expected, not `5`"),
    "truth as number": (lambda plain: plain[10][0].__setitem__(9, 1), "true or false is expected, not `1`"),
    "operator": (lambda plain: plain[9][0].__setitem__(2, "<>"), "`<>` is no known operator"),
    "signal": (lambda plain: plain[5].append("moon"), "knows no signal `moon`"),
    "signal unlisted": (lambda plain: plain.__setitem__(5, []), "is used and not in the program's list"),
    "parameter": (lambda plain: plain[7].pop(0), "`wait` is used and not declared before"),
    "let": (lambda plain: plain[8].reverse() or plain[8].pop(), "`warm` is used and not declared before"),
    "band": (lambda plain: plain.__setitem__(9, []), "no band of the program"),
    "band twice": (lambda plain: plain[10][0].__setitem__(4, ["held", 0]), "bands are not each in one place"),
    "name twice": (lambda plain: plain[7].append(plain[7][0]), "two things in it have one name"),
    "nothing to use": (lambda plain: plain[11].clear(), "uses nothing"),
    "negative time": (
        lambda plain: plain[10][0].__setitem__(5, ["negate", plain[10][0][5]]),
        "`for` of rule `r` must be constant",
    ),
    "kind": (lambda plain: plain[10][0].__setitem__(3, ["const", 1.0, "1"]), "where a condition must"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_program_that_no_text_gives_is_refused(program: Program, what: str) -> None:
    change, reason = WRONG[what]
    assert reason in refusal(changed(program, change))


def test_a_program_made_by_hand_shows_its_mistakes_when_it_is_written(program: Program) -> None:
    deep: e.Expr = e.Const(True, "true")
    for _ in range(5000):
        deep = e.Not(deep)
    other_band = attrs.evolve(program.bands[0], width=e.Const(9.0, "9 K"))
    for wrong in (
        attrs.evolve(program, otherwise=()),
        attrs.evolve(program, doc="\ud800"),
        attrs.evolve(program, edition=1.0),
        attrs.evolve(program, bands=(other_band,)),
        attrs.evolve(program, name=object()),
        attrs.evolve(program, rules=(attrs.evolve(program.rules[0], when=deep),)),
    ):
        with pytest.raises(ProgramError):
            to_bytes(wrong)
