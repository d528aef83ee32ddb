"""A checked test is data: times in nanoseconds, canonical values, word indices."""

from edgeadapt.diagnostics import Source
from edgeadapt.language.checker import check
from edgeadapt.language.parser import parse


def test_a_test_becomes_steps_with_times_and_values() -> None:
    text = """edition 1 policy p { input light: number otherwise use tiny
      test t { at 0 s: battery = 25%, charging = false, network = fair expect tiny
               at 1 min + 0.5 s: memory_available = 2 GB, light = -3, charging = unknown } }"""
    (test,) = check(parse(Source("p.eap", text))).tests
    first, second = test.steps
    assert (test.name, first.at_ns, second.at_ns) == ("t", 0, 60_500_000_000)
    assert first.assigns == (("battery", 25.0), ("charging", False), ("network", 2.0))
    assert second.assigns == (("memory_available", 2000.0), ("light", -3.0), ("charging", None))
    assert (first.expect, second.expect) == ("tiny", None)
