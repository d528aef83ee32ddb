"""A policy file as a policy: what it takes from text and file, and every way that can go wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgeadapt.diagnostics import PolicyError
from edgeadapt.errors import PolicyFileError
from edgeadapt.policy import LambdaPolicy, PolicySession, RulePolicy, StabilityGuard, SwapHistory
from edgeadapt.program import ParameterError
from edgeadapt.program.compiled import to_bytes
from tests.runtime.world import ABC, MEASURED, state

TEXT = """edition 1
policy thrifty {
  param budget = 20 ms in 1 ms .. 1 s
  rule hot { when temperature > 60 °C urgent use lowest power }
  rule full { when charging use highest accuracy where latency <= budget }
  otherwise use medium
}
"""


def test_a_text_makes_a_policy_that_gives_out_sessions() -> None:
    policy = RulePolicy.from_text(TEXT)
    session = policy.session(MEASURED)
    assert isinstance(session, PolicySession)
    assert (policy.name, session.step(state(0, charging=True)).target) == ("thrifty", "medium")
    assert [policy.is_urgent(rule) for rule in ("hot", "full", "otherwise", "nobody")] == [
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("budget", "target"), [("40 ms", "full"), (15.0, "medium"), ("0.005 s", "tiny"), (5, "tiny")]
)
def test_parameters_are_texts_with_a_unit_or_numbers_in_the_canonical_one(
    budget: str | float, target: str
) -> None:
    for policy in (
        RulePolicy.from_text(TEXT, params={"budget": budget}),
        RulePolicy(RulePolicy.from_text(TEXT).program, {"budget": budget}),
    ):
        assert policy.session(MEASURED).step(state(0, charging=True)).target == target


def test_a_file_makes_the_same_policy(tmp_path: Path) -> None:
    path = tmp_path / "thrifty.eap"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    for given in (path, str(path)):
        assert RulePolicy.from_file(given).program == RulePolicy.from_text(TEXT).program
    changed = RulePolicy.from_file(path, params={"budget": "5 ms"})
    assert changed.session(MEASURED).step(state(0, charging=True)).target == "tiny"


def refusal(path: Path) -> PolicyFileError:
    with pytest.raises(PolicyFileError) as refused:
        RulePolicy.from_file(path)
    assert str(path) in str(refused.value)
    assert refused.value.remedy
    return refused.value


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    assert "no" in refusal(tmp_path / "none.eap").problem


def test_a_directory_is_no_policy_file(tmp_path: Path) -> None:
    assert "not a file" in refusal(tmp_path).problem


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "latin.eap"
    path.write_bytes(TEXT.encode("latin-1"))
    assert "UTF-8" in refusal(path).problem


def test_a_policy_with_errors_tells_each_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "wrong.eap"
    path.write_text(
        "edition 1\npolicy p {\n  rule r { when batery < 20% use a }\n  rule s { when cpu > use a }\n}\n"
    )
    with pytest.raises(PolicyError) as refused:
        RulePolicy.from_file(path)
    assert len(refused.value.diagnostics) >= 2
    assert f"{path}:3:" in str(refused.value)
    assert f"{path}:4:" in str(refused.value)


def test_a_text_can_be_given_a_name_for_its_errors() -> None:
    with pytest.raises(PolicyError, match=r"mine\.eap:1:"):
        RulePolicy.from_text("edition 1 policy p { }", name="mine.eap")


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"bugdet": "5 ms"}, "policy `thrifty` has no parameter `bugdet`; did you mean `budget`?"),
        ({"budget": "5 MB"}, "`5 MB` is a memory, but a time is needed"),
        ({"budget": "soon"}, "`soon` is not a number with a unit"),
        ({"budget": "2 s"}, "must be in 1 ms .. 1 s"),
        ({"budget": True}, "parameter `budget` takes a time, not `True`"),
    ],
)
def test_a_wrong_override_is_refused_in_one_line(
    tmp_path: Path, params: dict[str, str | float | bool], message: str
) -> None:
    path = tmp_path / "thrifty.eap"
    path.write_text(TEXT, encoding="utf-8")
    for make in (
        lambda: RulePolicy.from_text(TEXT, params=params),
        lambda: RulePolicy.from_file(path, params=params),
    ):
        with pytest.raises(ParameterError) as refused:
            make()
        assert message in str(refused.value)
        assert "\n" not in str(refused.value)


def test_a_family_that_lacks_a_variant_is_refused_when_a_session_is_asked_for() -> None:
    with pytest.raises(ValueError, match="policy `thrifty` uses `medium`, which family `plain` lacks"):
        RulePolicy.from_text(TEXT).session(ABC)


def test_asked_without_memory_it_answers_as_a_fresh_session_does() -> None:
    policy = RulePolicy.from_text(TEXT)
    assert policy.select(state(0, temperature=70.0), MEASURED, SwapHistory()) == "tiny"


def test_asked_without_memory_it_knows_the_active_variant_for_its_tolerance() -> None:
    policy = RulePolicy.from_text("edition 1 policy p { otherwise use highest accuracy tolerance 0.1 }")
    history = SwapHistory()
    history.committed("medium", 0)
    assert policy.select(state(0), MEASURED, history) == "medium"
    assert policy.select(state(0), MEASURED.without(["medium"]), history) == "full", (
        "the active one is not available"
    )


def test_asked_without_memory_for_a_family_that_has_nothing_it_says_so() -> None:
    policy = RulePolicy.from_text("edition 1 policy p { otherwise use highest accuracy }")
    with pytest.raises(ValueError, match="policy `p` finds no variant of family `measured`"):
        policy.select(state(0), MEASURED.without(MEASURED.names), SwapHistory())


def test_a_policy_remembers_its_file_and_parameters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "edition 1 policy p { param share = 20% rule r { when battery < share use a } otherwise use b }"
    (tmp_path / "p.eap").write_text(text)
    monkeypatch.chdir(tmp_path)
    policy = RulePolicy.from_file("p.eap", params={"share": "30%"})
    assert policy.policy_file == str(tmp_path / "p.eap")
    # The process may change its folder, and a link may lead elsewhere.
    (tmp_path / "q.eap").write_text(text.replace("use b", "use c"))
    (tmp_path / "p.eap").unlink()
    (tmp_path / "p.eap").symlink_to("q.eap")
    monkeypatch.chdir("/")
    again = policy.reread()
    assert (again.policy_file, [param.value for param in again.program.params]) == (
        policy.policy_file,
        [30.0],
    )
    assert again.program != policy.program
    guarded = StabilityGuard(policy, cooldown_sec=7.0)
    assert guarded.policy_file == policy.policy_file
    assert (guarded.reread().settings, guarded.reread().inner.name) == (guarded.settings, "p")


def test_a_compiled_file_is_remembered_and_bytes_are_not(tmp_path: Path) -> None:
    program = RulePolicy.from_text("edition 1 policy p { otherwise use a }").program
    (tmp_path / "p.eapc").write_bytes(to_bytes(program))
    policy = RulePolicy.from_compiled(tmp_path / "p.eapc")
    assert (policy.policy_file, policy.reread().program) == (str(tmp_path / "p.eapc"), program)
    for other in (
        RulePolicy.from_compiled(to_bytes(program)),
        LambdaPolicy(lambda state, family: "a", "mine"),
    ):
        assert other.policy_file is None
        with pytest.raises(ValueError, match="did not come from a file"):
            other.reread()
