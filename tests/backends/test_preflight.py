"""Models tried in a process of their own, one of which really ends it."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from edgeadapt.backends.preflight import Preflight, child_command
from edgeadapt.backends.preflight_verdicts import Verdicts
from edgeadapt.backends.rehearsal import Rehearsal
from edgeadapt.errors import ActivationError
from edgeadapt.registry import Contract, ContractTensor, Golden, ModelVariant
from edgeadapt.registry.integrity import OpenedFile
from tests.backends.onnx_models import crashing, crashing_by_width, crashing_on_zeros, doubling

Command = Callable[[], Sequence[str]]


def preflight(
    path: Path,
    verdicts: Verdicts,
    command: Command = child_command,
    timeout_s: float = 60.0,
    rehearsal: Rehearsal | None = None,
) -> Preflight:
    file = OpenedFile("m", str(path))
    file.close()
    return Preflight(
        ModelVariant("m", str(path)),
        file,
        timeout_s,
        command=command,
        verdicts=verdicts,
        rehearsal=rehearsal,
    )


def python(code: str) -> Command:
    return lambda: [sys.executable, "-S", "-c", code]


def failure(trial: Preflight) -> ActivationError:
    with pytest.raises(ActivationError) as caught:
        trial.run()
    assert caught.value.variant == "m"
    return caught.value


@pytest.fixture
def verdicts(tmp_path: Path) -> Verdicts:
    folder = tmp_path / "verdicts"
    folder.mkdir()
    return Verdicts(str(folder))


NEVER = python("raise SystemExit(5)")
on_x86 = pytest.mark.skipif(
    platform.machine() not in ("x86_64", "AMD64") or os.name != "posix",
    reason="only there does the division end the process",
)


def test_a_model_that_works_is_tried_once(tmp_path: Path, verdicts: Verdicts) -> None:
    path = doubling(tmp_path / "m.onnx")
    preflight(path, verdicts).run()
    preflight(path, verdicts, NEVER).run()


@on_x86
def test_a_model_that_ends_its_process_is_refused_and_stays_so(tmp_path: Path, verdicts: Verdicts) -> None:
    path = crashing(tmp_path / "m.onnx")
    for command in (child_command, NEVER):
        error = failure(preflight(path, verdicts, command))
        assert error.stage == "checking"
        assert error.reason == (
            f"loading or running `{path}` would end the process (SIGFPE), as it did in its preflight; "
            "restore the file, or declare `golden` if it can't take zeros"
        )


def test_a_changed_file_is_tried_again(tmp_path: Path, verdicts: Verdicts) -> None:
    path = doubling(tmp_path / "m.onnx")
    dies = python("import os; os.abort()")
    assert "would end the process (SIGABRT)" in failure(preflight(path, verdicts, dies)).reason
    doubling(path, shape=("N", 7))
    preflight(path, verdicts).run()


def test_a_model_that_only_fails_fails_with_its_own_words(tmp_path: Path, verdicts: Verdicts) -> None:
    path = tmp_path / "m.onnx"
    path.write_bytes(b"junk")
    error = failure(preflight(path, verdicts))
    assert error.stage == "loading"
    assert "cannot load" in error.reason


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import time; time.sleep(600)", "its preflight did not end within 0.5 s"),
        ("import os; os.kill(os.getpid(), 14)", "its preflight did not end within 0.5 s"),
        ("import os; os.kill(os.getpid(), 9)", "there may be too little memory"),
        ("raise RuntimeError('no module')", "its preflight did not run: RuntimeError: no module"),
    ],
)
def test_what_says_nothing_of_the_model_is_not_remembered(
    tmp_path: Path, verdicts: Verdicts, code: str, message: str
) -> None:
    path = doubling(tmp_path / "m.onnx")
    assert message in failure(preflight(path, verdicts, python(code), timeout_s=0.5)).reason
    preflight(path, verdicts).run()


@on_x86
def test_a_model_is_tried_at_the_sizes_of_the_contract(tmp_path: Path, verdicts: Verdicts) -> None:
    path = crashing_by_width(tmp_path / "m.onnx", 8)
    for width in (7, 10):
        preflight(path, verdicts, rehearsal=Rehearsal(contract_of_width(width))).run()
    error = failure(preflight(path, verdicts, rehearsal=Rehearsal(contract_of_width(8))))
    assert "would end the process (SIGFPE)" in error.reason


@on_x86
def test_a_model_is_tried_on_its_golden_inputs(tmp_path: Path, verdicts: Verdicts) -> None:
    path = crashing_on_zeros(tmp_path / "m.onnx")
    assert "would end the process (SIGFPE)" in failure(preflight(path, verdicts)).reason
    golden = recorded(tmp_path, 3.0, -(2.0**62))
    preflight(path, verdicts, rehearsal=Rehearsal(golden=golden)).run()
    # The same files of another content are tried again.
    recorded(tmp_path, 0.0, 0.0)
    reason = failure(preflight(path, verdicts, rehearsal=Rehearsal(golden=golden))).reason
    assert reason.endswith("as it did in its preflight; restore the file")


def test_a_model_that_gives_other_answers_than_recorded_is_told_and_not_remembered(
    tmp_path: Path, verdicts: Verdicts
) -> None:
    path = doubling(tmp_path / "m.onnx")
    golden = recorded(tmp_path, 1.0, 3.0)
    for _ in range(2):
        error = failure(preflight(path, verdicts, rehearsal=Rehearsal(golden=golden)))
        assert error.stage == "validating"
        assert "differs from the golden one" in error.reason


def test_the_variant_that_served_first_is_named_as_it_is_here(tmp_path: Path, verdicts: Verdicts) -> None:
    path = doubling(tmp_path / "m.onnx")
    error = failure(preflight(path, verdicts, rehearsal=Rehearsal(contract_of_width(8), "first")))
    assert "where `first`, which served first, has `image` float32 [N, 8]" in error.reason


def contract_of_width(width: int) -> Contract:
    return Contract(inputs=(ContractTensor("image", "float32", ("N", width)),))


def recorded(folder: Path, given: float, answer: float) -> Golden:
    np.savez(folder / "in.npz", image=np.full((1, 4), given, np.float32))
    np.savez(folder / "out.npz", scores=np.full((1, 4), answer, np.float32))
    return Golden(str(folder / "in.npz"), str(folder / "out.npz"))


def test_a_file_replaced_meanwhile_is_not_judged(tmp_path: Path, verdicts: Verdicts) -> None:
    path = doubling(tmp_path / "m.onnx")
    replace = python(f"import os; os.remove({str(path)!r}); os.abort()")
    assert "was replaced during its preflight" in failure(preflight(path, verdicts, replace)).reason


def test_it_can_be_cancelled(tmp_path: Path, verdicts: Verdicts) -> None:
    trial = preflight(doubling(tmp_path / "m.onnx"), verdicts, python("import time; time.sleep(600)"))
    trial.cancel()
    assert "was cancelled" in failure(trial).reason


def test_a_process_that_does_not_start_is_told(tmp_path: Path, verdicts: Verdicts) -> None:
    trial = preflight(doubling(tmp_path / "m.onnx"), verdicts, lambda: ["/no/such/python"])
    assert "did not start: no such file or directory" in failure(trial).reason
