"""Reports and comparisons as tables."""

from __future__ import annotations

import pytest

from edgeadapt.benchmark.comparison import compare
from edgeadapt.cli.output.benchmark_report import comparison_data, comparison_lines, report_lines
from tests.benchmark.reports import measured, report, variant


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def test_a_report_is_two_tables_then_failures_and_notes() -> None:
    made = report(
        variant("small", measured(0.00541, 1.26), notes=("p99 is left out",)),
        variant("full", measured(18.34, 69.0, waited=0.25)),
        variant("broken\x1b", reason="the file is cut off"),
    )
    assert list(report_lines(made)) == [
        "Family:  digits, commit 121212121212",
        "Machine: Fast 9000, 4 cores, 8000 MB, Linux 6.1 x86_64",
        "With:    edgeadapt 1.0, python 3.11, numpy 2.0, onnxruntime 1.20",
        "",
        "variant   p50 ms      p95      p99     mean  declared",
        "small    0.00541  0.00595  0.00812  0.00541         -",
        "full        18.3     20.2     27.5     18.3         -",
        "",
        "variant  memory MB  declared  peak  load ms",
        "small          1.3      12.0   1.3        5",
        "full          69.0      12.0  69.0        5",
        "",
        "Each: 500 timed runs in 10 processes after 80 more, on zeros. Memory is what the",
        "variant adds to a runtime in use, which takes 20.0 MB once.",
        "",
        "broken\N{REPLACEMENT CHARACTER}: failed while loading: the file is cut off",
        "",
        "note: other work had the processors: p95 and p99 are slow by waiting (full 25%",
        "      of the time)",
        "note: small: p99 is left out",
    ]


def test_a_comparison_tells_what_changed_and_counts_the_rest() -> None:
    old = report(
        variant("small", measured(2.0)), variant("full", measured(20.0)), variant("new", reason="none")
    )
    new = report(variant("small", measured(2.5)), variant("full", measured(15.0)), variant("new"))
    found = compare(old, new)
    assert list(comparison_lines(found)) == [
        "variant  figure  before     now  change",
        "small    p50       2 ms  2.5 ms    +25%  worse",
        "small    p95       2 ms  2.5 ms    +25%  worse",
        "full     p50      20 ms   15 ms    -25%  better",
        "full     p95      20 ms   15 ms    -25%  better",
        "new      all                             better",
        "",
        "new, all: it failed before: none",
        "Beyond noise: 2 worse, 3 better, 6 the same",
    ]
    data = comparison_data(found)
    assert data["notes"] == []
    assert data["changes"][0] | {"by": 0.25, "before": 2.0, "now": 2.5} == {
        "variant": "small",
        "figure": "p50",
        "unit": "ms",
        "before": 2.0,
        "now": 2.5,
        "by": 0.25,
        "verdict": "worse",
        "why": "",
    }
