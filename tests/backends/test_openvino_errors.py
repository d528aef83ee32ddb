"""OpenVINO's errors are told in one line, without the places in its source."""

from __future__ import annotations

from edgeadapt.backends.openvino_errors import openvino_words

TEXT = """Exception from src/inference/src/cpp/core.cpp:84:
Check 'false' failed at src/frontends/common_translators/src/unconverted_ops_report.cpp:151:
Model wasn't fully converted.
Summary:
-- No conversion rule found for operations: NoSuchOp-17

"""


def test_places_in_its_source_are_left_out() -> None:
    expected = (
        "Model wasn't fully converted. Summary: -- No conversion rule found for operations: NoSuchOp-17"
    )
    assert openvino_words(RuntimeError(TEXT)) == expected


def test_an_error_that_says_nothing_else_is_told_whole_or_by_its_type() -> None:
    assert openvino_words(RuntimeError("Exception from a.cpp:1:\n")) == "Exception from a.cpp:1:"
    assert openvino_words(RuntimeError()) == "RuntimeError"
