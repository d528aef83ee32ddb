from __future__ import annotations

import json
from pathlib import Path

import pytest

from edgeadapt.engine.quarantine import Quarantine


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "big.onnx"
    path.write_bytes(b"broken")
    return path


@pytest.fixture
def quarantine(model: Path) -> Quarantine:
    return Quarantine(lambda name: (str(model),), first_s=10.0, longest_s=50.0)


def test_a_variant_that_never_failed_is_not_kept_out(quarantine: Quarantine) -> None:
    assert quarantine.entry("big", 0.0) is None


def test_a_failure_keeps_a_variant_out_for_the_back_off(quarantine: Quarantine) -> None:
    quarantine.failed("big", "no such file", 100.0)
    entry = quarantine.entry("big", 109.9)
    assert entry is not None
    assert entry.reason == "no such file"
    assert quarantine.entry("big", 110.0) is None


def test_the_back_off_doubles_with_each_failure_in_a_row_up_to_a_bound(quarantine: Quarantine) -> None:
    lengths = [quarantine.failed("big", "no", 0.0).until_s for _ in range(5)]
    assert lengths == [10.0, 20.0, 40.0, 50.0, 50.0]


def test_a_thousand_failures_overflow_nothing(quarantine: Quarantine) -> None:
    for _ in range(2000):
        entry = quarantine.failed("big", "no", 0.0)
    assert entry.until_s == 50.0


def test_a_success_forgets_the_failures(quarantine: Quarantine) -> None:
    quarantine.failed("big", "no", 0.0)
    quarantine.cleared("big")
    assert quarantine.entry("big", 1.0) is None
    assert quarantine.failed("big", "no", 1.0).failures == 1


def test_a_changed_file_ends_the_quarantine(quarantine: Quarantine, model: Path) -> None:
    quarantine.failed("big", "no", 0.0)
    model.write_bytes(b"repaired now")
    assert quarantine.entry("big", 1.0) is None


def test_any_other_of_its_files_ends_the_quarantine_too(model: Path, tmp_path: Path) -> None:
    golden, weights = tmp_path / "golden.npz", tmp_path / "weights.bin"
    golden.write_bytes(b"wrong")
    quarantine = Quarantine(lambda name: (str(model), str(golden), str(weights)))
    quarantine.failed("big", "no", 0.0)
    assert quarantine.entry("big", 1.0) is not None
    golden.write_bytes(b"mended now")
    assert quarantine.entry("big", 1.0) is None
    quarantine.failed("big", "no", 0.0)
    weights.write_bytes(b"here at last")
    assert quarantine.entry("big", 1.0) is None


def test_its_files_are_asked_for_once_a_failure_and_not_at_each_look(model: Path) -> None:
    asked: list[str] = []

    def files_of(name: str) -> tuple[str, ...]:
        asked.append(name)
        return (str(model),)

    quarantine = Quarantine(files_of)
    for _ in range(2):
        quarantine.failed("big", "no", 0.0)
        for _ in range(10):
            assert quarantine.entry("big", 1.0) is not None
    assert asked == ["big", "big"]


def test_a_file_that_appears_ends_the_quarantine_for_its_absence(tmp_path: Path) -> None:
    path = tmp_path / "late.onnx"
    quarantine = Quarantine(lambda name: (str(path),))
    quarantine.failed("late", "no such file", 0.0)
    assert quarantine.entry("late", 1.0) is not None
    path.write_bytes(b"model")
    assert quarantine.entry("late", 1.0) is None


def test_a_snapshot_carries_failures_and_the_time_left(quarantine: Quarantine, model: Path) -> None:
    quarantine.failed("big", "no", 0.0)
    quarantine.failed("big", "no", 0.0, crashed=True)
    saved = json.loads(json.dumps(quarantine.snapshot(5.0)))
    later = Quarantine(lambda name: (str(model),), first_s=10.0, longest_s=50.0)
    later.restore(saved, 1000.0, elapsed_s=6.0)
    entry = later.entry("big", 1008.9)
    assert entry is not None
    assert (entry.failures, entry.crashed, entry.until_s) == (2, True, 1009.0)
    assert later.entry("big", 1009.0) is None


@pytest.mark.parametrize("data", [{"big": {}}, {"big": []}, {"big": {"failures": "x"}}])
def test_data_that_is_no_snapshot_is_refused(quarantine: Quarantine, data: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        quarantine.restore(data, 0.0, 0.0)


@pytest.mark.parametrize(("failures", "left_s"), [(-(10**400), 1e300), (0, float("inf")), (10**400, 1e9)])
def test_no_saved_figure_keeps_a_variant_out_for_longer_than_a_failure_does(
    quarantine: Quarantine, failures: int, left_s: float
) -> None:
    quarantine.failed("big", "no", 0.0)
    saved = quarantine.snapshot(0.0)
    saved["big"].update(failures=failures, left_s=left_s)
    quarantine.restore(saved, 1000.0, 0.0)
    entry = quarantine.entry("big", 1000.0)
    assert entry is not None
    assert entry.until_s == 1050.0
    assert quarantine.failed("big", "no", 2000.0).until_s <= 2050.0
