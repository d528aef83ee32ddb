"""Precedence, the table of dimensions, units, words and unknown, as a policy's author meets them."""

import pytest

from edgeadapt.language import compile_text, lint_text
from edgeadapt.program.expr import (
    And,
    Arithmetic,
    AttributeRef,
    Band,
    Coalesce,
    Compare,
    CompareOp,
    Const,
    Expr,
    InRange,
    Negate,
    Not,
    NumberOp,
    Or,
    SignalRef,
    WordConst,
)

KINDS = {
    "number": "2",
    "ratio": "cpu",
    "temperature": "temperature",
    "difference": "5 K",
    "memory": "memory_available",
    "time": "battery_time_left",
    "power": "power_draw",
    "frequency": "cpu_frequency",
}
SAME = [kind for kind in KINDS if kind != "temperature"]
PLUS = {(kind, kind): kind for kind in SAME} | {
    ("temperature", "difference"): "temperature",
    ("difference", "temperature"): "temperature",
}
MINUS = {(kind, kind): kind for kind in SAME} | {
    ("temperature", "temperature"): "difference",
    ("temperature", "difference"): "temperature",
}
TIMES = (
    {("number", kind): kind for kind in SAME}
    | {("ratio", kind): kind for kind in SAME}
    | {(kind, "number"): kind for kind in SAME if kind not in ("number", "ratio")}
    | {(kind, "ratio"): kind for kind in SAME if kind not in ("number", "ratio")}
)
OVER = (
    {(kind, "number"): kind for kind in SAME}
    | {(kind, "ratio"): kind for kind in SAME}
    | {(kind, kind): "number" for kind in SAME}
)
TABLES = {"+": PLUS, "-": MINUS, "*": TIMES, "/": OVER}
CASES = [
    (op, left, right, table.get((left, right)))
    for op, table in TABLES.items()
    for left in KINDS
    for right in KINDS
]


def _let(text: str) -> Expr:
    program = compile_text(f"edition 1 policy p {{ let it = {text} otherwise use tiny }}")
    return program.lets[0].value.expr


def _codes(text: str) -> list[str]:
    return [
        problem.code
        for problem in lint_text(f"edition 1 policy p {{ let it = {text} otherwise use tiny }}")
        if problem.is_error
    ]


@pytest.mark.parametrize(("op", "left", "right", "result"), CASES, ids=lambda value: str(value))
def test_two_kinds_go_together_as_the_table_of_dimensions_says(
    op: str, left: str, right: str, result: str | None
) -> None:
    text = f"{KINDS[left]} {op} {KINDS[right]}"
    if result is None:
        assert _codes(text) in (["EAP201"], ["EAP202"], ["EAP205"])
    else:
        assert _codes(f"{text} > {KINDS[result]}") == []
        others = [kind for kind in KINDS if kind != result]
        assert all(_codes(f"{text} > {KINDS[other]}") in (["EAP201"], ["EAP202"]) for other in others)


A, B, C = (SignalRef(name) for name in ("cpu", "gpu", "battery"))
P, Q, R = (SignalRef(name) for name in ("charging", "throttled", "low_power_mode"))
FIVE = Const(5.0, "5%")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("charging or throttled and low_power_mode", Or((P, And((Q, R))))),
        ("not charging and throttled", And((Not(P), Q))),
        ("not cpu < gpu", Not(Compare(CompareOp.LT, A, B))),
        ("not not charging", Not(Not(P))),
        ("cpu < gpu + battery", Compare(CompareOp.LT, A, Arithmetic(NumberOp.ADD, B, C))),
        ("cpu + 2 * gpu - battery", Arithmetic(NumberOp.SUBTRACT, Arithmetic(NumberOp.ADD, A, Arithmetic(NumberOp.MULTIPLY, Const(2.0, "2"), B)), C)),
        ("-cpu ?? gpu", Negate(Coalesce(A, B))),
        ("cpu ?? gpu + battery", Arithmetic(NumberOp.ADD, Coalesce(A, B), C)),
        ("cpu ?? gpu ?? battery", Coalesce(A, Coalesce(B, C))),
        ("cpu ?? -5%", Coalesce(A, Const(-5.0, "-5%"))),
        ("cpu ?? -gpu", Coalesce(A, Negate(B))),
        ("-5% ?? cpu", Coalesce(Const(-5.0, "-5%"), A)),
        ("cpu - -5%", Arithmetic(NumberOp.SUBTRACT, A, Const(-5.0, "-5%"))),
        ("cpu - 5%", Arithmetic(NumberOp.SUBTRACT, A, FIVE)),
        ("-(5%)", Negate(FIVE)),
        ("cpu in 5% .. gpu - 5%", InRange(A, FIVE, Arithmetic(NumberOp.SUBTRACT, B, FIVE))),
    ],
)  # fmt: skip
def test_operators_bind_as_the_reference_says(text: str, tree: Expr) -> None:
    assert _let(text) == tree


def test_of_a_ratio_and_a_number_multiplied_the_left_one_scales_the_right() -> None:
    assert _codes("0.5 * cpu > 5% and cpu * 0.5 > 0.05 and 50% * cpu > 5%") == []
    assert _codes("cpu * 0.5 > 5%") == ["EAP202"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("temperature < 75 °C", 75.0),
        ("temperature < - 5 °C", -5.0),
        ("temperature < 167 °F", 75.0),
        ("memory_available < 1 GiB", 1073.741824),
        ("battery_time_left < 5 µs", 0.005),
        ("battery < 20 %", 20.0),
    ],
)
def test_a_literal_is_read_in_its_canonical_unit(text: str, value: float) -> None:
    compare = _let(text)
    assert isinstance(compare, Compare)
    assert isinstance(compare.right, Const)
    assert compare.right.value == value


@pytest.mark.parametrize(
    ("band", "width"), [("5 K", 5.0), ("5 °C", 5.0), ("41 °F", 41 * 5 / 9), ("(5 °C)", 5.0), ("9 degF", 5.0)]
)
def test_directly_after_band_a_temperature_is_a_difference(band: str, width: float) -> None:
    node = _let(f"temperature < 70 °C band {band}")
    assert isinstance(node, Band)
    assert isinstance(node.width, Const)
    assert node.width.value == pytest.approx(width, rel=1e-15)


def test_elsewhere_it_is_a_point() -> None:
    assert _codes("temperature < 70 °C band 2 * 5 °C") == ["EAP205"]
    assert _codes("temperature - 5 °C > 70 °C") == ["EAP201"]
    assert _codes("temperature - 5 °C > 70 K") == []


@pytest.mark.parametrize(
    "text", ["network == good", "good == network", "network in poor .. good", "(network ?? poor) >= fair"]
)
def test_a_word_is_resolved_by_the_other_operand(text: str) -> None:
    assert _codes(text) == []


def test_a_word_beside_its_enumeration_wins_over_a_name() -> None:
    program = compile_text(
        "edition 1 policy p { input mode: one of battery, eco let it = mode == battery let also = battery == mode otherwise use x }"
    )
    for let in program.lets:
        compare = let.value.expr
        assert isinstance(compare, Compare)
        assert WordConst(0, "battery") in (compare.left, compare.right)


def test_an_attribute_that_no_family_explains_is_what_its_use_says() -> None:
    body = "variant.a and variant.b < 3 and (variant.c ?? false) and variant.d == true and not variant.e and (variant.f ?? variant.g)"
    program = compile_text(
        f"edition 1 policy p {{ rule r {{ when charging use highest variant.h where {body} }} otherwise use x }}"
    )
    assert program.rules[0].choices[0].where is not None
    text = "edition 1 policy p { rule r { when charging use tiny where variant.a < 5 ms } otherwise use x }"
    assert [problem.code for problem in lint_text(text)] == ["EAP201"]


def test_signals_that_a_program_reads_are_listed_whatever_reads_them() -> None:
    program = compile_text(
        "edition 1 policy p { let a = cpu > 5% rule r { when a until charging use highest battery where gpu < 5% } "
        "property q { never use x when throttled } otherwise use lowest temperature }"
    )
    assert program.signals == ("battery", "charging", "cpu", "gpu", "temperature", "throttled")


def test_an_ordered_word_ranks_by_its_place() -> None:
    program = compile_text("edition 1 policy p { otherwise use lowest power then highest level(power) }")
    (choice,) = program.otherwise
    assert choice.rankings[0].score == AttributeRef("power")  # type: ignore[union-attr] # a ranked choice
