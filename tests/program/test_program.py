"""A compiled policy as data: its digest stands for all it says and for its parameters' values, and for nothing else."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from edgeadapt.language import compile_text
from edgeadapt.program.params import with_params
from tests.runtime.world import MEASURED

BODY = 'policy p "doc" { param d = 2 s rule r { when temperature > 60 °C for d use tiny } otherwise use medium guard { cooldown 5 s } }'
TEXT = f"edition 1 {BODY}"


def test_the_same_text_has_the_same_digest() -> None:
    assert compile_text(TEXT).digest == compile_text(TEXT).digest


@pytest.mark.parametrize(
    "same",
    [
        TEXT.replace(" {", "\n{").replace(" use", "\n\tuse").replace(">", "  >"),
        "# a comment\n" + TEXT.replace("otherwise", "# why\notherwise"),
        TEXT.replace("60 °C", "60°C"),
        "\ufeff" + TEXT,
    ],
)
def test_layout_and_comments_do_not_count(same: str) -> None:
    assert compile_text(same).digest == compile_text(TEXT).digest


def test_the_files_name_and_the_family_do_not_count() -> None:
    assert compile_text(TEXT, "other.eap", MEASURED).digest == compile_text(TEXT).digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("policy p", "policy q"),
        ("> 60", ">= 60"),
        ("60 °C", "61 °C"),
        ("for d", "hold d"),
        ("for d", "for d urgent"),
        ("use tiny", "use full"),
        ("rule r", "rule s"),
        ("cooldown 5 s", "cooldown 6 s"),
        ("cooldown 5 s", "cooldown 5 s at most 1 swap per 1 h"),
        ("d = 2 s", "d = 3 s"),
        ("d = 2 s", "d = 2 s in 0 s .. 9 s"),
    ],
)
def test_everything_a_policy_says_counts(old: str, new: str) -> None:
    changed = TEXT.replace(old, new)
    assert changed != TEXT
    assert compile_text(changed).digest != compile_text(TEXT).digest


def test_the_order_of_rules_counts() -> None:
    one, other = "rule ra { when charging use tiny }", "rule rb { when charging use full }"
    texts = [
        f"edition 1 policy p {{ {first} {second} otherwise use medium }}"
        for first, second in ((one, other), (other, one))
    ]
    assert compile_text(texts[0]).digest != compile_text(texts[1]).digest


def test_a_parameters_value_counts_and_not_where_it_came_from() -> None:
    whole = compile_text(TEXT)
    changed = with_params(whole, {"d": "3 s"})
    assert changed.digest != whole.digest
    assert changed.digest == with_params(whole, {"d": 3000}).digest
    assert with_params(changed, {"d": "2000 ms"}).digest == whole.digest


def test_a_digest_is_the_same_in_another_process() -> None:
    code = f"from edgeadapt.language import compile_text; print(compile_text({TEXT!r}).digest)"
    env = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONUTF8": "1"}
    out = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert out.stdout.strip() == compile_text(TEXT).digest


def test_a_program_reads_only_the_signals_it_names() -> None:
    text = "edition 1 policy p { let a = cpu > 5% rule r { when a and charging use tiny where gpu < 5% } otherwise use lowest latency + battery_time_left }"
    assert compile_text(text).signals == ("battery_time_left", "charging", "cpu", "gpu")


def test_a_digest_is_computed_once_and_is_no_part_of_the_program() -> None:
    told, untold = compile_text(TEXT), compile_text(TEXT)
    assert told.digest is told.digest
    assert (told, repr(told), hash(told)) == (untold, repr(untold), hash(untold))
