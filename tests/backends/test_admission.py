"""What is admitted beside, on standby, in a gap, or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from edgeadapt.backends.admission import Ledger, Need, Transition, admit
from edgeadapt.errors import MemoryRefused
from edgeadapt.registry import ActivationRules, ModelVariant, VariantMetadata
from tests.backends.onnx_models import FLOAT, save

GAP = ActivationRules(gap="allowed")


def variant(name: str, footprint_mb: float | None, **more: Any) -> ModelVariant:
    metadata = VariantMetadata(memory_footprint_mb=footprint_mb)
    return ModelVariant(name, f"{name}.none", metadata=metadata, **more)


SMALL, LARGE, UNKNOWN = variant("small", 10), variant("large", 100), variant("unknown", None)


def admitted(
    new: ModelVariant,
    active: ModelVariant | None,
    available_mb: float | None,
    rules: ActivationRules = ActivationRules(),  # noqa: B008 - a frozen value
    **more: Any,
) -> Transition:
    ledger = more.pop("ledger", Ledger())
    return admit(object(), new, active, rules, available_mb=lambda: available_mb, ledger=ledger, **more)


def refusal(*arguments: Any, **more: Any) -> str:
    with pytest.raises(MemoryRefused) as caught:
        admitted(*arguments, **more)
    assert caught.value.stage == "checking"
    return caught.value.reason


def test_what_fits_goes_beside() -> None:
    assert admitted(LARGE, SMALL, 100) is Transition.BESIDE
    assert admitted(SMALL, None, 10) is Transition.BESIDE


@pytest.mark.parametrize(("new", "available"), [(UNKNOWN, 1.0), (LARGE, None)])
def test_what_is_unknown_goes_beside(new: ModelVariant, available: float | None) -> None:
    assert admitted(new, SMALL, available) is Transition.BESIDE


def test_a_rescue_to_a_smaller_variant_works_exactly_when_memory_is_tight() -> None:
    assert admitted(SMALL, LARGE, 1) is Transition.STANDBY
    assert admitted(SMALL, LARGE, 0) is Transition.STANDBY


def test_where_nothing_can_be_mapped_a_smaller_variant_needs_a_gap() -> None:
    assert admitted(SMALL, LARGE, 1, GAP, can_standby=False) is Transition.GAP
    assert refusal(SMALL, LARGE, 1, can_standby=False) == (
        "loading it takes about 10 MB, and 1 MB are available; free memory, or let `gap: allowed` release `large` first"
    )


def test_a_larger_variant_waits_for_memory_or_for_a_gap() -> None:
    larger = variant("larger", 120)
    assert "let `gap: allowed` release `large` first" in refusal(larger, LARGE, 30)
    assert admitted(larger, LARGE, 30, GAP) is Transition.GAP


def test_a_gap_that_would_not_help_is_not_made() -> None:
    assert refusal(LARGE, SMALL, 20, GAP) == (
        "loading it takes about 100 MB, and 20 MB are available; "
        "free memory: even without `small`, about 10 MB, it would not fit"
    )


def test_nobody_knows_what_an_active_variant_without_figures_gives_back() -> None:
    assert admitted(LARGE, UNKNOWN, 20, GAP) is Transition.GAP
    assert "free memory" in refusal(LARGE, UNKNOWN, 20)


def test_beside_means_neither_standby_nor_a_gap() -> None:
    rules = ActivationRules(transition="beside", gap="allowed")
    assert admitted(SMALL, LARGE, 10, rules) is Transition.BESIDE
    assert "let `transition: auto` and `gap: allowed` release" in refusal(SMALL, LARGE, 1, rules)


def test_where_nothing_serves_slow_answers_are_better_than_none(tmp_path: Path) -> None:
    path = tmp_path / "m.onnx"
    path.write_bytes(b"\0" * 1000)
    mapped = ModelVariant("m", str(path), metadata=VariantMetadata(memory_footprint_mb=100))
    assert admitted(mapped, None, 20) is Transition.STANDBY
    assert "loading it takes about 100 MB" in refusal(mapped, None, 20, can_standby=False)
    assert "loading it takes about 100 MB" in refusal(mapped, None, 20, ActivationRules(transition="beside"))


def test_a_variant_that_returns_where_nothing_serves_is_not_refused() -> None:
    assert admitted(LARGE, None, 20, is_return=True) is Transition.BESIDE
    assert "100 MB" in refusal(LARGE, SMALL, 20, is_return=True)


def test_a_first_variant_is_refused_with_another_remedy() -> None:
    assert refusal(LARGE, None, 20, GAP).endswith("free memory, or start with a smaller variant")


def test_a_variant_declared_so_is_always_mapped() -> None:
    mapped = variant("mapped", 50, standby=True)
    assert admitted(mapped, SMALL, None) is Transition.STANDBY
    assert admitted(mapped, SMALL, 50) is Transition.STANDBY
    assert admitted(mapped, SMALL, 50, can_standby=False) is Transition.BESIDE


def test_loads_under_way_share_what_is_available() -> None:
    ledger, first = Ledger(), object()
    assert ledger.reserve(first, 100, 150)
    assert refusal(LARGE, None, 150, ledger=ledger).startswith(
        "loading it takes about 100 MB, and of 150 MB available, 100 MB are promised to other loads"
    )
    ledger.release(first)
    ledger.release(first)
    assert admitted(LARGE, None, 150, ledger=ledger) is Transition.BESIDE
    assert ledger.promised_mb() == 100


def test_a_second_try_replaces_the_first_ones_promise() -> None:
    ledger, owner = Ledger(), object()
    for _ in range(2):
        admit(owner, LARGE, None, GAP, available_mb=lambda: 150.0, ledger=ledger)
    assert ledger.promised_mb() == 100


def test_a_peak_is_predicted_by_the_sizes_of_the_files(tmp_path: Path) -> None:
    weights = {"w": np.ones((1000, 1000), np.float32)}
    node = onnx.helper.make_node("MatMul", ["x", "w"], ["y"])
    tensors = {"x": (FLOAT, [1, 1000])}, {"y": (FLOAT, [1, 1000])}
    inside = save(tmp_path / "inside.onnx", [node], *tensors, weights)
    onnx.save(
        onnx.load(inside), tmp_path / "outside.onnx", save_as_external_data=True, location="weights.bin"
    )
    within = Need.of(ModelVariant("a", str(inside)))
    beside = Need.of(ModelVariant("a", str(tmp_path / "outside.onnx")))
    assert within is not None
    assert beside is not None
    assert within.beside_mb == pytest.approx(6.8, rel=0.01)
    assert within.standby_mb == within.beside_mb
    assert beside.beside_mb == pytest.approx(6.8, rel=0.01)
    # Mapped weights can be dropped at any time.
    assert beside.standby_mb < 0.01


def test_a_declared_footprint_counts_where_it_is_larger(tmp_path: Path) -> None:
    path = tmp_path / "m.onnx"
    path.write_bytes(b"\0" * 1_000_000)
    for declared, peak in ((50.0, 50.0), (1.0, 1.7)):
        metadata = VariantMetadata(memory_footprint_mb=declared)
        need = Need.of(ModelVariant("m", str(path), metadata=metadata))
        assert need is not None
        assert need.beside_mb == pytest.approx(peak)
