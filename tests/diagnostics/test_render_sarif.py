"""SARIF logs hold to the standard, and lead every viewer to the very characters."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from edgeadapt.diagnostics import Diagnostic, Edit, Fix, Related, Severity, Source, Span
from edgeadapt.diagnostics.render_sarif import SarifRule, render_sarif
from tests.diagnostics.sarif_shape import shape_violations, violations

SOURCE = Source("policies/a.eap", "one\ntwo three\n")
FULL = Diagnostic(
    "EAP404",
    Severity.WARNING,
    "it is so",
    SOURCE,
    Span(8, 13),
    "here",
    "drop it",
    (Related(Span(0, 3), "the cause"),),
    Fix("write `3`", (Edit(Span(8, 13), "3"),)),
)
BARE = Diagnostic("EAP001", Severity.ERROR, "m", SOURCE, Span(0, 1))


def _rule(code: str) -> SarifRule:
    return SarifRule(code, "a-name" if code > "EAP4" else "", "A sentence.", f"# {code}\n", Severity.WARNING)


def _log(*problems: Diagnostic, unreadable: tuple[str, ...] = ()) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(render_sarif(problems, _rule, version="1.2.3", unreadable=unreadable))
    assert violations(log) == []
    return log


def _place(problem: Diagnostic) -> dict[str, Any]:
    place: dict[str, Any] = _log(problem)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    return place


def test_a_log_without_problems_is_one_run_without_results() -> None:
    (run,) = _log()["runs"]
    assert run["results"] == []
    assert run["tool"]["driver"] == {"name": "EdgeAdapt", "version": "1.2.3", "rules": []}
    assert run["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


def test_a_problem_has_rule_level_message_place_cause_and_fix() -> None:
    (result,) = _log(FULL)["runs"][0]["results"]
    region = {"startLine": 2, "startColumn": 5, "endLine": 2, "endColumn": 10}
    artifact = {"uri": "policies/a.eap"}
    assert result["ruleId"] == "EAP404"
    assert result["level"] == "warning"
    assert result["message"] == {"text": "it is so\nhere\nhelp: drop it"}
    assert result["locations"] == [{"physicalLocation": {"artifactLocation": artifact, "region": region}}]
    assert result["relatedLocations"][0]["message"] == {"text": "the cause"}
    assert result["fixes"][0]["artifactChanges"] == [
        {
            "artifactLocation": artifact,
            "replacements": [{"deletedRegion": region, "insertedContent": {"text": "3"}}],
        }
    ]


def test_each_code_that_was_found_is_a_rule_once_with_its_page() -> None:
    rules = _log(FULL, BARE, FULL)["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["EAP001", "EAP404"]
    assert "name" not in rules[0]
    assert rules[1]["name"] == "a-name"
    assert rules[1]["help"] == {"text": "# EAP404\n", "markdown": "# EAP404\n"}


def test_what_could_not_be_read_is_told_and_the_run_has_failed() -> None:
    (invocation,) = _log(BARE, unreadable=("b.eap: gone",))["runs"][0]["invocations"]
    assert invocation == {
        "executionSuccessful": False,
        "toolExecutionNotifications": [{"level": "error", "message": {"text": "b.eap: gone"}}],
    }


def test_columns_count_what_the_log_declares() -> None:
    log = _log(BARE)
    assert log["runs"][0]["columnKind"] == "utf16CodeUnits"
    source = Source("a.eap", 'x\n"\U0001f525°" y z\n')
    region = _place(Diagnostic("EAP001", Severity.ERROR, "m", source, Span(7, 8)))["region"]
    assert source.text[7:8] == "y"
    line = source.line_text(2).encode("utf-16-le")
    assert line[2 * region["startColumn"] - 2 : 2 * region["endColumn"] - 2].decode("utf-16-le") == "y"


@pytest.mark.parametrize("span", [Span(0, 0), Span(99, 120), Span(13, 14), Span(4, 2)])
def test_a_place_at_or_past_an_end_is_a_region_too(span: Span) -> None:
    region = _place(Diagnostic("EAP001", Severity.ERROR, "m", SOURCE, span))["region"]
    assert (region["startLine"], region["startColumn"]) <= (region["endLine"], region["endColumn"])


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("./a.eap", "a.eap"),
        ("b/../a.eap", "a.eap"),
        ("../a.eap", "../a.eap"),
        ("a b#1?%.eap", "a%20b%231%3F%25.eap"),
        ("c:d.eap", "c%3Ad.eap"),
        ("70 °C.eap", "70%20%C2%B0C.eap"),
        ("<stdin>", "%3Cstdin%3E"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="the names are not all possible there")
def test_a_path_is_a_relative_uri(name: str, uri: str) -> None:
    place = _place(Diagnostic("EAP001", Severity.ERROR, "m", Source(name, "x"), Span(0, 1)))
    assert place["artifactLocation"] == {"uri": uri}


def test_an_absolute_path_is_relative_within_the_present_folder_and_a_file_uri_outside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path / "in")
    inside = Diagnostic("EAP001", Severity.ERROR, "m", Source(str(tmp_path / "in/a.eap"), "x"), Span(0, 1))
    outside = Diagnostic("EAP001", Severity.ERROR, "m", Source(str(tmp_path / "a.eap"), "x"), Span(0, 1))
    assert _place(inside)["artifactLocation"]["uri"] == "a.eap"
    assert _place(outside)["artifactLocation"]["uri"] == (tmp_path / "a.eap").as_uri()


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda log: log.pop("version"), "log has no version"),
        (lambda log: log["runs"][0].pop("tool"), "log.runs[0] has no tool"),
        (lambda log: log["runs"][0]["results"][0].update(level="bad"), "level is none of"),
        (lambda log: log["runs"][0]["results"][0].update(code="x"), "has an unknown code"),
        (lambda log: log["runs"][0]["results"][0].pop("message"), "results[0] has no message"),
    ],
)
def test_the_check_of_the_standard_finds_what_breaks_it(spoil, says: str) -> None:
    log = json.loads(render_sarif([FULL], _rule, version="1"))
    spoil(log)
    found = shape_violations(log)
    assert any(says in line for line in found), found
