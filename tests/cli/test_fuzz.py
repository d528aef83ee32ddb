"""`fuzz` prints a test to paste for a promise that is broken, and says what it tried where it found none."""

import json

from edgeadapt.shipped import shipped

BROKEN = """\
edition 1
policy p {
  rule low { when battery < 20% use tiny }
  otherwise use full
  property spared { never use full when battery <= 20% }
}
"""


def test_a_broken_promise_is_shown_as_a_test_and_explained(run, digits, tmp_path) -> None:
    (tmp_path / "p.eap").write_text(BROKEN, "utf-8")
    result = run("fuzz", "p.eap", "--family", digits)
    assert result.exit_code == 1
    assert "  test breaks_spared {\n    at 0 s: battery = 20%\n  }\n" in result.stdout
    assert "Decision: " in result.stdout
    assert "`spared` does not hold at 0 s: the policy wants `full`" in result.stderr + result.stdout


def test_as_data(run, digits, tmp_path) -> None:
    (tmp_path / "p.eap").write_text(BROKEN, "utf-8")
    result = run("fuzz", "p.eap", "--family", digits, "--json")
    (found,) = json.loads(result.stdout)["violations"]
    assert (found["property"], found["target"]) == ("spared", "full")


def test_nothing_found_is_said(run) -> None:
    result = run("fuzz", str(shipped("policies/phone.eap")), "--examples", "20")
    assert (result.exit_code, result.stdout) == (0, "phone: 3 properties hold on 20 traces each\n")


def test_one_property_on_one_trace_is_told_in_the_singular(run, digits, tmp_path) -> None:
    (tmp_path / "p.eap").write_text(BROKEN.replace("otherwise use full", "otherwise use tiny"), "utf-8")
    result = run("fuzz", "p.eap", "--family", digits, "--examples", "1")
    assert (result.exit_code, result.stdout) == (0, "p: 1 property holds on 1 trace\n")


def test_a_policy_without_a_family_is_wrong_use(run, tmp_path) -> None:
    (tmp_path / "p.eap").write_text(BROKEN, "utf-8")
    assert run("fuzz", "p.eap").exit_code == 2
