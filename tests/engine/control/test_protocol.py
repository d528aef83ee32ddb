"""Whatever bytes come, a line is a request or is refused in one line; and what one end writes the other end reads."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeadapt.engine.control.protocol import (
    LARGEST_REQUEST,
    LONGEST_REASON,
    NOT_UNDERSTOOD,
    ORDERS,
    VERSION,
    Answer,
    NotUnderstood,
    Request,
    answer_line,
    parse_answer,
    parse_request,
    request_line,
)

_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
_field = st.sampled_from(["version", "order", "variant", "for_s", "why", "whi"])
_value = _json | st.just(VERSION) | st.sampled_from(list(ORDERS)) | st.floats(0.001, 1e9)
_near = st.dictionaries(_field, _value).map(lambda fields: {"version": VERSION, "order": "pin", **fields})


def read(line: bytes) -> Request | None:
    """Read a line, and see that what refuses it is one printable line."""
    try:
        return parse_request(line)
    except NotUnderstood as error:
        text = str(error)
        assert text.isprintable(), text
        assert 0 < len(text) < 400, text
        return None


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(line: bytes) -> None:
    read(line)


@given(_near | _json)
def test_any_json_is_read_or_refused_and_what_is_read_is_as_declared(data: Any) -> None:
    request = read(json.dumps(data).encode())
    if request is not None:
        needed, allowed = ORDERS[request.order]
        assert set(data) <= {"version", "order", *needed, *allowed}
        assert request.why.isprintable()
        assert request.for_s is None or request.for_s > 0


@given(st.builds(Request, st.sampled_from(list(ORDERS))))
def test_a_request_is_read_as_it_was_written(request: Request) -> None:
    if "variant" in ORDERS[request.order][0]:
        request = Request(
            request.order, "small", 7200.0 if request.order == "pin" else None, "hot test: 70 °C"
        )
    assert parse_request(request_line(request)) == request


@given(st.dictionaries(st.text(), _json))
def test_an_answer_is_one_line_and_is_read_as_it_was_written(result: dict[str, Any]) -> None:
    line = answer_line(Answer(result))
    assert line.count(b"\n") == 1
    assert json.dumps(parse_answer(line).result) == json.dumps(result)


@given(st.binary(max_size=300) | _json.map(lambda data: json.dumps(data).encode()))
def test_any_bytes_are_an_answer_or_are_refused(line: bytes) -> None:
    with suppress(NotUnderstood):
        assert isinstance(parse_answer(line), Answer)


def test_a_problem_is_read_as_it_was_written() -> None:
    answer = Answer({}, NOT_UNDERSTOOD, "a request is one line of JSON")
    assert parse_answer(answer_line(answer)) == answer


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"", "a request is one line of JSON"),
        (b"status\n", "a request is one line of JSON"),
        (b"\xff\xfe\n", "a request is one line of JSON"),
        (b"[" * 16_000, "a request is one line of JSON"),
        (b'{"version": 1, "order": "status"}\n{"version": 1}\n', "a request is one line of JSON"),
        (b"x" * (LARGEST_REQUEST + 1), "a request has at most 16384 bytes"),
        (b'["status"]', "a request is a JSON object"),
        (b'{"order": "status"}', "the protocol's version here is 1, and a request says nothing"),
        (b'{"version": 2, "order": "status"}', "the protocol's version here is 1, and a request says `2`"),
        (
            b'{"version": true, "order": "status"}',
            "the protocol's version here is 1, and a request says `True`",
        ),
        (
            b'{"version": [[]], "order": "status"}',
            "the protocol's version here is 1, and a request says something else",
        ),
        (b'{"version": 1, "order": "freese"}', "`freese` is not an order; did you mean `freeze`?"),
        (b'{"version": 1, "order": "pin"}', "`pin` needs the field `variant`"),
        (b'{"version": 1, "order": "unpin", "wy": ""}', "`unpin` has no field `wy`; did you mean `why`?"),
        (
            b'{"version": 1, "order": "pin", "variant": 7}',
            "`variant` is one printable line of at most 16384 characters",
        ),
        (
            b'{"version": 1, "order": "unpin", "why": "a\\nb"}',
            "`why` is one printable line of at most 500 characters",
        ),
        (
            b'{"version": 1, "order": "pin", "variant": "a", "for_s": NaN}',
            "`for_s` is a positive number of seconds",
        ),
        (
            b'{"version": 1, "order": "pin", "variant": "a", "for_s": true}',
            "`for_s` is a positive number of seconds",
        ),
        (
            b'{"version": 1, "order": "pin", "variant": "a", "for_s": 1e999}',
            "`for_s` is a positive number of seconds",
        ),
        (
            b'{"version": 1, "order": "pin", "variant": "a", "for_s": 1' + b"0" * 400 + b"}",
            "`for_s` is a positive number of seconds",
        ),
    ],
)
def test_what_is_no_request_is_told_in_a_line(line: bytes, says: str) -> None:
    with pytest.raises(NotUnderstood) as caught:
        parse_request(line)
    assert str(caught.value) == says


def test_a_reason_may_be_as_long_as_it_says() -> None:
    assert parse_request(request_line(Request("unpin", why="x" * LONGEST_REASON))).why == "x" * LONGEST_REASON
    with pytest.raises(NotUnderstood, match="at most 500"):
        parse_request(request_line(Request("unpin", why="x" * (LONGEST_REASON + 1))))
