"""What a policy ranks by and a family does not tell is told, once, with the key that would tell it."""

from __future__ import annotations

from edgeadapt.language import compile_text
from edgeadapt.registry import ModelFamily, VariantMetadata
from edgeadapt.tooling.policy_fit import unjudged


def told(use: str) -> list[str]:
    family = ModelFamily("f")
    family.add_variant("a", "a", metadata=VariantMetadata(accuracy_score=0.5, expected_latency_ms=1))
    family.add_variant("b", "b", metadata=VariantMetadata(accuracy_score=0.5))
    family.add_variant("c", "c", attributes={"size": 3})
    return list(unjudged(compile_text(f"edition 1 policy p {{ {use} }}"), family))


def test_variants_that_a_choice_can_not_judge_are_named_with_the_remedy() -> None:
    assert told("rule r { when charging use highest accuracy } otherwise use a") == [
        "`accuracy` of `c` is unknown, so rule `r` passes them over; declare it, as `accuracy_score` in `metadata`"
    ]
    assert told("otherwise use highest accuracy where latency <= 1 ms else a") == [
        "`accuracy` of `c` is unknown, so `otherwise` passes them over; declare it, as `accuracy_score` in `metadata`",
        "`latency` of `b` and `c` is unknown, so `otherwise` passes them over; declare it, as `expected_latency_ms` in `metadata`",
    ]
    assert told("otherwise use lowest memory") == [
        "`memory` of all is unknown, so `otherwise` ranks them last; declare it, as `memory_footprint_mb` in `metadata`"
    ]
    assert told("otherwise use highest variant.size else a") == [
        "`variant.size` of `a` and `b` is unknown, so `otherwise` passes them over; declare it, as `size` in `attributes`"
    ]


def test_what_the_policy_provides_for_is_no_news() -> None:
    assert told("otherwise use highest (accuracy ?? 0) where latency is unknown else a") == []
    assert told("otherwise use a") == []
