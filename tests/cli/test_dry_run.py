"""`dry-run` shows what a policy would do and why: on a state, on a trace, on this device; for people and machines."""

import json
import re

import pytest

PENDING = """\
Policy: saver
Family: digits (DIGITS)
State, as given: battery 15%, charging false, memory_available 4000 MB (assumed)
Unknown: light

Decision: adopts medium, by `otherwise`  (ADOPTED)

Rules, from the top:
  dark: idle
    unknown when light < 10   [light is unknown]
  low: pending  (`for` has 10 s of 10 s left)
    true    when battery < floor and not charging
    true      battery < floor   [battery is 15%, floor is 20%]
    true      not charging   [charging is false]
    false   until battery >= 30% or charging
    false     battery >= 30%   [battery is 15%]
    false     charging
  plugged: idle
    false   when charging

Choice of `otherwise`: `use medium` yields medium

Guard: the first variant is adopted, which is no swap
"""

TIMELINE = """\
time  active  rule       what happens
0 s   medium  otherwise  adopts medium
10 s  medium  otherwise  low is pending
20 s  tiny    low        swaps from medium to tiny; low is active
40 s  tiny    dark       tiny stays: small is wanted, but waits for the guard's
                         `cooldown`; dark is active
60 s  tiny    low        tiny stays; dark is idle
90 s  tiny    plugged    tiny stays; low is idle; plugged is active

1 swap in 8 steps; 2 in which nothing changed are left out (--every shows them)
"""

TRACE = """\
t,battery,charging,light
0,50,false,100
10,15,false,100
20,15,false,100
30,15,false,100
40,15,false,5
60,15,false,
90,15,true,
100,15,true,
"""


def test_a_step_is_explained_with_every_rule_and_the_values_behind_it(run, saver, digits) -> None:
    result = run("dry-run", saver, "--family", digits, "--state", "battery=15%", "--state", "charging=false")
    assert result.exit_code == 0
    shown = result.stdout.replace("\n        (", " (")
    family_line = next(line for line in shown.splitlines() if line.startswith("Family"))
    assert shown.replace(family_line, "Family: digits (DIGITS)") == PENDING
    assert result.stderr == "hint: `low` starts if its `when` stays true; look ahead with --after 10s\n"


def test_looking_ahead_shows_what_follows_if_nothing_changes(run, saver, digits) -> None:
    result = run(
        "dry-run", saver, "--config", digits, "--state", "battery=15%, charging=false", "--after", "10s"
    )
    assert result.exit_code == 0
    assert "Decision: swaps from medium to tiny, by rule `low`  (SWAP_POLICY_RECOMMEND)" in result.stdout
    assert "> low: active  (`hold` has 60 s of 60 s left)" in result.stdout


def test_the_variant_that_serves_already_can_be_given(run, saver, digits) -> None:
    result = run("dry-run", saver, "--family", digits, "--active", "full")
    assert "Decision: swaps from full to medium, by `otherwise`" in result.stdout


def test_candidates_say_their_scores_and_why_they_do_not_qualify(run, saver, digits) -> None:
    result = run("dry-run", saver, "--family", digits, "--state", "charging=true,memory_available=30MB")
    assert "Choice of rule `plugged`: `use highest accuracy where memory <= 50% *" in result.stdout
    rows = [line.split() for line in result.stdout.splitlines()]
    assert ["variant", "qualifies", "score", "why", "not"] in rows
    assert [">", "medium_int8", "yes", "0.9889"] in rows
    assert ["full", "no", "0.9889", "`where`", "is", "false:"] in [row[:6] for row in rows]


def test_a_choice_that_yields_nothing_is_shown_before_the_one_that_decides(run, saver, digits) -> None:
    result = run("dry-run", saver, "--family", digits, "--state", "charging=true,memory_available=1MB")
    choices = [line for line in result.stdout.splitlines() if line.startswith("Choice of")]
    assert len(choices) == 2
    assert choices[1] == "Choice of rule `plugged`: `use lowest latency` yields tiny"


def test_inputs_and_parameters_take_their_units(run, saver, digits) -> None:
    result = run(
        "dry-run",
        saver,
        "--family",
        digits,
        "--input",
        "light=5",
        "--state",
        "battery=25%",
        "--param",
        "floor=30%",
    )
    assert "Decision: adopts small, by rule `dark`" in result.stdout
    assert "[battery is 25%, floor is 30%]" in result.stdout


def test_without_a_state_it_says_how_to_give_one(run, saver, digits) -> None:
    result = run("dry-run", saver, "--family", digits)
    assert result.exit_code == 0
    assert result.stderr.startswith("hint: set the state with --state battery=15%")


def test_a_value_out_of_range_is_clamped_and_told(run, saver, digits) -> None:
    result = run("dry-run", saver, "--family", digits, "--state", "battery=150%")
    assert result.stderr == "warning: `battery` is out of its range and taken as 100%\n"


def test_an_input_out_of_range_is_clamped_and_told(run, saver, digits) -> None:
    result = run("dry-run", saver, "--family", digits, "--input", "light=1200", "--after", "5s")
    assert result.stderr == "warning: `light` is out of its range and taken as 1000\n"
    assert re.search(r"State, as given: [^:]*light\s1000\n", result.stdout)


def test_a_trace_of_one_row_is_one_row(run, saver, digits, tmp_path) -> None:
    (tmp_path / "a.csv").write_text("t,light\n10,5\n")
    assert (
        "Trace: a.csv, 1 row over 0 s\n"
        in run("dry-run", saver, "--family", digits, "--trace", "a.csv").stdout
    )


def test_a_trace_whose_clock_goes_back_is_told(run, saver, digits, tmp_path) -> None:
    (tmp_path / "a.csv").write_text(
        "t,battery,charging,light\n10,50,false,50\n4,40,false,50\n9,30,false,50\n"
    )
    result = run("dry-run", saver, "--family", digits, "--trace", "a.csv")
    assert result.exit_code == 0
    assert "warning: 2 rows are earlier than one before, and taken at that one's time; " in result.stderr


def test_json_of_a_step_is_one_document_with_stable_keys(run, saver, digits) -> None:
    result = run(
        "dry-run", saver, "--family", digits, "--state", "charging=true", "--input", "light=50", "--json"
    )
    step = json.loads(result.stdout)
    assert list(step) == [
        *("policy", "family", "timestamp", "signals", "inputs"),
        *("target", "active", "swap", "rule", "reason", "explanation"),
    ]
    assert step["signals"] == {"battery": None, "charging": True, "memory_available": 4000.0}
    assert step["inputs"] == {"light": 50.0}
    assert (step["target"], step["swap"], step["rule"], step["reason"]) == (
        "medium_int8",
        False,
        "plugged",
        "ADOPTED",
    )
    explanation = step["explanation"]
    assert list(explanation) == ["rules", "choices", "guard"]
    assert explanation["rules"][0] == {
        "name": "dark",
        "phase": "idle",
        "when": {"text": "light < 10", "value": False, "values": {"light": "50"}, "parts": []},
        "until": None,
        "timers": [],
    }


def test_a_trace_is_a_timeline_of_what_changed(run, saver, digits, tmp_path) -> None:
    (tmp_path / "day.csv").write_text(TRACE)
    result = run("dry-run", saver, "--family", digits, "--trace", "day.csv")
    assert result.exit_code == 0
    assert "Trace: day.csv, 8 rows over 1 min 40 s\n" in result.stdout
    assert f"\n\n{TIMELINE}\n" in result.stdout
    assert "The last step, at 100 s:" in result.stdout
    assert (
        result.stderr
        == "note: the trace has no `memory_available`, which the policy reads: it is unknown throughout\n"
    )


def test_every_step_of_a_trace_can_be_shown_and_any_of_them_explained(run, saver, digits, tmp_path) -> None:
    (tmp_path / "day.csv").write_text(TRACE)
    result = run("dry-run", saver, "--family", digits, "--trace", "day.csv", "--every", "--explain-at", "25")
    times = re.findall(r"^(\d+) s ", result.stdout, re.MULTILINE)
    assert times == ["0", "10", "20", "30", "40", "60", "90", "100"]
    assert "The step, at 20 s:" in result.stdout
    assert "Decision: swaps from medium to tiny, by rule `low`" in result.stdout


def test_json_of_a_trace_is_a_line_a_step(run, saver, digits, tmp_path) -> None:
    (tmp_path / "day.csv").write_text(TRACE)
    result = run("dry-run", saver, "--family", digits, "--trace", "day.csv", "--json")
    steps = [json.loads(line) for line in result.stdout.splitlines()]
    assert [step["timestamp"] for step in steps] == [0, 10, 20, 30, 40, 60, 90, 100]
    assert all(step["explanation"]["rules"] for step in steps)
    assert steps[2]["swap"]


def test_a_misspelt_column_is_told_apart_from_one_of_no_use_here(run, saver, digits, tmp_path) -> None:
    (tmp_path / "a.csv").write_text("t,batery,charging,memory_available,queue\n0,10,false,100,3\n")
    result = run("dry-run", saver, "--family", digits, "--trace", "a.csv")
    assert result.exit_code == 0
    assert (
        "warning: column `batery` is neither a signal nor an input of the policy; did you mean `battery`?"
        in result.stderr
    )
    assert "note: the policy has no such inputs, so these columns are not read: queue" in result.stderr
    assert "note: the trace has no `battery`" in result.stderr
    assert "note: the trace has no `light`, an input of the policy" in result.stderr


def test_an_input_of_another_kind_in_a_trace_is_told_with_its_time(run, saver, digits, tmp_path) -> None:
    (tmp_path / "a.csv").write_text("t,light\n0,5\n7.5,bright\n")
    result = run("dry-run", saver, "--family", digits, "--trace", "a.csv")
    assert result.exit_code == 2
    assert "error: a.csv, at 7.5 s: input `light`: `bright` is not a number" in result.stderr


def test_this_device_can_be_measured_and_partly_overridden(run, saver, digits) -> None:
    result = run("dry-run", saver, "--family", digits, "--live", "--state", "charging=true", "--json")
    assert result.exit_code == 0
    step = json.loads(result.stdout)
    assert step["signals"]["charging"] is True
    assert step["signals"]["memory_available"] > 0


def test_a_wrong_policy_is_shown_with_its_problems(run, tmp_path, digits) -> None:
    (tmp_path / "a.eap").write_text(
        "edition 1 policy p { rule r { when batery < 20% use tiny } otherwise use nano }"
    )
    result = run("dry-run", "a.eap", "--family", digits)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[EAP101]: `batery` is not a name here" in result.stderr
    assert "error[EAP306]: family `digits` has no variant `nano`" in result.stderr
    assert result.stderr.endswith("2 errors in 1 file\n")


def test_without_a_family_it_says_how_to_give_one(run, saver, tmp_path) -> None:
    result = run("dry-run", saver)
    assert (result.exit_code, result.stderr) == (
        2,
        "error: family `digits` is neither beside the policy nor in families/ or ../families; give --family FILE\n",
    )
    (tmp_path / "a.eap").write_text("edition 1 policy p { otherwise use tiny }")
    assert run("dry-run", "a.eap").stderr == (
        "error: no family is given; add --family FILE, or write `family NAME` in the policy\n"
    )


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (
            ("--state", "batery=15%"),
            "`batery` is neither a signal nor an input of the policy; did you mean `battery`?",
        ),
        (("--input", "lit=3"), "`lit` is neither a signal nor an input of the policy; did you mean `light`?"),
        (("--state", "battery_pct=15"), "`battery_pct` is not a signal's name; write `battery`"),
        (("--state", "battery=15ms"), "`battery`: `15ms` is a time, but a ratio is needed, such as `15%`"),
        (("--state", "charging=yes"), "`charging` is true or false, not `yes`; write `charging=true`"),
        (("--state", "network=god"), "`god` is no `network`; did you mean `good`?"),
        (("--state", "battery"), "--state `battery` is not NAME=VALUE; write it like --state battery=15%"),
        (("--state", "cpu=1%,cpu=2%"), "--state: `cpu` is given twice; keep one of them"),
        (("--input", "light=dim"), "input `light`: `dim` is not a number with a unit, such as `3.5`"),
        (("--param", "flor=10%"), "policy `saver` has no parameter `flor`; did you mean `floor`?"),
        (("--param", "floor=60%"), "parameter `floor` must be in 5% .. 50%, not `60%`"),
        (("--active", "ful"), "--active: family `digits` has no variant `ful`; did you mean `full`?"),
        (("--after", "soon"), "--after: `soon` is not a number with a unit, such as `40 ms`"),
        (("--after", "-3s"), "--after `-3s` is negative; give a time such as 30s"),
        (
            ("--trace", "day.csv", "--live"),
            "--trace brings its own states; leave out --state, --live and --after",
        ),
        (("--every",), "--every and --explain-at speak of a trace; add --trace FILE"),
        (
            ("--trace", "day.csv"),
            "day.csv: cannot read it: no such file or directory; check the path and its permissions",
        ),
        (
            ("--trace", "day.txt"),
            "day.txt: the suffix `.txt` is no trace's; give a trace's file, named .csv, .jsonl or .ndjson",
        ),
    ],
)
def test_a_wrong_call_is_one_line_that_says_what_is_right(run, saver, digits, args, says) -> None:
    result = run("dry-run", saver, "--family", digits, *args)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"error: {says}\n")


def test_for_a_name_that_is_near_no_other_the_policys_own_inputs_are_listed_first(run, saver, digits) -> None:
    result = run("dry-run", saver, "--family", digits, "--input", "humidity=3")
    assert (
        "`humidity` is neither a signal nor an input of the policy; known: light, battery, " in result.stderr
    )


def test_an_input_for_a_policy_that_declares_none_is_told_in_the_same_words(run, digits, tmp_path) -> None:
    (tmp_path / "a.eap").write_text("edition 1 policy p { otherwise use tiny }")
    result = run("dry-run", "a.eap", "--family", digits, "--input", "humidity=3")
    assert (
        "error: `humidity` is neither a signal nor an input of the policy; known: battery, " in result.stderr
    )


def test_a_time_before_the_trace_is_wrong_use(run, saver, digits, tmp_path) -> None:
    (tmp_path / "a.csv").write_text("t,light\n10,5\n")
    result = run("dry-run", saver, "--family", digits, "--trace", "a.csv", "--explain-at", "5")
    assert result.exit_code == 2
    assert "error: the trace has no step at 5 s; it begins at 10 s\n" in result.stderr


def test_so_is_a_time_after_it(run, saver, digits, tmp_path) -> None:
    (tmp_path / "a.csv").write_text("t,light\n10,5\n20,5\n")
    result = run("dry-run", saver, "--family", digits, "--trace", "a.csv", "--explain-at", "21")
    assert result.exit_code == 2
    assert "error: the trace has no step at 21 s; it ends at 20 s\n" in result.stderr


def test_an_active_variant_that_tolerance_keeps_is_said_to_be_kept(run, tmp_path, digits) -> None:
    (tmp_path / "a.eap").write_text("edition 1 policy p { otherwise use highest accuracy tolerance 0.5 }")
    result = run("dry-run", "a.eap", "--family", digits, "--active", "tiny")
    assert "Decision: tiny stays" in result.stdout
    assert "(active, and within `tolerance` of the best)" in " ".join(result.stdout.split())


def test_why_not_a_rule_says_what_stood_in_the_way_and_what_would_have_let_it_win(run, saver, digits) -> None:
    result = run(
        "dry-run", saver, "--family", digits, "--state", "battery=25%,charging=true", "--why-not", "dark"
    )
    assert result.exit_code == 0
    assert result.stdout.endswith(
        "Why not rule `dark`:\n"
        "    rule `dark` is idle: `light < 10` is unknown (light is unknown)\n"
        "  It would have won with\n"
        "    light just below 10 instead of unknown: small\n"
    )


def test_why_not_a_variant_tells_the_wait_and_the_guard(run, saver, digits) -> None:
    state = ("--state", "battery=15%,charging=false")
    result = run(
        "dry-run", saver, "--family", digits, "--active", "full", *state, "--why-not", "tiny", "--json"
    )
    answer = json.loads(result.stdout)["why_not"]
    assert (answer["variant"], answer["rule"], answer["wins"], answer["complete"]) == (
        "tiny",
        None,
        False,
        True,
    )
    wait = next(
        entry for entry in answer["alternatives"] if entry["changes"] == [{"wait_ns": 10_000_000_000}]
    )
    assert (wait["target"], wait["reason"]) == ("tiny", "SWAP_SUPPRESSED_COOLDOWN")


def test_why_not_speaks_of_the_explained_step_of_a_trace(run, saver, digits, tmp_path) -> None:
    (tmp_path / "day.csv").write_text(TRACE, "utf-8")
    arguments = ("dry-run", saver, "--family", digits, "--trace", "day.csv", "--explain-at", "10s")
    result = run(*arguments, "--why-not", "low")
    assert "    rule `low` waits for its `for`: 10 s left\n" in result.stdout
    assert "    10 s later: tiny\n" in result.stdout
    lines = [json.loads(line) for line in run(*arguments, "--why-not", "low", "--json").stdout.splitlines()]
    assert [line["timestamp"] for line in lines if "why_not" in line] == [10.0]


def test_why_not_refuses_what_is_neither_a_rule_nor_a_variant(run, saver, digits) -> None:
    result = run("dry-run", saver, "--family", digits, "--why-not", "tinny")
    assert result.exit_code == 2
    assert (
        "--why-not: `tinny` is neither a rule nor a variant; did you mean `tiny`?"
        in result.stderr.replace("\n", " ")
    )


def test_a_step_is_told_in_sentences(run, saver, digits) -> None:
    result = run("dry-run", saver, "--family", digits, "--state", "battery=15%,charging=false", "--sentences")
    assert result.stdout.endswith(
        "  `otherwise` wins with medium: no rule that is active yields a variant\n"
        "  rule `dark` is idle: `light < 10` is unknown (light is unknown)\n"
        "  rule `low` waits for its `for`: 10 s left\n"
        "  rule `plugged` is idle: `charging` is false\n"
        "  the guard: the first variant is adopted, which is no swap\n"
    )


def test_sentences_and_json_exclude_each_other(run, saver, digits) -> None:
    assert run("dry-run", saver, "--family", digits, "--sentences", "--json").exit_code == 2
