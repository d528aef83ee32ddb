"""`decisions` shows when which variant serves: rows for a person, data for machines, for policies and presets."""

from __future__ import annotations

import json

import pytest

from edgeadapt.shipped import shipped


def test_the_table_reads_from_the_top(run, digits: str, saver: str) -> None:
    result = run("decisions", "--family", digits, "--policy", saver)
    assert (result.exit_code, result.stderr) == (0, "")
    table, choices, never = result.stdout.split("\n\n")[1:]
    assert table.splitlines() == [
        "serves       by         when",
        "small        dark       light < 10",
        "tiny         low        battery < 20% and not charging",
        "                          once that has lasted 10 s; stays 60 s at least; until",
        "                          battery >= 30% or charging",
        "tiny         plugged    charging and memory_available < 21 MB",
        "small        plugged    charging and 21 MB <= memory_available < 25.6 MB",
        "medium_int8  plugged    charging and memory_available >= 25.6 MB",
        "medium       otherwise  otherwise",
    ]
    assert "use highest accuracy where memory <= 50% * memory_available" in " ".join(choices.split())
    assert never.startswith("Never, while the others can be had: ")


def test_the_default_is_a_preset_and_presets_go_by_name(run, digits: str) -> None:
    result = run("decisions", "--config", digits)
    assert result.exit_code == 0
    assert result.stdout.startswith("Policy: balanced\n")
    assert "small   otherwise  always" in result.stdout
    result = run(
        "decisions", "--family", digits, "--policy", "minimize_power", "--param", "min_accuracy_floor=0.98"
    )
    assert result.stdout.startswith("Policy: minimize_power\n")
    assert "medium_int8" in result.stdout


def test_json_has_every_row_with_its_states(run, digits: str, saver: str) -> None:
    data = json.loads(run("decisions", "--family", digits, "--policy", saver, "--json").stdout)
    assert (data["policy"], data["family"]) == ("saver", "digits")
    row = data["rows"][1]
    assert (row["variant"], row["rule"], row["choice"], row["for_ms"]) == ("tiny", "low", "tiny", 10_000)
    assert row["when"] == ["battery < 20% and not charging"]
    assert row["states"] == [
        {
            "battery": {"spans": [[0.0, 19.999999999999996]], "unknown": False},
            "charging": {"values": [False], "unknown": False},
        }
    ]
    assert data["units"]["battery"] == "%"


def test_the_shipped_policy_fits_the_width(run) -> None:
    result = run("decisions", "--policy", str(shipped("policies/phone.eap")))
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= 80


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ((), "no family is given; add --family FILE"),
        (("--policy", "none.eap"), "none.eap: cannot read"),
        (("--policy", "balancd"), "there is neither a file nor a preset `balancd`; did you mean `balanced`?"),
        (("--family", "none.yaml"), "none.yaml: cannot read"),
        (("--param", "x=1"), "`x`"),
    ],
)
def test_a_wrong_call_is_one_line_and_code_2(run, args: tuple[str, ...], told: str) -> None:
    result = run("decisions", *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr
    assert result.stderr.count("\n") == 1
