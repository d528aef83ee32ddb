"""The full rendering underlines the very characters it speaks of."""

from edgeadapt.diagnostics import Diagnostic, Severity, Source, Span, render_full


def test_the_excerpt_is_underlined_under_its_span() -> None:
    source = Source("a.eap", "one\ntwo three\n")
    text = render_full(
        Diagnostic("EAP001", Severity.ERROR, "no `three`", source, Span(8, 13), "here", "drop it")
    )
    assert text.splitlines() == [
        "error[EAP001]: no `three`",
        "  --> a.eap:2:5",
        "   |",
        " 2 | two three",
        "   |     ^^^^^ here",
        "   |",
        "   = help: drop it",
    ]


def test_control_characters_are_not_printed() -> None:
    source = Source("a.eap", "x \x1b[31m y")
    assert "\x1b" not in render_full(Diagnostic("EAP001", Severity.ERROR, "m", source, Span(2, 3)))
