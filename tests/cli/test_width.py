"""What is for people fits a narrow terminal, so that no line of it is broken where the terminal happens to end."""

from __future__ import annotations

import pytest

from edgeadapt.shipped import shipped

PHONE = str(shipped("policies/phone.eap"))
DAY = str(shipped("policies/traces/day.csv"))
FULL = str(shipped("families/digits/full.onnx"))
STATE = ("--state", "battery=15%,charging=false,temperature=80°C")


@pytest.mark.parametrize(
    "args",
    [
        ("decisions", "--policy", PHONE),
        ("dry-run", PHONE, *STATE, "--active", "medium_int8"),
        ("dry-run", PHONE, *STATE, "--sentences"),
        ("dry-run", PHONE, *STATE, "--why-not", "full"),
        ("dry-run", PHONE, "--trace", DAY),
        ("test", PHONE, "--coverage"),
        ("inspect-model", FULL),
        ("explain",),
        ("explain", "EAP404"),
        ("explain", "SWAP_SKIPPED_MEMORY"),
        ("doctor", "--human"),
        ("profile", "--reasons"),
    ],
    ids=lambda args: " ".join(arg for arg in args if "/" not in arg),
)
def test_no_line_is_wider_than_the_terminal(run, monkeypatch: pytest.MonkeyPatch, args) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    result = run(*args)
    assert result.exit_code == 0
    # A path is never broken: it is to be copied.
    too_wide = [line for line in result.stdout.splitlines() if len(line) > 60 and "/" not in line]
    assert too_wide == []
