"""What depends on the order of things, on a family, or on how bad a problem is."""

import attrs
import pytest

from edgeadapt.diagnostics import Diagnostic, PolicyError, Severity, Source, Span
from edgeadapt.language import compile_policy, compile_text, lint_text
from edgeadapt.language.checker import check
from edgeadapt.language.parser import parse
from edgeadapt.program.program import NamedChoice
from edgeadapt.registry.family import ModelFamily


def _family(name: str, *variants: str) -> ModelFamily:
    family = ModelFamily(name)
    for variant in variants:
        family.add_variant(variant, f"{variant}.onnx")
    return family


def test_a_family_by_another_name_is_fine_if_it_has_every_variant_named() -> None:
    text = "edition 1 policy p { family digits rule r { when charging use tiny } otherwise use full }"
    assert lint_text(text, family=_family("letters", "tiny", "full")) == ()
    assert [problem.code for problem in lint_text(text, family=_family("letters", "tiny"))] == ["EAP306"]


def test_a_key_that_variants_disagree_about_is_what_its_use_says() -> None:
    family = ModelFamily("f")
    family.add_variant("a", "a.onnx", attributes={"fast": True})
    family.add_variant("b", "b.onnx", attributes={"fast": 3})
    text = "edition 1 policy p { rule r { when charging use highest variant.fast where variant.fast } otherwise use a }"
    assert lint_text(text, family=family) == ()


def test_a_warning_does_not_keep_a_policy_from_being_compiled() -> None:
    parsed = parse(Source("p.eap", "edition 1 policy p { otherwise use tiny }"))
    warning = Diagnostic("EAP401", Severity.WARNING, "suspicious", parsed.source, Span(0, 1))
    checked = check(attrs.evolve(parsed, diagnostics=(warning,)))
    assert checked.diagnostics == (warning,)
    assert compile_policy(checked).otherwise == (NamedChoice("tiny"),)


def test_a_syntax_error_keeps_it_and_the_rest_is_checked_all_the_same() -> None:
    checked = check(
        parse(
            Source(
                "p.eap",
                "edition 1 policy p { let a = = rule r { when batery < 5% use tiny } rule q { } otherwise use tiny }",
            )
        )
    )
    assert [problem.code for problem in checked.diagnostics] == ["EAP007", "EAP101", "EAP303", "EAP303"]
    with pytest.raises(PolicyError):
        compile_policy(checked)


def test_what_a_lost_section_would_have_said_is_not_called_missing() -> None:
    lost = "edition 1 policy p { input a: number in .. 5 param b = let c = = 4 rule r { when a > b and c use tiny } otherwise use }"
    assert {problem.code for problem in lint_text(lost)} == {"EAP007"}


def test_bands_are_numbered_and_a_let_has_one_memory() -> None:
    program = compile_text(
        "edition 1 policy p { let a = cpu < 5% band 1% rule r { when a or cpu < 5% band 1% until a and gpu > 5% band 1% use x } otherwise use x }"
    )
    assert [band.index for band in program.bands] == [0, 1, 2]


def test_a_count_has_any_number_of_digits() -> None:
    text = "edition 1 policy p {{ guard {{ at most {} swaps per 1 s }} otherwise use x }}"
    counts = [
        compile_text(text.format(count)).guard.limits[0].count for count in ("0", "0" * 30 + "5", "9" * 5000)
    ]  # type: ignore[union-attr] # it has a guard
    assert counts[:2] == [0, 5]
    assert counts[2] > 10**17
