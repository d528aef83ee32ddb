"""A file that is something else than a policy's text is called what it is, in place of a list of its slips."""

from __future__ import annotations

import pytest

from edgeadapt.errors import PolicyFileError
from edgeadapt.language.policy_file import decode_policy
from edgeadapt.shipped import shipped


def told(data: bytes, name: str = "p.eap") -> str:
    with pytest.raises(PolicyFileError) as caught:
        decode_policy(data, name)
    return str(caught.value)


def test_a_familys_file_is_told_from_a_policy() -> None:
    data = shipped("families/digits.yaml").read_bytes()
    assert told(data) == (
        "p.eap: this is a family's file, not a policy; give the policy's `.eap` file, and this by --family"
    )


def test_a_trace_is_told_from_a_policy() -> None:
    data = shipped("policies/traces/day.csv").read_bytes()
    assert told(data, "day.CSV") == (
        "day.CSV: this is a trace, not a policy; give the policy's `.eap` file, and this by --trace"
    )


def test_a_compiled_policy_has_no_text() -> None:
    data = shipped("policies/balanced.eapc").read_bytes()
    assert told(data) == (
        "p.eap: this is a compiled policy, and its text is needed; give the `.eap` file that it was made of"
    )


def test_a_model_is_no_text() -> None:
    data = shipped("families/digits/tiny.onnx").read_bytes()
    assert told(data) == "p.eap: this is not a text; give the path of an `.eap` file"


def test_a_text_in_another_encoding_is_told_its_line() -> None:
    assert told("edition 1\n# 75 °C".encode("latin-1")) == (
        "p.eap: the text is not UTF-8, first on line 2; save the file as UTF-8"
    )
