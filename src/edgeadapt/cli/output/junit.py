"""What came of tests as JUnit's XML, the way build servers read it: a suite a policy, a case a test or property."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

import attrs

from edgeadapt.cli.output.trial_report import breach, failure
from edgeadapt.diagnostics import Diagnostic, render_full
from edgeadapt.replay import Suite


@attrs.frozen
class Entry:
    """A policy in the report: its file's name, its tests (None where it could not be run, with what is wrong), seconds."""

    name: str
    suite: Suite | None
    problems: Sequence[Diagnostic]
    seconds: float


def junit_xml(entries: Iterable[Entry]) -> bytes:
    """Return the document."""
    root = Element("testsuites", name="edgeadapt test")
    counts = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    seconds = 0.0
    for entry in entries:
        own = _suite(root, entry)
        counts = {name: count + own[name] for name, count in counts.items()}
        seconds += entry.seconds
    for name, count in counts.items():
        root.set(name, str(count))
    root.set("time", f"{seconds:.3f}")
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _suite(root: Element, entry: Entry) -> dict[str, int]:
    """Add a policy; return its counts."""
    element = SubElement(root, "testsuite", name=_legal(entry.name))
    if entry.suite is None:
        text = "\n".join(render_full(problem) for problem in entry.problems)
        first = entry.problems[0].message if entry.problems else "the policy can't be run"
        _add(_case(element, entry.name, "compiles"), "error", first, text)
    else:
        _cases(element, entry.suite)
    counts = {
        "tests": len(element),
        "failures": len(element.findall("testcase/failure")),
        "errors": len(element.findall("testcase/error")),
        "skipped": len(element.findall("testcase/skipped")),
    }
    for name, count in counts.items():
        element.set(name, str(count))
    element.set("time", f"{entry.seconds:.3f}")
    return counts


def _cases(element: Element, suite: Suite) -> None:
    for run in suite.runs:
        case = _case(element, suite.program.name, f"test {run.test.name}")
        if run.failures:
            _problem(case, failure(suite, run))
    for verdict in suite.verdicts:
        case = _case(element, suite.program.name, f"property {verdict.name}")
        if verdict.breaches:
            _problem(case, *(breach(suite, verdict, broken) for broken in verdict.breaches))
        elif not verdict.judged:
            SubElement(case, "skipped", message="in no test does its condition hold for long enough")


def _case(element: Element, group: str, name: str) -> Element:
    return SubElement(element, "testcase", classname=_legal(group), name=_legal(name))


def _problem(case: Element, *problems: Diagnostic) -> None:
    _add(case, "failure", problems[0].message, "\n".join(render_full(problem) for problem in problems))


def _add(case: Element, kind: str, message: str, text: str) -> None:
    SubElement(case, kind, message=_legal(message), type="edgeadapt").text = _legal(text)


def _legal(text: str) -> str:
    """Replace what XML has no way to write, not even escaped."""
    return "".join(
        char
        if char in "\t\n" or " " <= char <= "\ud7ff" or "\ue000" <= char <= "\ufffd" or char > "\uffff"
        else "\N{REPLACEMENT CHARACTER}"
        for char in text
    )
