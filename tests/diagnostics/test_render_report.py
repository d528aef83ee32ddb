"""A report shows the first problems in full and counts the rest."""

from edgeadapt.diagnostics import Diagnostic, PolicyError, Severity, Source, Span, left_out, render_report

SOURCE = Source("a.eap", "text\n")


def _many(count: int) -> list[Diagnostic]:
    return [Diagnostic("EAP001", Severity.ERROR, f"number {i}", SOURCE, Span(0, 4)) for i in range(count)]


def test_few_problems_are_all_shown_with_an_empty_line_between() -> None:
    report = render_report(_many(3))
    assert report.count("error[EAP001]") == 3
    assert "\n\nerror[EAP001]: number 1\n" in report
    assert "more" not in report


def test_of_many_problems_the_first_fifty_are_shown_and_the_rest_counted() -> None:
    report = render_report(_many(53))
    assert report.count("error[EAP001]") == 50
    assert report.endswith("\n\nand 3 more problems")


def test_one_more_is_a_problem_and_none_is_not_mentioned() -> None:
    assert left_out(51) == "and 1 more problem"
    assert left_out(50) == ""
    assert render_report([]) == ""


def test_the_exception_keeps_all_and_shows_the_report() -> None:
    error = PolicyError(_many(60))
    assert len(error.diagnostics) == 60
    assert str(error).endswith("and 10 more problems")
