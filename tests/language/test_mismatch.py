"""A unit that is missing is shown with the author's own number."""

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
