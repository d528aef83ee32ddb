"""What is said over the socket: one line of JSON asks, one line answers, and then the connection ends.

A request: `{"version": 1, "order": "pin", "variant": "small", "for_s": 7200, "why": "heat test"}`. An answer:
`{"version": 1, "result": {…}}`, or `{"version": 1, "problem": "refused", "message": "…"}`. Within a version, fields are
added to results and never renamed, removed or given another meaning. Nothing here knows an engine or a socket.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from edgeadapt.values import frozen
from edgeadapt.wording import did_you_mean, shown

VERSION = 1
# Some fifty times what any order takes.
LARGEST_REQUEST = 16 << 10
LONGEST_REASON = 500

NOT_UNDERSTOOD = "not understood"  # the request is none
REFUSED = "refused"  # the engine says no, and nothing has changed
FAILED = "failed"  # what was ordered did not come to its end
BUSY = "busy"  # too many orders at once

# Order → the fields that it must have, and those that it may have.
ORDERS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "status": ((), ()),
    "pin": (("variant",), ("for_s", "why")),
    "unpin": ((), ("why",)),
    "freeze": ((), ("why",)),
    "rollback": ((), ("why",)),
    "preload": (("variant",), ("why",)),
    "reload": ((), ("why",)),
}


@frozen
class Request:
    """An order and what goes with it: `for_s` is in seconds, `why` the operator's own words."""

    order: str
    variant: str = ""
    for_s: float | None = None
    why: str = ""


@frozen
class Answer:
    """What came of a request: a `result`; or a `problem`, one of the four words above, and a `message` of one line."""

    result: Mapping[str, Any]
    problem: str = ""
    message: str = ""


class NotUnderstood(ValueError):  # noqa: N818 - it says what happened, as NotServing does
    """A line is no request, or no answer; the message says why."""


def request_line(request: Request) -> bytes:
    """Return a request as the line that asks it."""
    fields = {"variant": request.variant or None, "for_s": request.for_s, "why": request.why or None}
    given = {name: value for name, value in fields.items() if value is not None}
    return _line({"order": request.order, **given})


def answer_line(answer: Answer) -> bytes:
    """Return an answer as the line that tells it; what JSON can't hold in a result is told as text."""
    if answer.problem:
        return _line({"problem": answer.problem, "message": answer.message})
    return _line({"result": answer.result})


def parse_request(line: bytes) -> Request:
    """Read a line, its end included or not; raises NotUnderstood, whatever the bytes are."""
    if len(line) > LARGEST_REQUEST:
        raise NotUnderstood(f"a request has at most {LARGEST_REQUEST} bytes")
    data = _object(line, "a request")
    order = data.pop("order", None)
    if not isinstance(order, str) or order not in ORDERS:
        hint = did_you_mean(order if isinstance(order, str) else "", ORDERS, "there are")
        raise NotUnderstood(f"{_named(order)} is not an order; {hint}")
    needed, allowed = ORDERS[order]
    for name in data:
        if name not in needed and name not in allowed:
            hint = did_you_mean(name, (*needed, *allowed), "it has")
            raise NotUnderstood(f"`{order}` has no field {shown(name)}; {hint}")
    for name in needed:
        if name not in data:
            raise NotUnderstood(f"`{order}` needs the field `{name}`")
    return Request(
        order,
        _text(data, "variant", LARGEST_REQUEST),
        _seconds(data),
        _text(data, "why", LONGEST_REASON),
    )


def parse_answer(line: bytes) -> Answer:
    """Read the line that answers; raises NotUnderstood."""
    data = _object(line, "an answer")
    result, problem, message = data.get("result"), data.get("problem"), data.get("message")
    if isinstance(result, dict) and problem is None:
        return Answer(result)
    if isinstance(problem, str) and isinstance(message, str):
        return Answer({}, problem, message)
    raise NotUnderstood("an answer has a result, or a problem and a message")


def _line(data: Mapping[str, Any]) -> bytes:
    return json.dumps({"version": VERSION, **data}, default=str).encode("ascii") + b"\n"


def _object(line: bytes, what: str) -> dict[str, Any]:
    try:
        data = json.loads(line.decode("utf-8"))
    # ValueError: no UTF-8, no JSON, or a number of thousands of digits; RecursionError: thousands of brackets.
    except (ValueError, RecursionError):
        raise NotUnderstood(f"{what} is one line of JSON") from None
    if not isinstance(data, dict):
        raise NotUnderstood(f"{what} is a JSON object")
    version = data.pop("version", None)
    # True is no version, though it equals 1.
    if version != VERSION or isinstance(version, bool):
        raise NotUnderstood(f"the protocol's version here is {VERSION}, and {what} says {_named(version)}")
    return data


def _named(value: object) -> str:
    """Quote a value for a message; what is nested may be too deep to be written."""
    if value is None:
        return "nothing"
    return shown(value) if isinstance(value, (str, int, float)) else "something else"


def _text(data: Mapping[str, Any], name: str, longest: int) -> str:
    text = data.get(name, "")
    if not isinstance(text, str) or not text.isprintable() or len(text) > longest:
        raise NotUnderstood(f"`{name}` is one printable line of at most {longest} characters")
    return text


def _seconds(data: Mapping[str, Any]) -> float | None:
    if "for_s" not in data:
        return None
    value = data["for_s"]
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    try:
        seconds = float(value) if is_number else math.nan
    except OverflowError:  # an integer beyond every float
        seconds = math.inf
    if not (math.isfinite(seconds) and seconds > 0):
        raise NotUnderstood("`for_s` is a positive number of seconds")
    return seconds
