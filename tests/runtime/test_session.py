"""A whole policy at work: the language page's example with its test, and what a session is to its host."""

from __future__ import annotations

from typing import Any

import pytest

from edgeadapt.diagnostics import Source
from edgeadapt.language.checker import check
from edgeadapt.language.parser import parse
from edgeadapt.program.params import with_params
from edgeadapt.registry.family import ModelFamily
from edgeadapt.runtime import Session
from edgeadapt.state import DeviceState
from tests.runtime.world import ABC, MEASURED, S, plain, program, session, state

PHONE_CAMERA = """
edition 1

policy phone_camera "Camera assistant on a phone" {
  family digits                                   # optional: check against this family

  input ambient_light: number in 0 .. 100000 stale after 10 s     # a signal the host application feeds
  param latency_budget = 40 ms in 1 ms .. 1 s     # overridable from the CLI and from Python

  let cramped = memory_available < 512 MB band 128 MB    # true below 512 MB until 640 MB or more

  rule overheating {
    when temperature >= 75 °C
    until temperature < 68 °C                     # leaves later than it enters: hysteresis
    urgent                                        # entering is not delayed by the guard
    use lowest power then highest accuracy
  }

  rule battery_saver "spare the battery" {
    when battery < 20% and not charging
    until battery >= 30% or charging
    for 10 s                                      # must hold this long before the rule starts
    hold 1 min                                    # once started, stays at least this long
    use tiny
  }

  rule tight {
    when cramped
    linger 5 s                                    # must have stopped holding this long before the rule ends
    cooldown 30 s                                 # and does not start again sooner than this
    use lowest memory
  }

  rule plugged_in {
    when charging and cpu < 60%
    for 30 s
    use highest accuracy tolerance 0.02           # keep the active one if it is this close to the best
        where latency <= latency_budget and memory <= 50% * memory_available
      else lowest latency
  }

  otherwise use medium

  guard {
    cooldown 30 s                                 # between two swaps
    at most 4 swaps per 1 min
  }

  property spared { never use full when battery < 10% and not charging }
  property calm   { at most 4 swaps per 1 min }

  test battery_dips {
    at 0 s:  battery = 25%, charging = false  expect medium
    at 5 s:  battery = 19%                    expect medium
    at 15 s: battery = 19%                    expect tiny
    at 60 s: battery = 24%                    expect tiny
    at 80 s: battery = 31%                    expect medium
  }
}
"""


@pytest.fixture
def phone() -> Session:
    checked = check(parse(Source("phone_camera.eap", PHONE_CAMERA)))
    assert checked.program is not None
    return Session(checked.program, MEASURED)


def test_the_whole_policy_of_the_language_page_passes_its_own_test(phone: Session) -> None:
    (trial,) = check(parse(Source("phone_camera.eap", PHONE_CAMERA))).tests
    values: dict[str, Any] = {}
    for step in trial.steps:
        values.update(step.assigns)
        assert phone.step(state(step.at_ns / S, **values)).active == step.expect, step


def test_overheating_passes_the_guard_and_the_way_back_waits_for_it(phone: Session) -> None:
    table = [
        (0, 50.0, "medium", "ADOPTED"),
        (1, 75.0, "tiny", "SWAP_POLICY_RECOMMEND"),
        (2, 68.0, "tiny", "UNCHANGED"),
        (3, 67.0, "tiny", "SWAP_SUPPRESSED_COOLDOWN"),
        (4, 76.0, "tiny", "UNCHANGED"),
        (5, None, "tiny", "UNCHANGED"),
        (31, 60.0, "medium", "SWAP_POLICY_RECOMMEND"),
    ]
    for t, temperature, active, reason in table:
        decision = phone.step(state(t, temperature=temperature))
        assert (decision.active, decision.reason) == (active, reason), t


def test_the_plugged_in_phone_takes_the_best_that_fits(phone: Session) -> None:
    seen = []
    for t, available in ((0, 4000.0), (30, 4000.0), (60, 4000.0), (61, 300.0)):
        seen.append(phone.step(state(t, charging=True, memory_available=available)).target)
    assert seen == ["medium", "full", "full", "tiny"]


def test_a_budget_override_is_obeyed() -> None:
    checked = check(parse(Source("phone_camera.eap", PHONE_CAMERA)))
    assert checked.program is not None
    opened = Session(with_params(checked.program, {"latency_budget": "39.9 ms"}), MEASURED)
    seen = [opened.step(state(t, charging=True)).target for t in (0, 30)]
    assert seen == ["medium", "medium"]


def test_a_family_that_lacks_a_variant_by_name_is_a_wrong_call() -> None:
    with pytest.raises(
        ValueError, match="policy `p` uses `mediun`, which family `measured` lacks; did you mean `medium`"
    ):
        Session(program("otherwise use mediun"), MEASURED)
    with pytest.raises(ValueError, match="uses `d`, which family `plain` lacks; it has: a, b, c"):
        Session(program("rule r { when true use a else d where cpu > 5% } otherwise use a"), ABC)


def test_a_family_by_another_name_is_fine_if_it_has_every_variant_named() -> None:
    assert session("family digits otherwise use a").step(state(0)).target == "a"


def test_a_quoted_variant_is_found_by_its_name() -> None:
    family = plain("mobilenet-v2.int8")
    assert session('otherwise use "mobilenet-v2.int8"', family).step(state(0)).target == "mobilenet-v2.int8"


def test_a_family_without_variants_yields_nothing() -> None:
    decision = session("otherwise use lowest latency", ModelFamily("empty")).step(state(0))
    assert (decision.target, decision.active, decision.reason) == (None, None, "NO_CANDIDATE")


def test_before_the_first_step_every_rule_is_idle_and_nothing_serves() -> None:
    opened = session("rule r { when true use a } rule s { when true use b } otherwise use c")
    assert (opened.phases, opened.active, opened.refused) == ({"r": "idle", "s": "idle"}, None, "")


def test_two_sessions_of_one_program_share_no_memory() -> None:
    compiled = program("input x: number rule r { when x < 10 band 5 for 1 s use a } otherwise use b")
    one, other = Session(compiled, ABC), Session(compiled, ABC)
    for t in (0, 1):
        one.step(state(t), {"x": 9})
    assert (one.phases, other.phases) == ({"r": "active"}, {"r": "idle"})
    assert other.step(state(5), {"x": 12}).target == "b"


def test_a_session_depends_on_no_clock_but_the_states() -> None:
    compiled = program("input x: number rule r { when x < 10 for 1 h use a } otherwise use b")
    decisions = []
    for start in (-1e6, 0.0, 1e6):
        opened = Session(compiled, ABC)
        decisions.append([opened.step(state(start + t), {"x": 9}) for t in (0, 1800, 3600)])
    assert decisions[0] == decisions[1] == decisions[2]
    assert [d.target for d in decisions[0]] == ["b", "b", "a"]


def test_every_optional_signal_may_be_unknown() -> None:
    opened = session(
        "rule r { when battery < 20% or temperature > 5 °C or network == good use a } otherwise use b"
    )
    assert opened.step(DeviceState(None, None, None, None, None, None, None, 0.0)).target == "b"


def test_a_copy_goes_on_by_itself_and_leaves_the_session_as_it_was() -> None:
    one, other_way = (
        session("rule r { when battery < 20% for 2 s use a } otherwise use b"),
        state(9, battery=10.0),
    )
    one.step(state(0, battery=10.0))
    before = one.snapshot()
    twin = one.copy()
    assert twin.step(other_way).rule == "r"
    assert one.snapshot() == before
    assert one.copy().step(other_way) == one.step(other_way)
