"""A file that is good takes the place of what is in use between two steps; one that is not changes nothing, and says so."""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from edgeadapt.engine.reload import Reload
from edgeadapt.errors import NotServing
from edgeadapt.observability import Reloaded
from edgeadapt.policy import LambdaPolicy, RulePolicy, StabilityGuard
from edgeadapt.program.compiled import to_bytes
from edgeadapt.registry import ModelFamily
from tests.engine.files import Files, family_text, policy_text, save

PATIENCE_S = 20.0
AFRESH = "the policy starts afresh: the saved memory belongs to another policy, or to other parameter values"


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def outcomes(engine: Any) -> dict[str, str]:
    return {result.what: result.outcome for result in engine.reload()}


def told(engine: Any) -> list[tuple[str, str]]:
    events = engine.observability.events("reload.v1")
    return [(event.what, event.outcome) for event in events if isinstance(event, Reloaded)]


def test_a_changed_policy_decides_from_the_next_step_on(bench: Any, files: Files) -> None:
    engine = files.running(bench, 50, 50, 50)
    assert bench.poll(engine).target == "medium"
    save(files.policy, policy_text(low=60))
    assert engine.reload(who="night shift", why="spare more") == (
        Reload("policy", str(files.policy), "reloaded", AFRESH, False),
        Reload("family", str(files.family), "unchanged"),
    )
    assert engine.infer(0) == "medium"
    assert bench.poll(engine).target == "tiny"
    assert bench.swapped() == ("medium", "tiny")
    (policy, family) = engine.observability.events("reload.v1")
    assert isinstance(policy, Reloaded)
    assert (policy.who, policy.why, policy.memory_kept) == ("night shift", "spare more", False)
    assert policy.before != policy.digest == RulePolicy.from_file(files.policy).program.digest
    assert (family.before, family.outcome) == (family.digest, "unchanged")
    assert engine.status().counters["reloads"] == 1


def test_a_policy_with_errors_never_replaces_the_one_in_use(
    bench: Any, files: Files, caplog: pytest.LogCaptureFixture
) -> None:
    engine = files.running(bench, 50, 10)
    save(
        files.policy, policy_text().replace("20%", "20 °C").replace("otherwise use medium", "otherwise use 5")
    )
    with caplog.at_level(logging.INFO, "edgeadapt.engine"):
        policy, _ = engine.reload()
    assert policy.outcome == "refused"
    assert policy.detail.startswith(f"{files.policy}:3:19: error[EAP201] a ratio and a temperature")
    assert policy.detail.endswith("(1 more error)")
    assert f"the policy in use goes on, for `p.eap` is refused: {policy.detail}" in caplog.text
    assert bench.poll(engine).target == "tiny"
    assert engine.status().counters["reloads_refused"] == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "cannot read it: no such file or directory"),
        (b"", "p.eap:1:1: error[EAP"),
        (policy_text().encode()[:60], "p.eap:"),
        (b"\xff\xfe\x00", "p.eap: the text is not UTF-8"),
    ],
)
def test_what_is_no_policy_is_refused(bench: Any, files: Files, content: bytes | None, says: str) -> None:
    engine = files.running(bench, 50)
    if content is None:
        files.policy.unlink()
    else:
        files.policy.write_bytes(content)
    policy, family = engine.reload()
    assert (policy.outcome, family.outcome) == ("refused", "unchanged")
    assert says in policy.detail
    save(files.policy, policy_text())
    assert outcomes(engine) == {"policy": "unchanged", "family": "unchanged"}


def test_a_refusal_is_counted_once_while_it_lasts(bench: Any, files: Files) -> None:
    engine = files.running(bench, 50)
    save(files.policy, "no policy")
    assert [outcomes(engine)["policy"] for _ in range(3)] == ["refused"] * 3
    assert engine.status().counters["reloads_refused"] == 1
    # Somebody asked each time, and each answer is on record.
    assert told(engine).count(("policy", "refused")) == 3


@pytest.mark.parametrize("change", ["touched", "commented"])
def test_a_file_that_says_the_same_changes_nothing(bench: Any, files: Files, change: str) -> None:
    engine = files.running(bench, 10, 10)
    bench.poll(engine)
    if change == "touched":
        os.utime(files.policy, (1, 1))
    else:
        save(files.policy, "# spare the battery\n" + policy_text())
        save(files.family, "# five\n" + family_text())
    before = engine.status()
    assert outcomes(engine) == {"policy": "unchanged", "family": "unchanged"}
    assert engine.status().generation == before.generation
    assert engine.status().phases == before.phases == {"low": "active", "high": "idle"}


def test_a_policy_that_names_a_variant_the_family_lacks_is_refused_as_at_the_start(
    bench: Any, files: Files
) -> None:
    engine = files.running(bench, 50, 10)
    save(files.policy, policy_text(small="micro"))
    policy, _ = engine.reload()
    with pytest.raises(ValueError, match="uses `micro`, which family `digits` lacks") as refused:
        RulePolicy.from_file(files.policy).session(ModelFamily.from_yaml(files.family))
    assert (policy.outcome, policy.detail) == ("refused", str(refused.value))
    assert bench.poll(engine).target == "tiny"


def test_a_policy_and_its_family_that_changed_together_are_taken_together(bench: Any, files: Files) -> None:
    engine = files.running(bench, 50, 10)
    save(files.policy, policy_text(small="micro"))
    assert outcomes(engine) == {"policy": "refused", "family": "unchanged"}
    save(files.family, family_text("full", "medium", "micro"))
    # The policy is not what has changed since, and is good now.
    assert outcomes(engine) == {"policy": "reloaded", "family": "reloaded"}
    assert bench.poll(engine).target == "micro"
    assert bench.swapped() == ("medium", "micro")


def test_a_family_that_the_policy_does_not_fit_is_refused(bench: Any, files: Files) -> None:
    engine = files.running(bench, 50, 10)
    save(files.family, family_text("full", "medium"))
    _, family = engine.reload()
    assert family.outcome == "refused"
    assert "uses `tiny`, which family `digits` lacks" in family.detail
    assert bench.poll(engine).target == "tiny"


def test_of_two_that_do_not_fit_each_other_neither_is_taken(bench: Any, files: Files) -> None:
    engine = files.running(bench, 50, 10)
    save(files.policy, policy_text(small="micro"))
    save(files.family, family_text("full", "medium"))
    assert outcomes(engine) == {"policy": "refused", "family": "refused"}
    assert bench.poll(engine).target == "tiny"


def test_a_good_one_is_taken_beside_one_with_errors(bench: Any, files: Files) -> None:
    engine = files.running(bench, 50, 50)
    save(files.policy, policy_text(low=60))
    save(files.family, "nothing")
    assert outcomes(engine) == {"policy": "reloaded", "family": "refused"}
    assert bench.poll(engine).target == "tiny"


def test_parameters_are_set_again(bench: Any, files: Files) -> None:
    text = (
        policy_text()
        .replace("  rule low", "  param share = 20% in 0% .. 100%\n  rule low")
        .replace("< 20%", "< share")
    )
    save(files.policy, text)
    policy = RulePolicy.from_file(files.policy, params={"share": "60%"})
    engine = files.running(bench, 50, 50, policy=policy)
    save(files.policy, text.replace("share = 20%", "share = 30%"))
    # The text's own value does not count: it is set.
    assert outcomes(engine)["policy"] == "unchanged"
    save(files.policy, text.replace("share", "part"))
    refused = engine.reload()[0]
    assert refused.outcome == "refused"
    assert "has no parameter `share`" in refused.detail
    assert bench.poll(engine).target == "tiny"


def test_a_compiled_policy_is_reloaded_too(bench: Any, files: Files, tmp_path: Path) -> None:
    compiled = tmp_path / "p.eapc"
    compiled.write_bytes(to_bytes(RulePolicy.from_text(policy_text()).program))
    engine = files.running(bench, 50, 50, policy=RulePolicy.from_compiled(compiled))
    compiled.write_bytes(to_bytes(RulePolicy.from_text(policy_text(low=60)).program))
    assert outcomes(engine)["policy"] == "reloaded"
    assert bench.poll(engine).target == "tiny"
    compiled.write_bytes(b"EAPC?")
    assert outcomes(engine)["policy"] == "refused"


def test_a_guard_that_the_host_gave_stays_around_the_policy(bench: Any, files: Files) -> None:
    bare = policy_text().replace("  guard { cooldown 0 s }\n", "")
    save(files.policy, bare)
    guard = StabilityGuard(RulePolicy.from_file(files.policy), cooldown_sec=1000)
    engine = files.running(bench, 50, 10, 50, 50, policy=guard)
    bench.poll(engine)
    bench.swapped()
    save(files.policy, bare.replace("< 20%", "< 25%"))
    assert outcomes(engine)["policy"] == "reloaded"
    bench.poll(engine)
    bench.swapped()
    save(files.policy, bare.replace("< 20%", "< 60%"))
    assert outcomes(engine)["policy"] == "reloaded"
    assert bench.poll(engine).target == "tiny"


def test_a_policy_that_gets_a_guard_beside_the_engines_is_refused(bench: Any, files: Files) -> None:
    save(files.policy, policy_text().replace("  guard { cooldown 0 s }\n", ""))
    stability = StabilityGuard(lambda state, family: "tiny", cooldown_sec=1)
    engine = files.running(bench, 50, stability=stability)
    save(files.policy, policy_text())
    policy, _ = engine.reload()
    assert policy.outcome == "refused"
    assert "has a guard of its own" in policy.detail


def test_without_a_file_there_is_nothing_to_reload(bench: Any, files: Files) -> None:
    engine = bench.running(50)
    with pytest.raises(ValueError, match="neither policy nor family came from one"):
        engine.reload()
    with pytest.raises(ValueError, match="`watch=True` watches files, and neither"):
        bench.engine(50, watch=True)
    engine = files.running(bench, 50, policy=LambdaPolicy(lambda state, family: "tiny"))
    assert outcomes(engine) == {"family": "unchanged"}


def test_a_family_that_code_has_added_to_has_no_file_any_more(bench: Any, files: Files) -> None:
    family = ModelFamily.from_yaml(files.family)
    assert family.file == str(files.family)
    family.add_variant("micro", "micro.onnx")
    assert family.file is None
    bench.family = family
    bench.loader.script("micro")
    engine = bench.running(50, policy=RulePolicy.from_file(files.policy))
    assert outcomes(engine) == {"policy": "unchanged"}


def test_an_engine_that_does_not_run_reloads_nothing(bench: Any, files: Files) -> None:
    engine = files.running(bench, 50)
    engine.stop()
    with pytest.raises(NotServing):
        engine.reload()


def test_a_restart_goes_by_what_was_reloaded(bench: Any, files: Files) -> None:
    engine = files.running(bench, 50, 50, 50)
    save(files.policy, policy_text(low=60))
    engine.reload()
    engine.stop()
    engine.start()
    assert bench.poll(engine).target == "tiny"


def test_a_crash_after_a_reload_loses_no_memory(bench: Any, files: Files, tmp_path: Path) -> None:
    path = tmp_path / "edgeadapt.state"
    engine = files.running(bench, 50, 50, state_file=path)
    save(files.policy, policy_text(low=21))
    engine.reload()
    # Every phase is what it was before.
    bench.poll(engine)
    saved = json.loads(path.read_text())
    assert saved["session"]["digest"] == RulePolicy.from_file(files.policy).program.digest


def test_many_may_reload_at_once(bench: Any, files: Files) -> None:
    engine = files.running(bench, *[50, 10] * 200)
    errors: list[BaseException] = []
    stop = threading.Event()

    def until_stopped(work: Callable[[], object]) -> None:
        try:
            while not stop.is_set():
                work()
        except BaseException as error:  # noqa: BLE001 - the test reports whatever it met
            errors.append(error)

    works = (engine.reload, engine.reload, engine.poll, lambda: engine.infer(0), engine.status)
    threads = [threading.Thread(target=until_stopped, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for number in range(8):
        save(files.policy, policy_text(low=20 + number % 3))
        save(files.family, family_text(tiny=f"{number % 3}.onnx", medium=f"{number % 2}.onnx"))
        engine.reload()
    stop.set()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert errors == []
    counters = engine.status().counters
    assert (counters["policy_errors"], counters["reloads_refused"], counters["swaps_failed"]) == (0, 0, 0)
    assert engine._launch.in_use.given.program.digest == RulePolicy.from_file(files.policy).program.digest


def test_a_callback_may_reload(bench: Any, files: Files) -> None:
    results: list[tuple[Reload, ...]] = []

    def reload(before: str, after: str) -> None:
        results.append(engine.reload())
        bench.completed.put((before, after))

    engine: Any = files.running(bench, 50, 10, 10, on_swap_complete=reload)
    bench.poll(engine)
    assert bench.swapped() == ("medium", "tiny")
    assert [result.outcome for result in results[0]] == ["unchanged", "unchanged"]


def test_what_a_reload_says_is_plain_data(bench: Any, files: Files) -> None:
    engine = files.running(bench, 50)
    engine.reload(who="me", why="to see")
    event = json.loads(json.dumps(engine.observability.events("reload.v1")[0].as_dict()))
    assert (event["kind"], event["what"], event["who"], event["why"]) == (
        "reload.v1",
        "policy",
        "me",
        "to see",
    )
    with pytest.raises(TypeError, match="`who` is a text"):
        engine.reload(who=7)


def with_input(name: str) -> str:
    lines = policy_text().splitlines(keepends=True)
    declared = [f"  input {name}: number in 0 .. 10\n", f"  rule dark {{ when {name} > 5 use full }}\n"]
    return "".join([*lines[:2], *declared, *lines[2:]])


def test_what_the_host_reported_goes_on_under_the_new_policy(bench: Any, files: Files) -> None:
    save(files.policy, with_input("noise"))
    engine = files.running(bench, 50, 50, 50, 50)
    engine.report(noise=8)
    assert bench.poll(engine).rule == "dark"
    save(files.policy, with_input("noise").replace("> 5", "> 6"))
    engine.reload()
    assert bench.poll(engine).rule == "dark"
    # The host goes on reporting what the policy does not take any more.
    save(files.policy, policy_text())
    engine.reload()
    engine.report(noise=9)
    assert bench.poll(engine).rule == "otherwise"
    save(files.policy, with_input("noise"))
    engine.reload()
    assert bench.poll(engine).rule == "dark"
    with pytest.raises(ValueError, match="no input `nose`"):
        engine.report(nose=1)
