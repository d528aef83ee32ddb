"""The concise rendering is one line that editors can jump to."""

from edgeadapt.diagnostics import Diagnostic, Severity, Source, Span, render_concise


def test_a_problem_is_one_line_with_place_severity_code_and_message() -> None:
    source = Source("a.eap", "one\ntwo\n")
    problem = Diagnostic("EAP404", Severity.WARNING, "it is so", source, Span(5, 7), "label", "help")
    assert render_concise(problem) == "a.eap:2:2: warning[EAP404] it is so"


def test_nothing_in_the_path_or_the_message_breaks_the_line() -> None:
    problem = Diagnostic("EAP001", Severity.ERROR, "a\x1b[2J\nb", Source("a\n.eap", "x"), Span(0, 1))
    assert render_concise(problem) == "a\ufffd.eap:1:1: error[EAP001] a\ufffd[2J\ufffdb"
