"""`--select` and `--ignore` take codes and their beginnings, and never make a policy with errors look clean."""

import pytest

from edgeadapt.cli.arguments.codes import chosen
from edgeadapt.cli.failure import Misuse
from edgeadapt.diagnostics import Diagnostic, Severity, Source, Span

KNOWN = ("EAP001", "EAP101", "EAP401", "EAP418", "EAP419")


def _left(select: list[str], ignore: list[str]) -> list[str]:
    wanted = chosen(select, ignore, KNOWN)
    severities = {"4": Severity.WARNING}
    problems = [
        Diagnostic(code, severities.get(code[3], Severity.ERROR), "m", Source("a", "x"), Span(0, 1))
        for code in KNOWN
    ]
    return [problem.code for problem in problems if wanted.has(problem)]


@pytest.mark.parametrize(
    ("select", "ignore", "left"),
    [
        ([], [], ["EAP401", "EAP418", "EAP419"]),
        (["EAP401"], [], ["EAP401"]),
        (["EAP41"], ["EAP419"], ["EAP418"]),
        (["EAP401, eap419"], [], ["EAP401", "EAP419"]),
        (["EAP401", "EAP419"], [], ["EAP401", "EAP419"]),
        ([], ["EAP4"], []),
        (["EAP1"], [], []),
        ([], ["EAP"], []),
    ],
)
def test_lints_are_chosen_by_code_and_errors_are_always_shown(select, ignore, left) -> None:
    assert _left(select, ignore) == ["EAP001", "EAP101", *left]


@pytest.mark.parametrize(
    "code", ["EAP9", "EAP4011", "E", "401", "", "EAP401,", "no-hysteresis", "EAP4\x1b[2J"]
)
@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_an_unknown_code_is_wrong_use(option, code) -> None:
    given = ([code], []) if option == "--select" else ([], [code])
    with pytest.raises(Misuse, match=rf"^{option}: there is no code `.*`; give codes or their beginnings"):
        chosen(*given, KNOWN)


@pytest.mark.parametrize("code", ["EAP101", "EAP0"])
def test_errors_can_not_be_ignored(code) -> None:
    with pytest.raises(Misuse, match=f"^`{code}` stands for errors, which can't be ignored"):
        chosen([], [code], KNOWN)
