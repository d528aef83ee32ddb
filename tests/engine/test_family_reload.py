"""A family may change while it serves: what is unchanged is not loaded again, and what serves is never half of anything."""

from __future__ import annotations

import queue
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edgeadapt.engine import Engine, launch
from edgeadapt.engine.audit import Signed
from edgeadapt.errors import InferenceTimeout, NotServing
from edgeadapt.observability import ObservabilityCollector, OperatorAction, Reloaded, SwapStage
from edgeadapt.policy import RulePolicy
from edgeadapt.registry import ModelFamily
from edgeadapt.shipped import shipped
from tests.engine.files import Files, family_text, policy_text, save

PATIENCE_S = 20.0
ANY = """\
edition 1
policy any {
  rule low { when battery < 20% use lowest memory }
  otherwise use highest memory
}
"""
SLOW = """\
edition 1
policy slow {
  rule low { when battery < 20% for 25 s use tiny }
  otherwise use medium
  guard { cooldown 0 s }
}
"""


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def reloaded(engine: Any) -> Any:
    """Reload, and return what became of the family."""
    result = engine.reload()[-1]
    assert result.what == "family"
    return result


def loads(bench: Any) -> list[str]:
    return [backend.variant for backend in bench.loader.made]


def test_a_changed_figure_decides_without_a_load(bench: Any, files: Files) -> None:
    save(files.policy, ANY)
    engine = files.running(bench, 50, 50)
    assert engine.infer(0) == "full"
    save(files.family, family_text().replace("memory_footprint_mb: 100", "memory_footprint_mb: 1000"))
    assert reloaded(engine).outcome == "reloaded"
    assert bench.poll(engine).target == "medium"
    assert bench.swapped() == ("full", "medium")
    assert loads(bench) == ["full", "medium"]


def test_what_serves_unchanged_is_not_loaded_again(bench: Any, files: Files) -> None:
    engine = files.running(bench, 50, 50)
    save(files.family, family_text("full", "medium", "tiny", "micro", tiny="new.onnx"))
    assert reloaded(engine).memory_kept
    bench.poll(engine)
    assert (engine.status().generation, loads(bench)) == (1, ["medium"])


def test_what_serves_is_loaded_as_the_family_has_it_now(bench: Any, files: Files) -> None:
    engine = files.running(bench, 50, 50, 50)
    bench.loader.script("medium", output="new")
    save(files.family, family_text(medium="new.onnx"))
    reloaded(engine)
    # Until the next step, and while it is loaded, what served goes on.
    assert engine.infer(0) == "medium"
    bench.poll(engine)
    assert bench.swapped() == ("medium", "medium")
    assert engine.infer_detailed(0).outputs == "new"
    assert (engine.infer_detailed(0).variant, engine.active_variant) == ("medium", "medium")
    assert bench.poll(engine).reason == "UNCHANGED"
    with engine.lease() as lease:
        assert lease.variant == "medium"
    assert (engine.status().generation, loads(bench)) == (2, ["medium", "medium"])
    stages = engine.observability.events("swap_stage.v1")
    assert [(it.code, it.variant, it.action) for it in stages if isinstance(it, SwapStage)] == [
        ("SWAP_PENDING", "medium", "reload"),
        ("SWAP_COMMITTED", "medium", "reload"),
    ]


def test_a_changed_model_that_fails_leaves_the_old_one_serving(bench: Any, files: Files) -> None:
    engine = files.running(bench, profiler=bench.recording(50, 50, 50, 50, step_s=6.0))
    bench.loader.script("medium", load_error=OSError("the file is cut off"))
    save(files.family, family_text(medium="new.onnx"))
    reloaded(engine)
    bench.poll(engine)
    variant, error = bench.fell_back()
    assert (variant, str(error)) == (
        "medium",
        "variant `medium` failed while loading: OSError: the file is cut off",
    )
    assert engine.infer(0) == "medium"
    bench.poll(engine)
    assert "medium" in engine.status().unavailable
    # Mended in the family's file, it is not kept out for what the last one did.
    bench.loader.script("medium", output="mended")
    save(files.family, family_text(medium="mended.onnx"))
    reloaded(engine)
    bench.poll(engine)
    assert bench.swapped() == ("medium", "medium")
    assert engine.infer(0) == "mended"


def test_going_back_to_the_model_that_serves_takes_no_load(bench: Any, files: Files) -> None:
    engine = files.running(bench, 50, 50)
    save(files.family, family_text(medium="new.onnx"))
    reloaded(engine)
    save(files.family, family_text())
    reloaded(engine)
    bench.poll(engine)
    assert (engine.status().generation, loads(bench)) == (1, ["medium"])


def test_an_added_variant_can_be_chosen(bench: Any, files: Files) -> None:
    save(files.policy, ANY)
    engine = files.running(bench, 50, 10)
    save(files.family, family_text("full", "medium", "tiny", "micro"))
    reloaded(engine)
    assert bench.poll(engine).target == "micro"
    assert bench.swapped() == ("full", "micro")


def test_an_added_variant_can_be_pinned_before_the_next_step(bench: Any, files: Files) -> None:
    engine = files.running(bench, 50, 50, 50)
    save(files.family, family_text("full", "medium", "tiny", "micro"))
    reloaded(engine)
    engine.pin("micro")
    assert bench.swapped() == ("medium", "micro")
    assert bench.poll(engine).active == "micro"
    assert engine.status().counters["policy_errors"] == 0


def test_a_removed_variant_serves_until_the_policy_has_chosen(bench: Any, files: Files) -> None:
    save(files.policy, ANY)
    engine = files.running(bench, 50, 50, 50)
    gate = threading.Event()
    bench.loader.script("medium", gate=gate)
    save(files.family, family_text("medium", "tiny"))
    result = reloaded(engine)
    assert (result.memory_kept, result.detail) == (
        False,
        "the policy starts afresh: the saved memory has `full` active, which the family lacks",
    )
    assert engine.infer(0) == "full"
    assert bench.poll(engine).reason == "ADOPTED"
    bench.loading("medium")
    assert engine.infer(0) == "full"
    gate.set()
    assert bench.swapped() == ("full", "medium")
    assert bench.poll(engine).reason == "UNCHANGED"
    with pytest.raises(ValueError, match="no variant `full`"):
        engine.pin("full")
    # It can't be gone back to, either.
    with pytest.raises(ValueError, match="`full` served before, and the family has no such variant any more"):
        engine.rollback()


def test_a_load_of_what_was_removed_meanwhile_is_given_up(bench: Any, files: Files) -> None:
    save(files.policy, ANY)
    engine = files.running(bench, 50, 10, 10)
    gate = threading.Event()
    bench.loader.script("tiny", gate=gate)
    bench.poll(engine)
    tiny = bench.loading("tiny")
    save(files.family, family_text("full", "medium"))
    reloaded(engine)
    bench.poll(engine)
    gate.set()
    assert bench.swapped() == ("full", "medium")
    assert tiny.unloaded.wait(PATIENCE_S)


def test_a_load_of_what_was_changed_meanwhile_is_begun_again(bench: Any, files: Files) -> None:
    engine = files.running(bench, 50, 10, 10)
    gate = threading.Event()
    bench.loader.script("tiny", gate=gate)
    bench.poll(engine)
    bench.loading("tiny")
    bench.loader.script("tiny", output="new")
    save(files.family, family_text(tiny="new.onnx"))
    reloaded(engine)
    bench.poll(engine)
    gate.set()
    assert bench.swapped() == ("medium", "tiny")
    assert engine.infer(0) == "new"


def test_a_preloaded_model_that_was_changed_does_not_serve(bench: Any, files: Files) -> None:
    engine = files.running(bench, 50, 10)
    assert engine.preload("tiny").wait(PATIENCE_S).code == "SWAP_PRELOADED"
    assert engine.status().preloaded == ("tiny",)
    bench.loader.script("tiny", output="new")
    save(files.family, family_text(tiny="new.onnx"))
    reloaded(engine)
    bench.poll(engine)
    assert bench.swapped() == ("medium", "tiny")
    assert engine.infer(0) == "new"


def test_the_old_model_comes_back_where_the_new_one_fails_on_probation(bench: Any, files: Files) -> None:
    rules = "probation: {inferences: 20, seconds: 60, errors: 0}"
    save(files.family, family_text(rules=rules))
    engine = files.running(bench, profiler=bench.recording(50, 50, 50, step_s=1.0))
    bench.loader.script("medium", infer_error=RuntimeError("it is broken"))
    save(files.family, family_text(rules=rules, medium="new.onnx"))
    reloaded(engine)
    bench.poll(engine)
    bench.swapped()
    with pytest.raises(RuntimeError, match="it is broken"):
        engine.infer(0)
    assert bench.fell_back()[0] == "medium"
    assert engine.infer_detailed(0).variant == "medium"
    bench.poll(engine)
    # The new one is kept out, and the old one is not asked to be anything else.
    assert "it is broken" in engine.status().unavailable["medium"]
    assert engine.infer(0) == "medium"


def test_the_operator_can_go_back_to_the_model_of_before(bench: Any, files: Files) -> None:
    engine = files.running(bench, 50, 50, 50)
    bench.loader.script("medium", output="new")
    save(files.family, family_text(medium="new.onnx"))
    reloaded(engine)
    bench.poll(engine)
    bench.swapped()
    bench.loader.script("medium", output="old")
    request = engine.rollback()
    event = request.wait(PATIENCE_S)
    assert (request.variant, event.code, event.variant, event.previous) == (
        "medium",
        "SWAP_ROLLED_BACK",
        "medium",
        "medium",
    )
    assert engine.infer(0) in ("medium", "old")
    bench.poll(engine)
    assert engine.infer(0) in ("medium", "old")


def test_no_rollback_is_promised_to_a_removed_variant(bench: Any, files: Files) -> None:
    save(files.policy, ANY)
    engine = files.running(bench, 50, 10)
    bench.poll(engine)
    assert bench.swapped() == ("full", "tiny")
    assert engine.status().previous_variant == "full"
    save(files.family, family_text("medium", "tiny"))
    reloaded(engine)
    assert engine.status().previous_variant is None
    with pytest.raises(ValueError, match="`full` served before, and the family has no such variant any more"):
        engine.rollback()


def test_a_pin_of_a_removed_variant_ends(bench: Any, files: Files) -> None:
    save(files.policy, ANY)
    engine = files.running(bench, 50, 50)
    engine.pin("tiny")
    bench.swapped()
    save(files.family, family_text("full", "medium"))
    reloaded(engine)
    assert engine.status().pinned_variant is None
    ended = engine.observability.events("operator.v1")[-1]
    assert isinstance(ended, OperatorAction)
    assert (ended.action, ended.variant) == ("pin_ended", "tiny")
    bench.poll(engine)
    assert bench.swapped() == ("tiny", "full")


def test_an_order_that_a_reload_overtakes_is_refused_and_not_on_record(bench: Any, files: Files) -> None:
    save(files.policy, ANY)
    engine = files.running(bench, 50)
    save(files.family, family_text("full", "medium"))
    reloaded(engine)
    # As they arrive where the engine's own look at the family was before the reload.
    operator, signed = engine._serving.operator, Signed("", "")
    for order in (operator.pin, operator.preload):
        with pytest.raises(ValueError, match="a reload has just taken `tiny` from the family"):
            engine._serving.do("the order", lambda order=order: order("tiny", signed), PATIENCE_S)
    assert engine.observability.events("operator.v1") == ()


def test_a_pinned_variant_that_changes_is_loaded_at_once(bench: Any, files: Files) -> None:
    engine = files.running(bench, 50)
    engine.freeze()
    bench.loader.script("medium", output="new")
    save(files.family, family_text(medium="new.onnx"))
    reloaded(engine)
    assert bench.swapped() == ("medium", "medium")
    assert (engine.infer(0), engine.status().pinned_variant) == ("new", "medium")


def test_memory_goes_on_over_a_changed_family(bench: Any, files: Files) -> None:
    save(files.policy, SLOW)
    engine = files.running(bench, 50, 10, 10, 10, 10)
    bench.poll(engine)
    assert bench.poll(engine).target == "medium"
    save(files.family, family_text("full", "medium", "tiny", "micro"))
    assert reloaded(engine).memory_kept
    assert bench.poll(engine).target == "medium"
    assert bench.poll(engine).target == "tiny"
    event = engine.observability.events("reload.v1")[-1]
    assert isinstance(event, Reloaded)
    assert event.memory_kept
    assert event.before != event.digest == ModelFamily.from_yaml(files.family).digest


def test_another_family_is_refused(bench: Any, files: Files) -> None:
    engine = files.running(bench, 50)
    save(files.family, family_text(name="faces"))
    result = reloaded(engine)
    assert result.outcome == "refused"
    assert "it has family `faces` now; a running engine keeps its own, `digits`" in result.detail


def test_a_family_with_errors_is_refused_with_its_line(bench: Any, files: Files) -> None:
    engine = files.running(bench, 50)
    save(files.family, family_text().replace("path: tiny.onnx", "pth: tiny.onnx"))
    result = reloaded(engine)
    assert (result.outcome, result.detail.split(": ")[0]) == ("refused", f"{files.family}:11")


def test_rules_that_wait_for_the_next_start_are_said_to(bench: Any, files: Files) -> None:
    engine = files.running(bench, 50)
    save(files.family, family_text(rules="load_timeout_s: 30"))
    assert reloaded(engine).detail == "`load_timeout_s` will count from the next start on"


def test_an_adapter_of_the_hosts_for_a_removed_variant_waits_for_it(bench: Any, files: Files) -> None:
    save(files.policy, ANY)
    engine = files.running(bench, 50, 50, 10, adapters={"tiny": (None, lambda answer: f"adapted {answer}")})
    save(files.family, family_text("full", "medium"))
    assert reloaded(engine).outcome == "reloaded"
    bench.poll(engine)
    save(files.family, family_text())
    assert reloaded(engine).outcome == "reloaded"
    bench.poll(engine)
    assert bench.swapped() == ("full", "tiny")
    assert engine.infer(0) == "adapted tiny"


def test_the_gate_is_asked_about_the_variants_of_now(bench: Any, files: Files) -> None:
    asked: list[str] = []

    def gate(variant: Any) -> bool | str:
        asked.append(variant.path)
        return "not this one" if variant.path.endswith("new.onnx") else True

    engine = files.running(bench, 50, 10, can_activate_variant=gate)
    save(files.family, family_text(tiny="new.onnx"))
    reloaded(engine)
    bench.poll(engine)
    assert engine.status().unavailable == {"tiny": "not this one"}


def test_errors_of_inference_speak_of_the_familys_names(bench: Any, files: Files) -> None:
    engine = files.running(bench, 50, 50)
    held = threading.Event()

    def hold(_: object) -> None:
        held.wait(PATIENCE_S)

    bench.loader.script("medium", on_infer=hold)
    save(files.family, family_text(medium="new.onnx"))
    reloaded(engine)
    bench.poll(engine)
    bench.swapped()
    with pytest.raises(InferenceTimeout, match="variant `medium` failed while") as late:
        engine.infer(0, timeout_s=0.01)
    assert late.value.variant == "medium"
    held.set()


def test_every_answer_is_of_one_whole_generation(bench: Any, files: Files) -> None:
    engine = files.running(bench, *[50] * 30)
    stop = threading.Event()
    seen: list[tuple[int, str]] = []

    def serve() -> None:
        while not stop.is_set():
            answer = engine.infer_detailed(0)
            seen.append((answer.generation, answer.outputs))

    reader = threading.Thread(target=serve)
    reader.start()
    for number in range(10):
        bench.loader.script("medium", output=f"medium {number}")
        save(files.family, family_text(medium=f"{number}.onnx"))
        reloaded(engine)
        bench.poll(engine)
        bench.swapped()
    stop.set()
    reader.join(PATIENCE_S)
    expected = {1: "medium", **{number + 2: f"medium {number}" for number in range(10)}}
    assert all(expected[generation] == output for generation, output in seen)
    assert [generation for generation, _ in seen] == sorted(generation for generation, _ in seen)


def test_an_old_model_that_made_room_comes_back_where_the_new_one_fails(
    bench: Any, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    left_mb = [1000.0]
    monkeypatch.setattr(launch, "available_memory_mb", lambda: left_mb[0])
    save(files.family, family_text(rules="gap: allowed"))
    engine = files.running(bench, 50, 50)
    left_mb[0] = 50.0
    bench.loading("medium")
    gate = threading.Event()
    bench.loader.script("medium", gate=gate, load_error=OSError("the file is cut off"))
    save(files.family, family_text(rules="gap: allowed", medium="new.onnx"))
    reloaded(engine)
    bench.poll(engine)
    bench.loading("medium")
    assert engine.status().in_gap
    with pytest.raises(NotServing, match="in a gap after `medium`, until `medium` is loaded"):
        engine.infer(0, timeout_s=0.01)
    bench.loader.script("medium", output="old")
    gate.set()
    assert bench.fell_back()[0] == "medium"
    until = threading.Event()
    while engine.active_variant is None:
        until.wait(0.01)
    assert engine.infer(0) in ("medium", "old")


def test_a_real_model_is_opened_anew_where_its_options_change(tmp_path: Path) -> None:
    path = tmp_path / "digits.yaml"
    ModelFamily.from_yaml(shipped("families/digits.yaml")).to_yaml(path)
    collector = ObservabilityCollector()
    done: queue.Queue[str] = queue.Queue()
    with Engine(
        ModelFamily.from_yaml(path),
        lambda state, family: "medium",
        poll_interval_sec=3600.0,
        observability=collector,
        on_swap_complete=lambda before, after: done.put(after),
    ) as engine:
        image = np.zeros((1, 1, 16, 16), np.float32)
        before = engine.infer(image)
        before_it, name, after = path.read_text(encoding="utf-8").partition("- name: medium\n")
        changed = after.replace("inter_op_num_threads: 1", "inter_op_num_threads: 2", 1)
        save(path, before_it + name + changed)
        (result,) = engine.reload()
        assert (result.outcome, engine.status().generation) == ("reloaded", 1)
        engine.poll()
        assert done.get(timeout=PATIENCE_S) == "medium"
        assert engine.infer_detailed(image).generation == 2
        assert np.allclose(engine.infer(image), before, atol=1e-4)


def test_a_python_policy_goes_on_over_a_changed_family(bench: Any, files: Files) -> None:
    seen: list[tuple[str, ...]] = []

    def choose(state: Any, family: ModelFamily) -> str:
        seen.append(family.names)
        return family.names[-1]

    engine = files.running(bench, 50, 50, policy=choose)
    assert engine.infer(0) == "tiny"
    save(files.family, family_text("full", "medium", "tiny", "micro"))
    assert reloaded(engine).memory_kept
    bench.poll(engine)
    assert bench.swapped() == ("tiny", "micro")
    assert seen[-1] == ("full", "medium", "tiny", "micro")


def test_policy_and_family_are_never_of_two_reloads(bench: Any, files: Files) -> None:
    """A step that saw one of each would fail: neither fits the other's."""
    engine = files.running(bench, *[10] * 12)
    for small in ("micro", "tiny") * 3:
        save(files.policy, policy_text(small=small))
        save(files.family, family_text("full", "medium", small))
        assert [result.outcome for result in engine.reload()] == ["reloaded", "reloaded"]
        assert bench.poll(engine).target == small
        bench.swapped()
    assert engine.status().counters["policy_errors"] == 0
    assert RulePolicy.from_file(files.policy).name == engine.status().policy
