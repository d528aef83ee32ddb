"""The whole demo, in seconds instead of a minute: the real engine, swaps and models."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time

import psutil
import pytest
from click.testing import CliRunner

from edgeadapt.cli.main import main

SHORT = ["demo", "--seconds", "4"]


def run(*arguments):
    return CliRunner().invoke(main, [*map(str, arguments)])


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    out = tmp_path_factory.mktemp("demo")
    result = run(*SHORT, "--json", "--out", out)
    return result, json.loads(result.stdout), out


def test_every_request_is_answered_by_the_serving_variants_own_answer(played):
    result, data, _ = played
    policy = data["totals"][0]
    assert (result.exit_code, data["good"]) == (0, True)
    assert policy["requests"] > 50
    assert (policy["dropped"], policy["differing"]) == (0, 0)


def test_the_policy_and_each_variant_alone_are_compared_on_the_same_requests(played):
    _, data, _ = played
    names = [totals["name"] for totals in data["totals"]]
    assert names == ["phone", "tiny", "small", "medium_int8", "medium", "full"]
    assert len({totals["requests"] for totals in data["totals"]}) == 1
    assert data["verdict"]


def test_the_day_has_swaps_that_were_made(played):
    _, data, _ = played
    made = [swap for swap in data["swaps"] if swap["code"] == "SWAP_COMMITTED"]
    assert made
    assert all(swap["rule"] and swap["load_ms"] >= 0 for swap in made)


def test_the_picture_is_where_it_is_said_to_be(played):
    _, data, out = played
    assert data["picture"] == str(out / "day.png")
    assert (out / "day.png").read_bytes().startswith(b"\x89PNG")


def test_progress_of_a_json_run_goes_to_stderr(played):
    result, _, _ = played
    assert "the day under the policy phone" in result.stderr


def test_without_matplotlib_the_demo_reports_and_says_how_to_get_the_picture(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    result = run(*SHORT, "--no-burner", "--out", tmp_path)
    assert result.exit_code == 0
    for words in ("its signals are simulated", "The day's swaps", "0 dropped", "medium_int8"):
        assert words in result.stdout
    assert "pip install 'edgeadapt[plot]'" in result.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="an interrupt is a signal of POSIX")
def test_an_interrupt_ends_the_demo_and_every_process_it_started(tmp_path):
    command = [sys.executable, "-c", "from edgeadapt.cli.main import main; main()"]
    command += ["demo", "--seconds", "6", "--out", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        children = wait_for_children(process)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert psutil.wait_procs(children, timeout=20)[1] == []


def wait_for_children(demo, timeout_s=60.0):
    """Return the burners once they are there; nothing tells another process that they are, so this looks."""
    until = time.monotonic() + timeout_s
    pause = threading.Event()
    while time.monotonic() < until:
        assert demo.poll() is None, demo.communicate()[1]
        if children := psutil.Process(demo.pid).children():
            return children
        pause.wait(0.02)
    raise AssertionError("the demo started no burner")


def test_a_folder_that_cannot_be_made_is_told_before_a_minute_is_spent(tmp_path):
    (tmp_path / "file").write_text("")
    result = run("demo", "--out", tmp_path / "file" / "out")
    assert result.exit_code == 2
    assert "cannot make the folder" in result.stderr


def test_a_policy_with_an_error_is_refused_with_its_diagnostics(tmp_path):
    (tmp_path / "bad.eap").write_text("edition 1 policy p { otherwise use huge }")
    result = run("demo", "--policy", tmp_path / "bad.eap", "--out", tmp_path)
    assert result.exit_code == 1
    assert "huge" in result.stderr


def test_another_policy_is_played(tmp_path):
    (tmp_path / "mine.eap").write_text("edition 1 policy mine { otherwise use small }")
    result = run(
        "demo",
        "--seconds",
        "3",
        "--no-burner",
        "--json",
        "--policy",
        tmp_path / "mine.eap",
        "--out",
        tmp_path,
    )
    data = json.loads(result.stdout)
    assert (result.exit_code, data["policy"], data["swaps"]) == (0, "mine", [])
