"""The JSON document has stable keys: this test is what keeps them."""

import json

from edgeadapt.diagnostics import Diagnostic, Edit, Fix, Related, Severity, Source, Span
from edgeadapt.diagnostics.render_json import render_json

SOURCE = Source("a.eap", "one\ntwo three\n")


def test_the_document_says_what_was_read_what_was_not_and_what_was_fixed() -> None:
    document = json.loads(render_json([], files=3, unreadable=["b.eap: gone"], fixed=2))
    assert document == {"files": 3, "unreadable": ["b.eap: gone"], "fixed": 2, "diagnostics": []}


def test_a_problem_has_all_its_parts_with_their_places() -> None:
    problem = Diagnostic(
        "EAP101",
        Severity.ERROR,
        "it is so",
        SOURCE,
        Span(8, 13),
        "here",
        "drop it",
        (Related(Span(0, 3), "the cause"),),
        Fix("write `3`", (Edit(Span(8, 13), "3"),), safe=False),
    )
    place = {"line": 2, "column": 5, "end_line": 2, "end_column": 10}
    assert json.loads(render_json([problem], files=1))["diagnostics"] == [
        {
            "code": "EAP101",
            "severity": "error",
            "message": "it is so",
            "file": "a.eap",
            **place,
            "label": "here",
            "help": "drop it",
            "related": [{"line": 1, "column": 1, "end_line": 1, "end_column": 4, "label": "the cause"}],
            "fix": {"title": "write `3`", "safe": False, "edits": [{**place, "text": "3"}]},
        }
    ]


def test_what_a_problem_lacks_has_its_key_too() -> None:
    (data,) = json.loads(
        render_json([Diagnostic("EAP001", Severity.NOTE, "m", SOURCE, Span(0, 1))], files=1)
    )["diagnostics"]
    assert (data["label"], data["help"], data["related"], data["fix"]) == ("", "", [], None)
