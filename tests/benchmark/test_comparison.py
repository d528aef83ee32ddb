"""What changed between two reports: more than processes differ anyway, and more than 5 %."""

from __future__ import annotations

import attrs

from edgeadapt.benchmark.comparison import Change, Comparison, Verdict, compare
from edgeadapt.benchmark.report import Waiting
from tests.benchmark.reports import NOISE, measured, report, variant


def change(comparison: Comparison, name: str, figure: str) -> Change:
    return next(each for each in comparison.changes if (each.variant, each.figure) == (name, figure))


def test_a_report_has_not_changed_from_itself() -> None:
    found = compare(report(), report())
    assert {each.verdict for each in found.changes} == {Verdict.SAME}
    assert len(found.changes) == 10
    assert (found.worse, found.notes) == ((), ())


def test_what_got_slower_in_every_process_is_worse_and_what_got_faster_is_better() -> None:
    old = report(variant("a", measured(2.0)), variant("b", measured(2.0)))
    new = report(variant("a", measured(2.5)), variant("b", measured(1.5)))
    found = compare(old, new)
    assert [(each.variant, each.figure) for each in found.worse] == [("a", "p50"), ("a", "p95")]
    assert change(found, "b", "p50").verdict is Verdict.BETTER
    slower = change(found, "a", "p50")
    assert slower.by is not None
    assert round(slower.by, 3) == 0.25
    assert change(found, "a", "memory").verdict is Verdict.SAME


def test_a_change_of_a_few_percent_is_none_however_sure() -> None:
    found = compare(report(variant("a", measured(2.0))), report(variant("a", measured(2.0 * 1.045))))
    assert found.worse == ()


def test_a_change_within_what_processes_differ_by_is_none() -> None:
    wide = tuple(1 + (factor - 1) * 30 for factor in NOISE)
    found = compare(
        report(variant("a", measured(2.0, noise=wide))), report(variant("a", measured(2.4, noise=wide)))
    )
    assert found.worse == ()


def test_a_process_that_was_disturbed_does_not_hide_a_change() -> None:
    others = [variant(name) for name in "bcde"]
    disturbed = variant("a", measured(2.0, noise=(*NOISE[:-1], 3.0)))
    found = compare(report(disturbed, *others), report(variant("a", measured(3.0)), *others))
    assert len(found.changes) == 25
    assert change(found, "a", "p50").verdict is Verdict.WORSE


def verdicts(old_waited: float, new_waited: float, new_ms: float = 3.0) -> list[Verdict]:
    """Return those on p50 and p95, where runs took 2 ms before."""
    old = report(variant("a", measured(2.0, waited=old_waited)))
    found = compare(old, report(variant("a", measured(new_ms, waited=new_waited))))
    return [change(found, "a", figure).verdict for figure in ("p50", "p95")]


def test_a_time_that_other_work_on_the_machine_made_longer_is_not_held_against_the_model() -> None:
    assert verdicts(0.0, 0.01) == [Verdict.WORSE, Verdict.WORSE]
    assert verdicts(0.0, 0.05) == [Verdict.WORSE, Verdict.UNKNOWN]
    assert verdicts(0.0, 0.3) == [Verdict.UNKNOWN, Verdict.UNKNOWN]
    found = compare(report(variant("a", measured(2.0))), report(variant("a", measured(3.0, waited=0.3))))
    assert change(found, "a", "p95").why == "worse, but its runs waited 30% of their time for a processor now"


def test_what_is_longer_than_in_a_more_disturbed_report_is_worse_all_the_same() -> None:
    assert verdicts(0.3, 0.0) == [Verdict.WORSE, Verdict.WORSE]
    assert verdicts(0.3, 0.3) == [Verdict.WORSE, Verdict.WORSE]
    assert verdicts(0.3, 0.0, new_ms=1.0) == [Verdict.UNKNOWN, Verdict.UNKNOWN]
    assert verdicts(0.0, 0.3, new_ms=1.0) == [Verdict.BETTER, Verdict.BETTER]


def test_a_long_wait_of_a_few_short_runs_does_not_decide_their_p95() -> None:
    waited = attrs.evolve(measured(3.0), waiting=Waiting(share=0.3, turns=5))
    found = compare(report(variant("a", measured(2.0))), report(variant("a", waited)))
    assert change(found, "a", "p95").verdict is Verdict.WORSE


def test_more_memory_is_worse_unless_it_is_some_pages() -> None:
    def small(memory_mb: float) -> object:
        return compare(
            report(variant("a", measured(memory_mb=0.4))), report(variant("a", measured(memory_mb=memory_mb)))
        ).worse

    assert small(0.6) == ()
    assert [each.figure for each in small(0.9)] == ["memory", "peak"]  # type: ignore[attr-defined]  # a tuple


def test_few_processes_can_tell_nothing() -> None:
    few = NOISE[:3]
    found = compare(
        report(variant("a", measured(2.0, noise=few))), report(variant("a", measured(9.0, noise=few)))
    )
    assert {each.verdict for each in found.changes} == {Verdict.UNKNOWN}
    assert change(found, "a", "p50").why == "3 and 3 processes are too few to tell"


def test_a_variant_that_fails_now_is_worse_and_one_that_failed_is_better() -> None:
    good, bad = report(variant("a")), report(variant("a", reason="the file is cut off"))
    (worse,) = compare(good, bad).changes
    assert (worse.verdict, worse.why) == (Verdict.WORSE, "it fails: the file is cut off")
    (better,) = compare(bad, good).changes
    assert better.verdict is Verdict.BETTER
    (still,) = compare(bad, bad).changes
    assert still.verdict is Verdict.UNKNOWN


def test_other_inputs_are_not_compared() -> None:
    other = attrs.evolve(measured(9.0), inputs_from="sample")
    (found,) = compare(report(variant("a")), report(variant("a", other))).changes
    assert found.verdict is Verdict.UNKNOWN
    assert (
        found.why
        == "it was run on other inputs: image float32 [1, 4] of zeros before, image float32 [1, 4] now"
    )


def test_another_machine_version_file_and_family_are_said() -> None:
    old = report(variant("a"), variant("gone"))
    new = report(
        variant("a", sha256="ff" * 32),
        variant("new"),
        machine=attrs.evolve(old.machine, cpu="Slow 1"),
        versions={**old.versions, "onnxruntime": "1.21", "openvino": "2"},
    )
    assert compare(old, new).notes == (
        "another machine: cpu Fast 9000 before, Slow 1 now",
        "another version: onnxruntime 1.20 before, 1.21 now",
        "another version: openvino none before, 2 now",
        "`a` is another model file than before",
        "`new` was not in the old report",
        "`gone` is not in the family any more",
    )


def test_a_family_file_that_says_something_else_is_told() -> None:
    old = report()
    new = report(family=attrs.evolve(old.family, digest="ee" * 32))
    assert compare(old, new).notes == ("the family file says something else than before",)
