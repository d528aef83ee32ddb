"""A policy's memory as plain data: it holds ages only, goes on as if never stopped, and is refused where it can't fit."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeadapt.program import Program
from edgeadapt.program.decision import Decision
from edgeadapt.runtime import Session
from edgeadapt.runtime.memory import elapsed_ns
from tests.runtime.world import ABC, S, at, plain, program, state

BODY = """
input x: number  param d = 2 s
let low = x < 3 band 2
rule ra { when low for d hold 5 s linger 1 s cooldown 3 s use a }
rule rb { when x >= 6 until x < 5 linger 2 s urgent use b }
otherwise use c
guard { cooldown 2 s  at most 3 swaps per 12 s }
"""
PROGRAM = program(BODY)
VALUES = st.sampled_from([0, 2, 3, 4, 5, 6, 7, None])
GAPS = st.sampled_from([0, 1, S - 1, S, S + 1, 2 * S, 3 * S])
TRACES = st.lists(st.tuples(GAPS, VALUES), min_size=2, max_size=25)


def timed(trace: list[tuple[int, Any]], start: int = 0) -> list[tuple[int, Any]]:
    """Turn gaps into times in ns."""
    out, t = [], start
    for gap, x in trace:
        t += gap
        out.append((t, x))
    return out


def decided(
    opened: Session, steps: list[tuple[int, Any]], shift: int = 0
) -> list[tuple[Decision, dict[str, str]]]:
    return [(at(opened, t + shift, x=x), opened.phases) for t, x in steps]


def saved(opened: Session) -> Any:
    return json.loads(json.dumps(opened.snapshot(), allow_nan=False))


def restored(snapshot: Any, elapsed_s: float = 0.0, compiled: Program = PROGRAM, **options: Any) -> Session:
    return Session(compiled, ABC, snapshot=snapshot, elapsed_s=elapsed_s, **options)


@settings(max_examples=150, deadline=None)
@given(
    trace=TRACES,
    data=st.data(),
    shift=st.sampled_from([0, 7, -3 * S, 86_400 * S]),
    d=st.sampled_from(["0 s", "1 s", "2 s"]),
)
def test_with_the_time_that_passed_a_restored_memory_decides_as_if_never_stopped(
    trace: list[tuple[int, Any]], data: st.DataObject, shift: int, d: str
) -> None:
    compiled = program(BODY, {"d": d}) if d != "2 s" else PROGRAM
    steps = timed(trace)
    whole = decided(Session(compiled, ABC), steps)
    split = data.draw(st.integers(1, len(steps) - 1))
    first = Session(compiled, ABC)
    decided(first, steps[:split])
    elapsed = (steps[split][0] - steps[split - 1][0]) / S
    second = restored(saved(first), elapsed, compiled)
    assert second.refused == ""
    assert decided(second, steps[split:], shift) == whole[split:]


@settings(max_examples=60, deadline=None)
@given(trace=TRACES, shift=st.sampled_from([1, 5 * S, -9 * S, 1_000_000 * S]))
def test_a_snapshot_holds_no_absolute_time(trace: list[tuple[int, Any]], shift: int) -> None:
    here, there = Session(PROGRAM, ABC), Session(PROGRAM, ABC)
    decided(here, timed(trace))
    decided(there, timed(trace, shift))
    assert saved(here) == saved(there)


@settings(max_examples=60, deadline=None)
@given(trace=TRACES)
def test_saving_and_restoring_in_between_changes_nothing_of_the_memory(trace: list[tuple[int, Any]]) -> None:
    opened = Session(PROGRAM, ABC)
    decided(opened, timed(trace))
    once = saved(opened)
    assert saved(restored(once)) == once
    assert saved(restored(saved(restored(once, 99.0)), 3.0)) == once, (
        "ages count from the last step until the next"
    )


def test_commits_that_the_host_reported_before_any_step_hold_no_absolute_time_either() -> None:
    snapshots = []
    for start in (0.0, 500.0):
        opened = Session(PROGRAM, ABC, auto_commit=False)
        opened.committed("a", start)
        opened.committed("b", start + 1)
        snapshots.append(saved(opened))
    assert snapshots[0] == snapshots[1]


def test_taking_a_snapshot_changes_nothing_and_gives_data_of_its_own() -> None:
    opened = Session(PROGRAM, ABC)
    decided(opened, [(0, 0), (2 * S, 0)])
    taken = opened.snapshot()
    kept = copy.deepcopy(taken)
    taken["rules"].clear()
    taken["bands"][0] = None
    taken["commits"].append(3)
    assert opened.snapshot() == kept


def test_restoring_does_not_write_to_the_snapshot() -> None:
    opened = Session(PROGRAM, ABC)
    decided(opened, [(0, 0), (2 * S, 0)])
    given_ = saved(opened)
    kept = copy.deepcopy(given_)
    decided(restored(given_), [(5 * S, 7), (9 * S, None)])
    assert given_ == kept


def test_the_first_step_stands_for_the_last_one_and_the_time_that_passed() -> None:
    opened = Session(PROGRAM, ABC)
    at(opened, 0, x=0)
    for elapsed, phase in ((0.0, "pending"), (1.999999999, "pending"), (2.0, "active")):
        again = restored(saved(opened), elapsed)
        at(again, 77 * S, x=0)
        assert again.phases["ra"] == phase


def test_the_time_that_passed_is_rounded_once_to_nanoseconds() -> None:
    # 36 million seconds less the smallest step of a double, 7.45 ns: scaled as doubles it would be 8 ns.
    assert elapsed_ns(math.nextafter(36e6, 0)) == 36_000_000 * S - 7


def test_the_restored_variant_serves_and_loading_it_is_no_swap() -> None:
    opened = Session(PROGRAM, ABC)
    at(opened, 0, x=4)
    again = restored(saved(opened), 1.0, auto_commit=False)
    assert (opened.active, again.active) == ("c", "c")
    again.committed("c", 5.0)
    assert at(again, 5 * S, x=7).reason == "SWAP_POLICY_RECOMMEND"
    assert saved(again)["commits"] == []


def test_a_commit_between_restoring_and_the_first_step_counts() -> None:
    compiled = program(
        "input x: number rule r { when x >= 6 use b } otherwise use c guard { at most 2 swaps per 12 s cooldown 2 s }"
    )
    opened = Session(compiled, ABC)
    decided(opened, [(0, 4), (S, 7)])
    again = restored(saved(opened), 10.0, compiled, auto_commit=False)
    again.committed("a", 100.0)
    assert again.active == "a"
    assert saved(again)["commits"] == [0, -10 * S], "the clock of the commit means nothing yet"
    assert at(again, 101 * S, x=4).reason == "SWAP_SUPPRESSED_COOLDOWN"
    assert saved(again)["commits"] == [10 * S, S]
    assert at(again, 103 * S - 1, x=4).reason == "SWAP_SUPPRESSED_RATE"
    assert at(again, 103 * S, x=4).reason == "SWAP_POLICY_RECOMMEND"


def test_a_clock_that_steps_back_after_a_restart_is_taken_as_the_last_time() -> None:
    opened = Session(PROGRAM, ABC)
    at(opened, 50 * S, x=0)
    again = restored(saved(opened), 1.0)
    decided(again, [(5 * S, 0), (4 * S, 0), (6 * S - 1, 0)])
    assert (again.phases["ra"], again.clock_steps_back) == ("pending", 1)
    at(again, 6 * S, x=0)
    assert again.phases["ra"] == "active"


@pytest.mark.parametrize("elapsed", [-1.0, float("nan"), float("inf"), 1e300])
def test_a_time_that_can_not_have_passed_is_a_wrong_call(elapsed: float) -> None:
    with pytest.raises(ValueError, match="`elapsed_s` is a time in seconds"):
        restored(Session(PROGRAM, ABC).snapshot(), elapsed)


# What is refused.


def worn() -> Any:
    """The memory of a session with something in every part of it."""
    opened = Session(PROGRAM, ABC)
    decided(opened, timed([(0, 4), (S, 0), (2 * S, 0), (6 * S, 7), (S, 7), (2 * S, 0), (2 * S, 4)]))
    snapshot = saved(opened)
    assert snapshot["commits"]
    assert any(snapshot["bands"])
    return snapshot


def is_fresh(opened: Session) -> bool:
    return saved(opened) == saved(Session(opened.program, opened.family))


@pytest.mark.parametrize(
    ("compiled", "family"),
    [
        (program(BODY.replace("hold 5 s", "hold 6 s")), ABC),
        (program(BODY, {"d": "3 s"}), ABC),
        (PROGRAM, plain("a", "b", "c")),
    ],
)
def test_a_memory_is_of_one_program_and_its_parameter_values_and_not_of_a_family(
    compiled: Program, family: Any
) -> None:
    opened = Session(compiled, family, snapshot=worn())
    if compiled is PROGRAM:
        assert opened.refused == ""
    else:
        assert "another policy, or to other parameter values" in opened.refused
        assert is_fresh(opened)


def test_parameters_with_the_values_they_have_anyway_change_nothing() -> None:
    assert Session(program(BODY, {"d": "2000 ms"}), ABC, snapshot=worn()).refused == ""


def test_a_memory_whose_active_variant_the_family_lacks_is_refused() -> None:
    compiled = program("otherwise use highest variant.s")
    opened = Session(compiled, plain("a"))
    at(opened, 0)
    other = Session(compiled, plain("b", "c"), snapshot=saved(opened))
    assert other.refused == "the saved memory has `a` active, which the family lacks"
    assert is_fresh(other)
    assert at(other, 0).reason == "ADOPTED"


def test_a_memory_without_an_active_variant_is_taken() -> None:
    opened = Session(PROGRAM, ABC, auto_commit=False)
    at(opened, 0, x=0)
    again = restored(saved(opened), 2.0)
    assert again.refused == ""
    assert at(again, 0, x=0).target == "a"


def paths(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to each part of a snapshot."""
    yield path
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield from paths(value, (*path, key))


JUNK = [
    None,
    True,
    0,
    1,
    -1,
    2**63,
    -(2**63),
    10**400,
    1.5,
    "",
    "idle",
    "active",
    "nobody",
    [],
    {},
    [None],
    {"phase": "active"},
]
JUNK += ["x" * 10_000, "\n", [[[]]], float("nan")]


def replaced(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    data = copy.deepcopy(data)
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return data


def test_malformed_data_is_refused_or_taken_whole_and_never_fails() -> None:
    sound = worn()
    verdicts = set()
    for path in paths(sound):
        for junk in JUNK:
            opened = Session(PROGRAM, ABC, snapshot=replaced(sound, path, junk))
            verdicts.add(bool(opened.refused))
            assert "\n" not in opened.refused
            if opened.refused:
                assert is_fresh(opened), (path, junk)
            # Whatever was taken can go on, explain itself, and be saved.
            decided(opened, [(t * S, x) for t, x in enumerate((0, 7, None, 4))])
            opened.step(state(9), {"x": 1}, explain=True)
            assert Session(PROGRAM, ABC, snapshot=saved(opened)).refused == ""
    assert verdicts == {True, False}


@pytest.mark.parametrize("key", ["version", "digest", "active", "bands", "rules", "commits"])
def test_a_memory_that_lacks_a_part_is_refused(key: str) -> None:
    snapshot = worn()
    del snapshot[key]
    assert "a part is missing" in Session(PROGRAM, ABC, snapshot=snapshot).refused


@pytest.mark.parametrize("junk", [None, 3, "text", [], [1], 1.5])
def test_what_is_no_mapping_at_all_is_refused(junk: Any) -> None:
    opened = Session(PROGRAM, ABC, snapshot=junk)
    assert bool(opened.refused) is (junk is not None)
    assert is_fresh(opened)


@pytest.mark.parametrize("version", [0, 2, "1", None, 10**400])
def test_another_version_is_refused_by_name(version: Any) -> None:
    opened = Session(PROGRAM, ABC, snapshot={**worn(), "version": version})
    assert "the saved memory has version" in opened.refused


@settings(max_examples=120, deadline=None)
@given(seed=st.integers(0, 2**32), count=st.integers(2, 5))
def test_several_faults_at_once_do_not_fail_either(seed: int, count: int) -> None:
    random = Random(seed)
    snapshot = worn()
    for _ in range(count):
        ways = list(paths(snapshot))[1:]
        if not isinstance(snapshot, dict) or not ways:
            break
        snapshot = replaced(snapshot, random.choice(ways), random.choice(JUNK))
    opened = Session(PROGRAM, ABC, snapshot=snapshot)
    assert not opened.refused or is_fresh(opened)
    decided(opened, [(t * S, x) for t, x in enumerate((0, 7, None, 4))])


def test_phases_that_a_memory_can_not_have_are_refused() -> None:
    ages = {"since": None, "ended": None, "entry": None, "exit": None}
    for phase, timers, sound in (
        ("idle", {}, True),
        ("idle", {"ended": 3}, True),
        ("idle", {"entry": 3}, False),
        ("pending", {"entry": 3}, True),
        ("pending", {}, False),
        ("pending", {"entry": 3, "since": 3}, False),
        ("active", {"since": 3}, True),
        ("active", {}, False),
        ("active", {"since": 3, "exit": 1}, False),
        ("ending", {"since": 3, "exit": 1}, True),
        ("ending", {"since": 3}, False),
        ("ending", {"exit": 1}, False),
        ("asleep", {}, False),
        ("idle", {"ended": -3}, False),
        ("active", {"since": -3}, False),
        ("pending", {"entry": 0}, True),
    ):
        rule = {"phase": phase, **ages, **timers}
        opened = Session(PROGRAM, ABC, snapshot={**worn(), "rules": [rule, {"phase": "idle", **ages}]})
        assert (opened.refused == "") is sound, rule
