"""`NAME=VALUE` texts: how they are split, and that every signal can be set."""

import pytest

from edgeadapt.cli.arguments.values import assignments, seconds_of, signal_values
from edgeadapt.cli.failure import Misuse
from edgeadapt.state import SIGNALS, SignalKind
from edgeadapt.units import CANONICAL_UNIT, Dimension


def test_several_assignments_may_stand_in_one_text() -> None:
    assert assignments(["a=1, b = 2", "c=3"], "--state", "a=1") == {"a": "1", "b": "2", "c": "3"}


@pytest.mark.parametrize("text", ["", "a", "=1", "a=", "a=1,", ",a=1"])
def test_a_text_that_assigns_nothing_is_refused(text) -> None:
    with pytest.raises(Misuse, match="is not NAME=VALUE; write it like --state battery=15%"):
        assignments([text], "--state", "battery=15%")


def test_a_decimal_comma_is_told_apart_from_a_comma_between_assignments() -> None:
    with pytest.raises(Misuse, match=r"the decimal sign is `\.`"):
        assignments(["memory_available=1,5GB"], "--state", "battery=15%")


@pytest.mark.parametrize(
    ("text", "meant"), [("yes", "true"), ("False", "false"), ("TRUE", "true"), ("0", "false")]
)
def test_another_spelling_of_a_truth_gets_the_right_one(text, meant) -> None:
    with pytest.raises(Misuse, match=f"write `charging={meant}`"):
        signal_values({"charging": text}, ())


@pytest.mark.parametrize("name", SIGNALS)
def test_every_signal_can_be_set_and_be_unknown(name) -> None:
    signal = SIGNALS[name]
    text = {SignalKind.BOOLEAN: "true", SignalKind.WORD: "good"}.get(signal.kind)
    if text is None:
        text = f"1 {CANONICAL_UNIT[signal.dimension or Dimension.NUMBER]}"
    assert signal_values({name: text}, ())[signal.attribute] is not None
    assert signal_values({name: "unknown"}, ()) == {signal.attribute: None}


def test_a_bare_number_is_in_the_canonical_unit() -> None:
    assert signal_values({"memory_available": "512", "temperature": "-3.5"}, ()) == {
        "available_ram_mb": 512.0,
        "thermal_zone_c": -3.5,
    }


def test_an_inputs_name_is_proposed_too() -> None:
    with pytest.raises(Misuse, match="did you mean `ambient_light`"):
        signal_values({"ambient_lite": "3"}, ["ambient_light"])


@pytest.mark.parametrize(
    ("text", "seconds"), [("80", 80), ("80 s", 80), ("1.5min", 90), ("250ms", 0.25), ("0", 0)]
)
def test_a_time_without_a_unit_is_in_seconds(text, seconds) -> None:
    assert seconds_of(text, "--after") == seconds
