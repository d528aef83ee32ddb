"""GitHub's annotations escape what would end a property or a command, and keep to what GitHub takes."""

import os

import pytest

from edgeadapt.diagnostics import Diagnostic, Severity, Source, Span, render_github

TEXT = "one\ntwo three\n"
PLACE = Span(8, 13)


def _problem(name: str = "a.eap", span: Span = PLACE, message: str = "m", **more) -> Diagnostic:
    severity = more.pop("severity", Severity.ERROR)
    return Diagnostic("EAP101", severity, message, Source(name, TEXT), span, **more)


def test_a_problem_is_one_command_with_its_place_and_all_that_it_says() -> None:
    assert render_github(_problem(message="it is so", label="here", help="drop it")) == (
        "::error file=a.eap,line=2,col=5,endLine=2,endColumn=10,title=EAP101::it is so%0Ahere%0Ahelp: drop it"
    )


@pytest.mark.parametrize(
    ("severity", "command"),
    [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.NOTE, "notice")],
)
def test_each_severity_has_its_command(severity: Severity, command: str) -> None:
    assert render_github(_problem(severity=severity)).startswith(f"::{command} file=")


def test_a_place_of_several_lines_has_no_columns() -> None:
    assert render_github(_problem(span=Span(1, 7))) == "::error file=a.eap,line=1,endLine=2,title=EAP101::m"


def test_a_property_escapes_more_than_the_message_does() -> None:
    line = render_github(_problem(name="100%: a,b.eap", message="100%: a,b"))
    assert "file=100%25%3A a%2Cb.eap,line=2," in line
    assert line.endswith("::100%25: a,b")


def test_a_path_is_the_repositorys_own() -> None:
    name = os.path.join(".", "policies", "a.eap")
    assert "file=policies/a.eap," in render_github(_problem(name=name))


def test_no_text_can_start_a_command_of_its_own() -> None:
    line = render_github(_problem(name="a\n::error::x.eap", message="m\r\n::stop-commands::x"))
    assert "\n" not in line
    assert "\r" not in line
