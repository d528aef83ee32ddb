"""Thousands of damaged policies, and texts made to be hard: diagnostics in good time, and never an exception."""

import random
import re
import time
from pathlib import Path

import pytest

from edgeadapt.diagnostics import Source, render_report
from edgeadapt.language import lint_text
from edgeadapt.language.checker import check
from edgeadapt.language.parser import parse
from edgeadapt.registry.family import ModelFamily

TESTS = Path(__file__).parents[1]
FAMILY = ModelFamily.from_yaml(TESTS.parent / "families" / "digits.yaml")
SEEDS = sorted([*(TESTS / "corpus" / "valid").glob("*.eap"), *(TESTS.parent / "policies").glob("*.eap")])
TOKEN = re.compile(r'"[^"\n]*"|#[^\n]*|[\w.]+|\s+|[^\w\s]')
SPICE = ["(", ")", "{", "}", "not", "-", "and", "5m", "45C", "1e3", "use", "rule r {", "= =", "é", "\x00", "\ud800", '"', "#", "/*", "9" * 400,
         "until", "band 5 °C", "unknown", "let battery = x", "variant.a", "1 min 30 s", "yes", "$", "\u202e", "in 1 .. 2", "%", "\r", ","]  # fmt: skip
MUTANTS = 3000
SECONDS_FOR_A_LARGE_TEXT = 60


def _by_tokens(rng: random.Random, text: str, others: list[str]) -> str:
    tokens = TOKEN.findall(text)
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(tokens))
        match rng.randrange(5):
            case 0:
                del tokens[at]
            case 1:
                tokens.insert(at, f" {rng.choice(SPICE)} ")
            case 2:
                tokens[at] = tokens[rng.randrange(len(tokens))]
            case 3:
                tokens.insert(at, rng.choice(others))
            case _:
                tokens[at : at + rng.randint(1, 9)] = []
        tokens = tokens or ["x"]
    return "".join(tokens)


def _by_bytes(rng: random.Random, text: str) -> str:
    data = bytearray(text.encode("utf-8", "surrogatepass"))
    for _ in range(rng.randint(1, 4)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    return data.decode("utf-8", "replace")


def test_three_thousand_mutants_get_diagnostics_and_no_exception() -> None:
    rng = random.Random(20260)
    texts = [path.read_bytes().decode("utf-8") for path in SEEDS]
    # A short policy has as much to damage as a long one, and is read sooner.
    weights = [1 / len(text) for text in texts]
    vocabulary = [token for text in texts for token in TOKEN.findall(text) if not token.isspace()]
    checked = whole = slowest = 0.0
    for index in range(MUTANTS):
        (text,) = rng.choices(texts, weights)
        mutant = _by_bytes(rng, text) if index % 4 == 0 else _by_tokens(rng, text, vocabulary)
        began = time.process_time()
        parsed = parse(Source("mutant.eap", mutant))
        result = check(parsed, FAMILY if index % 2 else None)
        slowest = max(slowest, time.process_time() - began)
        checked += parsed.tree is not None
        whole += not parsed.diagnostics
        assert (result.program is None) == any(diagnostic.is_error for diagnostic in result.diagnostics)
        places = [diagnostic.span.start for diagnostic in result.diagnostics]
        assert places == sorted(places)
        if index % 10 == 0:
            render_report(result.diagnostics).encode()
    print(
        f"fuzz: {MUTANTS} mutants, {checked:.0f} reach the checker, {whole:.0f} of them without a slip of form, slowest {slowest * 1000:.0f} ms"
    )
    assert checked >= MUTANTS / 2
    assert slowest < 5


def _policy(section: str) -> str:
    return f"edition 1\npolicy p {{\n{section}\notherwise use tiny\n}}\n"


N = 4_000
HARD = {
    "parentheses": _policy("let it = " + "(" * N + "charging" + ")" * N),
    "parentheses left open": _policy("let it = " + "(" * N),
    "negations": _policy("let it = " + "not " * N + "charging"),
    "signs": _policy("let it = " + "- " * N + "5 > 3"),
    "defaults": _policy("let it = " + "cpu ?? " * N + "cpu > 5%"),
    "a long sum": _policy("let it = " + "1 + " * N + "1 > 5"),
    "a long condition": _policy("let it = " + "charging and " * N + "charging"),
    "long conditions to compare": _policy(
        "rule r { when " + "cpu < 5% and " * 1000 + "charging until " + "gpu < 5% or " * 1000 + "throttled use tiny }"
    ),
    "deep conditions to compare": _policy(
        f"rule r {{ when {'(charging and (cpu < 5% or ' * 20}charging{'))' * 20} until {'(throttled and (gpu < 5% or ' * 20}throttled{'))' * 20} use tiny }}"
    ),
    "lets in a chain": _policy(
        "let l0 = charging\n" + "".join(f"let l{i} = not l{i - 1}\n" for i in range(1, 5000)) + "rule r { when l4999 until l4998 use tiny }"
    ),
    "lets that double": _policy(
        "let l0 = charging\n" + "".join(f"let l{i} = l{i - 1} and l{i - 1}\n" for i in range(1, 2000)) + "rule r { when l1999 until l1998 or cpu < 5% use tiny }"
    ),
    "unknown names": _policy("".join(f"let l{i} = nam{i} < 5\n" for i in range(N))),
    "unknown words": _policy("".join(f"let l{i} = network == w{i}\n" for i in range(N))),
    "syntax errors": _policy("".join(f"let l{i} = = {i}\n" for i in range(N))),
    "slips to mend": _policy("let it = " + "cpu = 5% and " * N + "charging"),
    "characters without meaning": "$ " * N,
    "a million blanks": " " * 999_999,
    "a million letters": "a" * 999_999,
    "a million digits": _policy("let it = " + "1" * 990_000),
    "a million quotes": '"' * 999_999,
    "many braces": "} " * 100_000,
    "a million NULs": "\x00" * 999_999,
    "more than a million": "(" * 1_000_001,
    "many rules": _policy(
        "".join(f"rule r{i} {{ when battery < {i % 100}% for 10 s use highest accuracy tolerance 0.01 where latency < 5 ms }}\n" for i in range(1000))
    ),
    "lone surrogates": _policy("let \ud800 = \udfff and charging"),
    "two numbers and blanks": _policy("let it = " + ("1" + " " * 5000) * 100),
}  # fmt: skip


@pytest.mark.parametrize("text", HARD.values(), ids=HARD.keys())
def test_a_text_made_to_be_hard_gets_its_answer_in_good_time(text: str) -> None:
    began = time.process_time()
    diagnostics = lint_text(text)
    render_report(diagnostics).encode()
    assert time.process_time() - began < SECONDS_FOR_A_LARGE_TEXT
