"""A remedy is written with what the author wrote: the number that lacks its unit, the side that is another kind."""

from __future__ import annotations

import pytest

from edgeadapt.language import lint_text


@pytest.mark.parametrize(
    ("condition", "remedy"),
    [
        ("temperature >= 75", "write the unit, such as `75 °C`"),
        ("memory_available < 200", "write the unit, such as `200 MB`"),
        ("inference_latency > 5", "write the unit, such as `5 ms` or `5 s`"),
        ("2.5 < power_draw", "write the unit, such as `2.5 W`"),
    ],
)
def test_the_remedy_has_the_authors_number(condition: str, remedy: str) -> None:
    text = f"edition 1\npolicy p {{ rule r {{ when {condition} use a }} otherwise use b }}\n"
    assert [it.help for it in lint_text(text) if it.code == "EAP201"] == [remedy]


@pytest.mark.parametrize(
    ("clause", "remedy"),
    [
        ("cooldown 5", "write the unit, such as `5 ms` or `5 s`"),
        ("for 0", "write the unit, such as `0 ms` or `0 s`"),
        ("hold 5%", "write a time, such as `10 s`"),
        ("linger 5 MB", "write a time, such as `10 s`"),
    ],
)
def test_so_has_a_constants(clause: str, remedy: str) -> None:
    text = f"edition 1\npolicy p {{ rule r {{ when charging {clause} use a }} otherwise use b }}\n"
    assert [it.help for it in lint_text(text) if it.code == "EAP209"] == [remedy]


@pytest.mark.parametrize(
    ("condition", "remedy"),
    [
        ("temperature > 343 K", "a temperature is written in `°C` or `°F`, such as `70 °C`; `K` is for differences"),
        ("memory_available < 50%", "write the share of what, such as `50% * memory_total`"),
        ("power_draw > limit", "declare `limit` with a unit, such as `2 W`, or make a number of the other side, such as `power_draw / 2 W`"),
        ("temperature > limit", "declare `limit` with a unit, such as `70 °C`"),
        ("temperature > limit * 2", "a temperature goes with another one, such as `70 °C`"),
        ("inference_latency + 5 ms > limit / 2", "make a number of the other side, such as `(inference_latency + 5 ms) / 10 s`"),
    ],
)  # fmt: skip
def test_where_no_unit_is_missing_the_remedy_says_what_would_go(condition: str, remedy: str) -> None:
    text = f"edition 1\npolicy p {{ param limit = 5 rule r {{ when {condition} use a }} otherwise use b }}\n"
    assert [it.help for it in lint_text(text) if it.code == "EAP201"] == [remedy]
