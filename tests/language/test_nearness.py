"""A name is proposed when it is at most two slips away."""

import pytest

from edgeadapt.language.nearness import meant, nearest

KNOWN = ("battery", "charging", "cpu", "gpu", "temperature", "low")


@pytest.mark.parametrize(
    ("name", "right"),
    [("batery", "battery"), ("battrey", "battery"), ("chargng", "charging"), ("temprature", "temperature"), ("cpuu", "cpu"),
     ("bat", None), ("volume", None), ("x", None), ("Battery", "battery"), ("", None), ("a" * 500, None), ("cpx", "cpu")],
)  # fmt: skip
def test_the_nearest_name_is_found(name: str, right: str | None) -> None:
    assert nearest(name, KNOWN) == right


def test_without_a_near_one_few_names_are_listed_and_many_are_not() -> None:
    assert meant("volume", KNOWN, "names") == "names: battery, charging, cpu, gpu, temperature, low"
    assert meant("volume", [f"name{i}" for i in range(100)], "names") == ""
    assert meant("volume", (), "names") == ""
