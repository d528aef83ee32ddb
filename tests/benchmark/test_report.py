"""Reports as JSON: their schema, and how they are read back."""

from __future__ import annotations

import copy
import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import edgeadapt.benchmark
from edgeadapt.benchmark.report import BenchmarkReport, report_schema
from edgeadapt.errors import ReportError
from tests.benchmark.reports import report, variant

SCHEMA = Path(edgeadapt.benchmark.__file__).parent / "report.schema.json"


def test_the_shipped_schema_is_that_of_the_code() -> None:
    text = json.dumps(report_schema(), indent=2, ensure_ascii=False) + "\n"
    if os.environ.get("EDGEADAPT_UPDATE_CORPUS"):
        SCHEMA.write_text(text, encoding="utf-8")
    assert SCHEMA.read_text(encoding="utf-8") == text
    jsonschema.Draft202012Validator.check_schema(json.loads(text))


def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


MADE = report(variant("small"), variant("full", reason="the file is cut off"))


def test_a_report_fits_the_schema_and_is_read_back_as_it_was() -> None:
    text = MADE.to_json()
    validator().validate(json.loads(text))
    assert BenchmarkReport.from_json(text) == MADE
    assert MADE.failed == ("full",)


def test_what_a_later_version_2_adds_is_passed_over() -> None:
    data = MADE.as_data()
    data["more"] = data["machine"]["more"] = {"a": 1}
    validator().validate(data)
    assert BenchmarkReport.from_json(json.dumps(data)) == MADE


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "it is not JSON, or only a part of it"),
        (MADE.to_json()[:-20], "it is not JSON, or only a part of it"),
        ("[" * 100_000, "it is not JSON, or only a part of it"),
        ("[]", "it is no benchmark report"),
        ('{"kind": "summary"}', "it is no benchmark report"),
        ('{"format": "edgeadapt-benchmark"}', "its version is `none`, and this EdgeAdapt reads 2"),
        ('{"format": "edgeadapt-benchmark", "version": 1}', "its version is `1`, and this EdgeAdapt reads 2"),
        ('{"format": "edgeadapt-benchmark", "version": 3}', "its version is `3`, and this EdgeAdapt reads 2"),
        ('{"format": "edgeadapt-benchmark", "version": 2}', "it is broken: `started_at` is missing"),
    ],
)
def test_what_is_no_report_of_this_version_is_refused_with_what_it_is(text: str, problem: str) -> None:
    with pytest.raises(ReportError) as caught:
        BenchmarkReport.from_json(text, "old.json")
    assert caught.value.problem == problem
    assert str(caught.value).startswith(f"old.json: {problem}; ")


def test_a_broken_value_is_told_with_its_place() -> None:
    data = MADE.as_data()
    data["variants"][0]["measured"]["latency_ms"]["p50_by_process"][3] = "fast"
    with pytest.raises(
        ReportError,
        match=r"`variants\[0\]\.measured\.latency_ms\.p50_by_process\[3\]` is a finite number, not `fast`",
    ):
        BenchmarkReport.from_json(json.dumps(data))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1" + "0" * 400])
def test_what_is_no_number_is_refused(number: str) -> None:
    text = MADE.to_json().replace('"load_before": 0.1', f'"load_before": {number}')
    with pytest.raises(ReportError, match=r"`machine\.load_before` is a finite number"):
        BenchmarkReport.from_json(text)


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of everything in a report."""
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(place for key, item in inside for place in places(item, (*path, key)))]


# A whole number with a decimal point is one for the schema, and none in a report that we wrote.
odd = (
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.text(max_size=3)
    | st.just([])
    | st.just({})
    | st.just(0.5)
)


@given(place=st.sampled_from(places(MADE.as_data())[1:]), value=odd, gone=st.booleans())
@settings(max_examples=300, deadline=None)
def test_what_the_schema_refuses_is_refused_and_nothing_else(
    place: tuple[Any, ...], value: Any, gone: bool
) -> None:
    data = copy.deepcopy(MADE.as_data())
    inside = data
    for key in place[:-1]:
        inside = inside[key]
    if gone and isinstance(inside, dict):
        del inside[place[-1]]
    else:
        inside[place[-1]] = value
    try:
        BenchmarkReport.from_json(json.dumps(data))
        reads = True
    except ReportError:
        reads = False
    assert reads == validator().is_valid(data)


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="cannot read it: no such file or directory; check the path"):
        BenchmarkReport.from_file(tmp_path / "none.json")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ReportError, match="cannot read it"):
        BenchmarkReport.from_file(tmp_path / "pipe")
