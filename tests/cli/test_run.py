"""`run` serves real models on a recording and on this device, tells of every swap, and ends when it is asked to."""

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from edgeadapt.shipped import shipped

POLICY = """\
edition 1
policy p {
  family digits
  input hurry: bool
  rule hot { when temperature >= 70 °C urgent use tiny }
  rule hurried { when hurry urgent use small }
  otherwise use medium
  guard { cooldown 1 h }
}
"""


@pytest.fixture
def policy(tmp_path: Path) -> str:
    (tmp_path / "p.eap").write_text(POLICY, "utf-8")
    return "p.eap"


@pytest.fixture
def trace(tmp_path: Path) -> str:
    """Two seconds, hot in the middle one."""
    rows = [f"{at / 10:g},{80 if 7 <= at < 14 else 30}" for at in range(22)]
    (tmp_path / "t.csv").write_text("t,temperature\n" + "\n".join(rows) + "\n")
    return "t.csv"


def inputs() -> str:
    return str(shipped("families/digits"))


def test_swaps_are_told_as_they_occur_and_summed_up(run, policy, digits, trace) -> None:
    result = run("run", policy, "--family", digits, "--trace", trace, "--input", inputs(), "--rate", "40")
    assert (result.exit_code, result.stderr) == (0, "")
    said = result.stdout.splitlines()
    assert said[0].endswith(" s  medium serves")
    assert "swapped from medium to tiny by `hot`, loaded in " in said[1]
    assert any("medium is wanted, but the guard's `cooldown` holds it back" in line for line in said)
    assert any(
        line.startswith("Ran ") and "1 swap, 0 failed, 1 held back; tiny serves" in line for line in said
    )
    assert any(" requests, 0 errors, " in line for line in said)
    assert {"medium", "tiny"} <= {line.split()[0] for line in said if line}


def test_json_is_lines_of_events_and_a_summary_that_adds_up(run, policy, digits, trace) -> None:
    result = run(
        "run", policy, "--family", digits, "--trace", trace, "--input", inputs(), "--rate", "40", "--json"
    )
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    kinds = [line["kind"] for line in lines]
    assert "engine_started.v1" in kinds
    assert "engine_stopped.v1" in kinds
    assert kinds[-1] == "summary"
    summary = lines[-1]
    assert summary["requests"] == sum(summary["served"].values()) > 0
    assert summary["errors"] == {}
    assert (summary["swaps"], summary["active"]) == (1, "tiny")


def test_a_model_that_can_not_be_loaded_is_told_and_the_old_one_serves_on(
    run, policy, tmp_path, trace
) -> None:
    shutil.copytree(shipped("families/digits"), tmp_path / "digits")
    shutil.copy(shipped("families/digits.yaml"), tmp_path)
    (tmp_path / "digits/tiny.onnx").write_bytes(b"no model")
    result = run("run", policy, "--trace", trace, "--input", "digits", "--rate", "40")
    assert result.exit_code == 0
    said = " ".join(result.stdout.split())
    assert "the swap to tiny by `hot` failed, medium goes on: " in said
    assert "0 swaps, 1 failed" in said
    assert ", 0 errors, " in said


def test_an_input_of_the_policy_can_be_reported(run, policy, digits) -> None:
    result = run("run", policy, "--family", digits, "--report", "hurry=true", "--duration", "0s")
    assert "small serves" in result.stdout


def test_what_a_model_refuses_is_counted_and_told(run, policy, digits, tmp_path) -> None:
    import numpy as np

    np.save(tmp_path / "x.npy", np.zeros((4, 3), np.float32))
    result = run("run", policy, "--family", digits, "--input", "x.npy", "--rate", "50", "--duration", "300ms")
    assert result.exit_code == 1
    said = " ".join(result.stdout.split())
    assert (
        "failed: the model takes `image` float32 [N, 1, 16, 16]; `image` was given the shape [1, 3]" in said
    )


def test_nothing_that_can_serve_is_a_problem_and_no_traceback(run, policy, tmp_path) -> None:
    shutil.copy(shipped("families/digits.yaml"), tmp_path)
    result = run("run", policy, "--duration", "1s")
    assert result.exit_code == 1
    assert result.stderr.startswith(
        "error: variant `medium` failed while checking: there is no model file at "
    )


def test_a_policy_without_a_guard_is_told_of_the_engines_own(run, tmp_path, digits) -> None:
    (tmp_path / "a.eap").write_text("edition 1 policy p { otherwise use tiny }")
    result = run("run", "a.eap", "--family", digits, "--duration", "0s")
    assert result.stderr.startswith("note: the policy has no `guard`, so the engine adds its own")


@pytest.mark.skipif(sys.platform == "win32", reason="signals are another matter there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_a_summary_and_0(policy, digits, tmp_path, number) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "edgeadapt", "run", policy, "--family", digits, "--input", inputs()],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline().endswith("medium serves\n")
    process.send_signal(number)
    said, complained = process.communicate(timeout=30)
    assert (process.returncode, complained) == (0, "")
    assert "Ran " in said


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("--speed", "2"), "--speed speaks of a trace; add --trace FILE"),
        (("--rate", "2"), "--rate speaks of requests; add --input PATH"),
        (
            ("--trace", "t.csv", "--speed", "0"),
            "--speed is a positive number; leave it out for the usual one",
        ),
        (
            ("--trace", "t.csv", "--speed", "nan"),
            "--speed is a positive number; leave it out for the usual one",
        ),
        (("--poll", "0s"), "--poll is a positive number; leave it out for the usual one"),
        (
            ("--initial", "big"),
            "family `digits` has no variant `big`; it has: tiny, small, medium_int8, medium, full",
        ),
        (("--report", "hury=true"), "the policy has no input `hury`; did you mean `hurry`?"),
        (
            ("--trace", "gone.csv"),
            "gone.csv: cannot read it: no such file or directory; check the path and its permissions",
        ),
        (("--input", "gone.npy"), "cannot read `gone.npy`: no such file or directory"),
        (("--input", "nope"), "cannot read `nope`: no such file or directory"),
        (("--input", "p.eap"), "`p.eap` is not an array file; give a .npy or .npz file, or a folder of them"),
        (("--input", "."), "there is no .npy or .npz file in `.`; give a file, or a folder that has some"),
    ],
)
def test_a_wrong_call_is_one_line_that_says_what_is_right(run, policy, digits, trace, args, says) -> None:
    result = run("run", policy, "--family", digits, *args)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"error: {says}\n")
