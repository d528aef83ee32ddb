"""Functions of the host stand around a variant that differs from the contract."""

from __future__ import annotations

from typing import Any

import pytest


def test_adapters_stand_around_a_variants_model(bench: Any) -> None:
    def answer(inputs: Any) -> None:
        seen.append(inputs)

    seen: list[Any] = []
    bench.loader.script("tiny", on_infer=answer)
    engine = bench.running(50, 10, adapters={"tiny": (lambda x: x // 2, lambda y: y.upper())})
    assert engine.infer(8) == "medium"
    bench.poll(engine)
    bench.swapped()
    assert engine.infer(8) == "TINY"
    assert seen[-1] == 4


def test_an_adapter_of_an_unknown_variant_is_refused_before_anything_starts(bench: Any) -> None:
    with pytest.raises(ValueError, match=r"`tinny`.*did you mean `tiny`"):
        bench.engine(50, adapters={"tinny": (None, None)})


@pytest.mark.parametrize("adapters", [[], {"tiny": len}, {"tiny": (1, None)}])
def test_an_adapter_that_is_no_pair_of_functions_is_refused_before_anything_starts(
    bench: Any, adapters: Any
) -> None:
    with pytest.raises(TypeError, match="`adapters` gives"):
        bench.engine(50, adapters=adapters)
