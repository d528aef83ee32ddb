"""`test` runs what policies promise and expect, shows each failure with its reasons, and hides no file's trouble."""

import json
from xml.etree import ElementTree as ET

import pytest

from edgeadapt.shipped import shipped

GOOD = """\
edition 1
policy p {
  family digits
  rule low { when battery < 20% for 10 s use tiny }
  otherwise use medium
  property spared { never use full when battery < 10% }
  property calm { at most 1 swap per 1 min }
  test dips {
    at 0 s:  battery = 25%  expect medium
    at 5 s:  battery = 19%  expect medium
    at 15 s: battery = 9%   expect tiny
  }
  test at_first { at 0 s: expect medium }
}
"""
BAD = GOOD.replace("19%  expect medium", "19%  expect tiny").replace("never use full", "never use tiny")
FAILURE = """\
error[test]: `dips` expects `tiny` at 5 s, not `medium`
   --> p.eap:10:36
    |
 10 |     at 5 s:  battery = 19%  expect tiny
    |                                    ^^^^ `medium` is active
    |
    = help: at this step: medium stays, by `otherwise`

Decision: medium stays, by `otherwise`  (UNCHANGED)
"""


def family(name: str, *variants: str) -> str:
    listed = "".join(f"  - {{name: {variant}, path: {variant}.onnx}}\n" for variant in variants)
    return f"schema_version: 1\nname: {name}\nvariants:\n{listed}"


@pytest.fixture
def write(tmp_path):
    """Write a policy beside its family's place."""
    (tmp_path / "digits.yaml").symlink_to(shipped("families/digits.yaml"))

    def call(text: str, name: str = "p.eap") -> None:
        (tmp_path / name).write_text(text, "utf-8")

    return call


def test_passing_tests_are_a_line(run, write) -> None:
    write(GOOD)
    result = run("test", "p.eap")
    assert (result.exit_code, result.stdout, result.stderr) == (
        0,
        "p.eap: 2 tests pass, 2 properties hold\n",
        "",
    )


def test_a_failure_shows_the_place_what_came_and_why(run, write) -> None:
    write(BAD)
    result = run("test", "p.eap")
    assert result.exit_code == 1
    assert result.stdout.startswith(FAILURE)
    assert "low: pending  (`for` has 10 s of 10 s left)" in result.stdout
    assert "battery < 20%   [battery is 19%]" in result.stdout
    assert (
        "error[property]: `spared` does not hold at 15 s of test `dips`\n   --> p.eap:11:5\n" in result.stdout
    )
    assert "the policy wants `tiny`" in result.stdout
    assert "does not hold\n" in result.stdout
    assert result.stdout.endswith("p.eap: 1 of 2 tests fails, 1 of 2 properties is broken\n")


def test_only_the_first_failure_of_a_test_is_explained_and_the_others_are_named(run, write) -> None:
    write(GOOD.replace("expect medium", "expect full"))
    result = run("test", "p.eap")
    assert result.stdout.count("error[test]") == 2
    assert "what is expected at 5 s fails too" in result.stdout


def test_a_property_that_no_test_puts_to_the_test_is_noted(run, write) -> None:
    write(GOOD.replace("battery < 10%", "temperature > 60 °C"))
    result = run("test", "p.eap")
    assert result.exit_code == 0
    assert result.stderr.startswith("note: p.eap: property `spared` is not put to the test: in no test does ")


def test_a_property_of_a_policy_without_tests_is_noted_in_words_that_fit_every_property(run, write) -> None:
    write("edition 1 policy p { otherwise use tiny property calm { at most 2 swaps per 1 min } }")
    result = run("test", "p.eap")
    assert result.exit_code == 0
    assert result.stderr == "note: p.eap: property `calm` is not put to the test: there are no tests\n"


def test_what_is_wrong_is_counted_after_one_empty_line(run, write) -> None:
    write("")
    result = run("test", "p.eap")
    assert (result.exit_code, result.stdout.splitlines()[-2:]) == (1, ["", "1 error in 1 file"])
    assert "\n\n\n" not in result.stdout


def test_several_files_are_summed_up_and_hide_nothing_of_each_other(run, write) -> None:
    write(GOOD, "good.eap")
    write(BAD, "bad.eap")
    write(
        "edition 1 policy p { family digits rule r { when batery < 5% use tiny } otherwise use tiny }",
        "wrong.eap",
    )
    write("edition 1 policy p { otherwise use tiny }", "without.eap")
    result = run("test", ".", "gone.eap")
    assert result.exit_code == 2
    assert "error[EAP101]" in result.stdout
    assert "./good.eap: 2 tests pass, 2 properties hold\n" in result.stdout
    assert "./without.eap: no tests\n" in result.stdout
    assert "gone.eap: cannot read it" in result.stderr
    assert result.stdout.endswith(
        "1 error in 1 file of 4; 1 of 4 tests fails, 1 of 4 properties is broken in 3 files; "
        "1 could not be read, tested or written\n"
    )


def test_a_family_by_another_name_will_do_if_it_has_the_variants(run, write, tmp_path) -> None:
    (tmp_path / "mine.yaml").write_text(family("mine", "tiny", "medium", "full"))
    write(GOOD)
    assert run("test", "p.eap", "--family", "mine.yaml").exit_code == 0
    write(GOOD.replace("use tiny", "use small"))
    result = run("test", "p.eap", "--family", "mine.yaml")
    assert result.exit_code == 1
    assert "family `mine` has no variant `small`" in result.stdout


def test_a_policy_is_tested_with_the_family_that_it_names(run, write) -> None:
    write(GOOD.replace("family digits", "family other"))
    result = run("test", "p.eap")
    says = "p.eap: family `other` is neither beside the policy nor in families/ or ../families; give --family FILE"
    assert (result.exit_code, result.stderr) == (2, f"error: {says}\n")


def test_a_policy_that_names_none_is_tested_with_the_only_one_near_that_has_its_variants(
    run, write, tmp_path
) -> None:
    (tmp_path / "small.yaml").write_text(family("small", "tiny"))
    (tmp_path / "compose.yaml").write_text("services: {}\n")
    write(GOOD.replace("family digits", ""))
    result = run("test", "p.eap")
    assert (result.exit_code, result.stdout) == (0, "p.eap: 2 tests pass, 2 properties hold\n")
    assert result.stderr == "note: p.eap names no family; tested with digits.yaml, which has its variants\n"


def test_where_several_families_would_do_the_user_says_which(run, write, tmp_path) -> None:
    (tmp_path / "mine.yaml").write_text(family("mine", "tiny", "medium", "full"))
    write(GOOD.replace("family digits", ""))
    result = run("test", "p.eap")
    says = (
        "p.eap: no family is given; "
        "add --family FILE (digits.yaml or mine.yaml would do), or write `family NAME` in the policy"
    )
    assert (result.exit_code, result.stderr) == (2, f"error: {says}\n")


def test_where_no_family_would_do_the_user_hears_it(run, write) -> None:
    write(GOOD.replace("family digits", "").replace("tiny", "huge"))
    result = run("test", "p.eap")
    says = (
        "p.eap: no family is given, and none beside it or in families/ or ../families has its variants; "
        "add --family FILE, or write `family NAME` in the policy"
    )
    assert (result.exit_code, result.stderr) == (2, f"error: {says}\n")


def test_a_broken_family_is_told_once(run, write, tmp_path) -> None:
    (tmp_path / "broken.yaml").write_text("schema_version: 1\nname: broken\nvariants: 3\n")
    write(GOOD.replace("digits", "broken"), "a.eap")
    write(GOOD.replace("digits", "broken"), "b.eap")
    result = run("test", ".")
    assert result.exit_code == 2
    assert result.stderr.count("broken.yaml:3") == 1
    assert run("test", "a.eap", "--family", "broken.yaml").exit_code == 2


def test_stdin_is_a_policy_too(run, write) -> None:
    assert run("test", "-", stdin=GOOD.encode()).stdout == "<stdin>: 2 tests pass, 2 properties hold\n"


def test_coverage_is_a_table_with_what_is_missing(run, write) -> None:
    write(GOOD)
    result = run("test", "p.eap", "--coverage")
    assert result.exit_code == 0
    assert result.stdout.split("\n")[2:] == [
        "Coverage of p.eap:",
        "  rule       conditions  turns   missing",
        "  low        2 of 2      1 of 3  never left; never pending and then cancelled",
        "  otherwise  -           1 of 1  -",
        "  total: 4 of 6, 66.6 %",
        "",
    ]


@pytest.mark.parametrize(("least", "code"), [("66", 0), ("66.6", 0), ("66.7", 1), ("100", 1)])
def test_too_little_coverage_fails(run, write, least, code) -> None:
    write(GOOD)
    result = run("test", "p.eap", "--fail-under", least)
    assert result.exit_code == code
    assert "Coverage of p.eap" in result.stdout
    says = f"error: p.eap: the tests reach 66.6 % of it, less than {least} %\n"
    assert result.stderr == (says if code else "")


def test_a_percentage_is_between_0_and_100(run, write) -> None:
    write(GOOD)
    assert run("test", "p.eap", "--fail-under", "101").exit_code == 2


def test_junit_is_what_build_servers_read(run, write, tmp_path) -> None:
    write(
        BAD.replace("battery < 20%", "battery < 20% and cpu < 50%").replace("family", "# <&> \x1b\n  family")
    )
    write(GOOD.replace("battery < 10%", "throttled"), "q.eap")
    write("edition 1 policy p { otherwise use lowst latency }", "wrong.eap")
    assert run("test", ".", "--junit", "report.xml").exit_code == 1
    root = ET.fromstring((tmp_path / "report.xml").read_bytes())
    assert root.tag == "testsuites"
    assert _counts(root) == {"tests": 9, "failures": 2, "errors": 1, "skipped": 1}
    for suite in root:
        assert suite.tag == "testsuite"
        assert set(suite.attrib) == {"name", "tests", "failures", "errors", "skipped", "time"}
        assert _counts(suite) == {
            "tests": len(suite),
            **{
                kind + ("" if kind == "skipped" else "s"): len(suite.findall(f"testcase/{kind}"))
                for kind in ("failure", "error", "skipped")
            },
        }
        for case in suite:
            assert case.tag == "testcase"
            assert set(case.attrib) == {"classname", "name"}
            assert [child.tag for child in case] in ([], ["failure"], ["error"], ["skipped"])
    (failure, breach) = root.findall("testsuite/testcase/failure")
    assert failure.attrib["message"] == "`dips` expects `tiny` at 5 s, not `medium`"
    assert "expect tiny" in (failure.text or "")
    assert "`spared` does not hold" in breach.attrib["message"]


def _counts(element: ET.Element) -> dict[str, int]:
    return {name: int(element.attrib[name]) for name in ("tests", "failures", "errors", "skipped")}


def test_a_report_that_can_not_be_written_is_told_of(run, write) -> None:
    write(GOOD)
    result = run("test", "p.eap", "--junit", "gone/report.xml")
    assert result.exit_code == 2
    assert result.stderr == "error: cannot write `gone/report.xml`: no such file or directory\n"
    assert "2 tests pass" in result.stdout


def test_json_is_one_document_with_places_steps_and_coverage(run, write) -> None:
    write(BAD)
    result = run("test", "p.eap", "--json", "--coverage")
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert (document["files"], document["unreadable"], document["diagnostics"]) == (1, [], [])
    (policy,) = document["policies"]
    dips, at_first = policy["tests"]
    assert (dips["passed"], at_first["passed"], dips["steps"]) == (False, True, 3)
    (failure,) = dips["failures"]
    wanted = {
        "line": 10,
        "column": 36,
        "expected": "tiny",
        "active": "medium",
        "rule": "otherwise",
        "timestamp": 5.0,
    }
    assert wanted.items() <= failure.items()
    assert failure["explanation"]["rules"][0]["phase"] == "pending"
    spared, calm = policy["properties"]
    assert (spared["holds"], calm["holds"]) == (False, True)
    assert spared["breaches"][0]["test"] == "dips"
    assert policy["coverage"]["rules"][0]["missing"] == ["never left", "never pending and then cancelled"]


def test_the_shipped_policies_pass_their_own_tests(run) -> None:
    result = run("test", str(shipped("policies")), "--family", str(shipped("families/digits.yaml")))
    assert result.exit_code == 0
