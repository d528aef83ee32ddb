"""`--reasons`: a value or a reason for each signal, and below it the files, of which only a few where there are many."""

import pytest

from edgeadapt.cli.profile_reasons import reasons_table
from edgeadapt.state import SIGNALS, DeviceState

STATE = DeviceState(80.0, None, None, None, None, None, None, 0.0)


@pytest.fixture(autouse=True)
def terminal(monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def below(lines: list[str], name: str) -> list[str]:
    start = next(i for i, line in enumerate(lines) if line.startswith(f"{name} "))
    rest = [line for line in lines[start + 1 :] if line.strip()]
    stop = next((i for i, line in enumerate(rest) if not line.startswith(" ")), len(rest))
    return [line.strip() for line in rest[:stop]]


def test_a_value_or_a_reason_stands_beside_each_signal() -> None:
    lines = reasons_table(STATE, {"gpu": "no driver tells"}, {})
    words = {line.split(maxsplit=1)[0]: line.split(maxsplit=1)[1] for line in lines[1:]}
    assert list(words) == list(SIGNALS)
    assert words["battery"] == "80%"
    assert words["gpu"] == "unknown: no driver tells"


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, []), (1, ["/f0"]), (4, ["/f0", "/f1", "/f2", "/f3"]), (9, ["/f0", "/f1", "/f2", "and 6 more"])],
)
def test_the_files_stand_below(count: int, shown: list[str]) -> None:
    lines = reasons_table(STATE, {}, {"battery": [f"/f{i}" for i in range(count)]})
    assert below(lines, "battery") == shown
