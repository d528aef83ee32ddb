from __future__ import annotations

import attrs

from edgeadapt.demo.accounting import Totals
from edgeadapt.demo.verdict import against, most_accurate, verdict
from edgeadapt.registry.family import ModelFamily, VariantMetadata
from edgeadapt.shipped import shipped

POLICY = Totals("phone", 1000, 0, 5, 0, 0.98, 0.97, 1.0, 0.1)
FAST = Totals("fast", 1000, 0, 0, 0, 0.9, 0.9, 0.2, 0.05)
SHARP = Totals("sharp", 1000, 100, 50, 0, 0.99, 0.84, 2.0, 0.4)


def useful(share: float, of: int = 1000) -> list[bool]:
    return [place < share * of for place in range(of)]


def said(policy: Totals, *others: Totals) -> str:
    rows = [
        against(policy, other, useful(policy.effective_accuracy), useful(other.effective_accuracy))
        for other in others
    ]
    return " ".join(verdict(policy, others, rows, others[-1].name))


def test_a_policy_that_gives_the_most_is_said_to():
    text = said(POLICY, FAST, SHARP)
    assert "The policy gave the most useful answers: 97.0 %" in text
    assert "15.0 % of the requests, and the policy took 50 % less processor time" in text
    assert "does not win" not in text


def test_a_policy_that_gives_less_is_said_to():
    text = said(attrs.evolve(POLICY, effective_accuracy=0.85), FAST, SHARP)
    assert text.startswith("fast alone gave more useful answers than the policy")
    assert "It does not win against fast" in text


def test_a_difference_that_chance_explains_is_called_none():
    near = attrs.evolve(FAST, effective_accuracy=0.969)
    row = against(POLICY, near, useful(0.97), useful(0.969))
    assert not row.certain
    assert "so few requests can't tell apart" in said(POLICY, near, SHARP)


def test_doing_as_well_for_less_work_is_beating():
    near = attrs.evolve(FAST, effective_accuracy=0.969)
    assert against(POLICY, near, useful(0.97), useful(0.969)).is_beaten
    assert not against(POLICY, FAST, useful(0.97), useful(0.9)).is_beaten
    assert not against(POLICY, SHARP, useful(0.97), useful(0.84)).is_beaten


def test_the_most_accurate_of_equals_is_the_fastest():
    assert most_accurate(ModelFamily.from_yaml(shipped("families/digits.yaml"))) == "medium_int8"


def test_a_family_without_figures_has_a_most_accurate_variant_too():
    family = ModelFamily("bare")
    family.add_variant("a", "a.onnx", metadata=VariantMetadata())
    assert most_accurate(family) == "a"
