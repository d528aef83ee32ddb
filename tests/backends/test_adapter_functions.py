"""A host's own adapters, as they are given."""

from __future__ import annotations

from typing import Any

import pytest

from edgeadapt.backends.adapter_functions import checked_adapters
from edgeadapt.registry import AdapterSteps, Contract, ModelFamily


@pytest.fixture
def family() -> ModelFamily:
    made = ModelFamily("f", contract=Contract())
    made.add_variant("small", "small.onnx")
    made.add_variant("stepped", "stepped.onnx", adapter=AdapterSteps())
    return made


def test_pairs_come_back_as_they_are(family: ModelFamily) -> None:
    assert checked_adapters(family, None) == {}
    assert checked_adapters(family, {}) == {}
    assert checked_adapters(family, {"small": (None, abs)}) == {"small": (None, abs)}
    assert checked_adapters(family, {"small": [abs, None]}) == {"small": (abs, None)}  # type: ignore[dict-item]  # a list does too


@pytest.mark.parametrize(
    ("adapters", "kind", "message"),
    [
        ("small", TypeError, "`adapters` gives variants by name a pair of functions"),
        ([("small", (None, None))], TypeError, "`adapters` gives variants by name a pair of functions"),
        ({"smal": (None, None)}, ValueError, "which family `f` has not; did you mean `small`?"),
        ({5: (None, None)}, ValueError, "`adapters` names `5`, which family `f` has not"),
        ({"stepped": (abs, None)}, ValueError, "has an adapter in `adapters` and one in the family"),
        ({"small": None}, TypeError, "gives `small` `None` where it takes a pair of functions"),
        ({"small": abs}, TypeError, "where it takes a pair of functions"),
        ({"small": (abs,)}, ValueError, "gives `small` 1 items where it takes a pair of functions"),
        ({"small": (abs, abs, abs)}, ValueError, "gives `small` 3 items"),
        ({"small": (1, None)}, TypeError, "gives `small` `1` before its model; it takes a function, or None"),
        ({"small": (None, "abs")}, TypeError, "gives `small` `abs` after its model"),
    ],
)
def test_what_is_no_pair_of_functions_is_refused(
    family: ModelFamily, adapters: Any, kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind) as caught:
        checked_adapters(family, adapters)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
