"""A variant that is another model now has another name to the swapper, and the same one to everybody else."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import given

from edgeadapt.engine.revisions import Revisions, plain, plain_error, plain_event
from edgeadapt.errors import ActivationError, NotServing
from edgeadapt.registry import ModelFamily, VariantMetadata
from edgeadapt.registry.contract import Contract
from edgeadapt.registry.variant import SessionOptions
from edgeadapt.swapper import SwapEvent


def family(contract: Contract | None = None, accuracy: float | None = None, **paths: str) -> ModelFamily:
    made = ModelFamily("f", contract=contract)
    for name, path in paths.items():
        made.add_variant(name, path, metadata=VariantMetadata(accuracy_score=accuracy))
    return made


def test_at_a_start_every_variant_has_its_own_name() -> None:
    revisions = Revisions(family(a="a", b="b"))
    assert [revisions.name_of(name) for name in ("a", "b", "c")] == ["a", "b", "c"]


def test_another_path_is_another_model_and_another_figure_is_not() -> None:
    revisions = Revisions(family(a="a", b="b"))
    assert revisions.replace(family(a="a", b="new", accuracy=0.9), {"a", "b"}) == ("b",)
    name = revisions.name_of("b")
    assert (name != "b", plain(name), name.isprintable()) == (True, "b", False)
    assert revisions.name_of("a") == "a"
    assert revisions.family_of("a").variant("a").metadata.accuracy_score == 0.9
    # What it served before can still be gone back to.
    assert revisions.family_of("b").variant("b").path == "b"
    assert revisions.family_of(name).variant("b").path == "new"


def test_options_and_the_contract_make_another_model() -> None:
    before = family(a="a")
    changed = ModelFamily("f")
    changed.add_variant("a", "a", session=SessionOptions(intra_op_num_threads=1))
    assert Revisions(before).replace(changed, {"a"}) == ("a",)
    assert Revisions(before).replace(family(Contract((), ()), a="a"), {"a"}) == ("a",)
    assert Revisions(before).replace(family(b="b"), {"a"}) == ("a",)


def test_marks_are_taken_out_of_what_is_told() -> None:
    revisions = Revisions(family(a="a"))
    revisions.replace(family(a="new"), {"a"})
    name = revisions.name_of("a")
    error = ActivationError(name, "loading", f"`{name}` is broken")
    told = plain_event(SwapEvent("SWAP_LOAD_FAILED", name, name, 1, error=error))
    assert (told.variant, told.previous) == ("a", "a")
    assert str(told.error) == "variant `a` failed while loading: `a` is broken"
    assert (error.variant, error.reason) == ("a", "`a` is broken")
    assert str(plain_error(NotServing(f"in a gap after `{name}`, until `{name}` is loaded"))) == (
        "in a gap after `a`, until `a` is loaded"
    )


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.sampled_from("xyz"), max_size=3), max_size=12))
def test_a_name_never_comes_to_mean_another_model(families: list[dict[str, str]]) -> None:
    revisions = Revisions(family(a="x"))
    meant: dict[str, str] = {"a": "x"}
    for paths in families:
        revisions.replace(family(**paths), set(meant))
        for variant, path in paths.items():
            name = revisions.name_of(variant)
            assert plain(name) == variant
            assert meant.setdefault(name, path) == path
            assert revisions.family_of(name).variant(variant).path == path
