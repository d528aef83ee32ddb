"""What came of an order, in a sentence."""

from __future__ import annotations

from typing import Any

import pytest

from edgeadapt.cli.ctl.answers import lines
from edgeadapt.engine.control.protocol import Request

STATUS = {"status": {"active_variant": "medium"}}


@pytest.mark.parametrize(
    ("request_", "result", "text"),
    [
        (Request("pin", "small"), ("serves", ""), "small is pinned, and serves"),
        (Request("pin", "small", 7200.0), ("serves", ""), "small is pinned for 2 h, and serves"),
        (
            Request("pin", "small"),
            ("loading", ""),
            "small is pinned, and still being loaded; medium serves until then",
        ),
        (
            Request("pin", "small", 90.0),
            ("failed", "the file is cut off"),
            "small is pinned for 1 min 30 s, but could not be loaded: the file is cut off; medium serves",
        ),
        (Request("freeze"), ("serves", ""), "small is pinned, and serves"),
        (Request("rollback"), ("serves", ""), "small serves again"),
        (Request("rollback"), ("loading", ""), "small is still being loaded again; medium serves until then"),
        (
            Request("rollback"),
            ("failed", "no file"),
            "small could not be loaded again: no file; medium serves",
        ),
        (Request("preload", "small"), ("ready", ""), "small is ready"),
        (Request("preload", "small"), ("loading", ""), "small is still being loaded"),
        (Request("preload", "small"), ("failed", "no file"), "small could not be made ready: no file"),
    ],
)
def test_an_outcome_is_a_sentence(
    request_: Request, result: tuple[str, str], text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    outcome, detail = result
    assert list(lines(request_, {"variant": "small", "outcome": outcome, "detail": detail, **STATUS})) == [
        text
    ]


def test_an_unpin_says_what_serves_until_the_next_step() -> None:
    (text,) = lines(Request("unpin"), STATUS)
    assert text == "the policy chooses again, from its next step on; medium serves"
    (text,) = lines(Request("unpin"), {"status": {"active_variant": None}})
    assert text.endswith("; nothing serves")


def test_a_reload_is_a_line_a_file() -> None:
    def file(what: str, outcome: str, detail: str) -> dict[str, Any]:
        return {"what": what, "path": f"/etc/{what}", "outcome": outcome, "detail": detail}

    files = [file("policy", "refused", "there is\x07an error"), file("family", "unchanged", "")]
    assert list(lines(Request("reload"), {"files": files, **STATUS})) == [
        "policy  refused    /etc/policy: there is\N{REPLACEMENT CHARACTER}an error",
        "family  unchanged  /etc/family",
    ]
