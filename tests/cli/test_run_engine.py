"""`run` takes orders where it is asked to, and reads its files again when they change."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

if sys.platform == "win32":
    pytest.skip("Windows' Python has no Unix sockets", allow_module_level=True)

PATIENCE_S = 30.0
POLICY = "edition 1 policy p { family digits otherwise use small guard { cooldown 0 s } }"
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path, digits: str) -> Iterator[Start]:
    """Start `edgeadapt run` in the folder, and return once something serves."""
    (tmp_path / "p.eap").write_text(POLICY)
    started: list[subprocess.Popen[str]] = []

    def run(*args: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "edgeadapt", "run", "p.eap", "--family", digits, "--json", *args],
            cwd=tmp_path,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        told(process, "engine_started.v1")
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


def told(process: subprocess.Popen[str], kind: str, **fields: Any) -> dict[str, Any]:
    """Wait for an event."""
    assert process.stdout is not None
    for line in process.stdout:
        event: dict[str, Any] = json.loads(line)
        if event["kind"] == kind and fields.items() <= event.items():
            return event
    raise AssertionError(f"it ended without a {kind}")


def test_it_takes_orders_at_a_path_and_is_ended_with_its_socket_gone(
    run: Any, start: Start, tmp_path: Path
) -> None:
    process = start("--control", "c.sock")
    assert run("ctl", "--socket", "c.sock", "pin", "tiny", "--reason", "a test").exit_code == 0
    event = told(process, "operator.v1")
    assert (event["action"], event["variant"], event["why"]) == ("pin", "tiny", "a test")
    assert f"pid {os.getpid()})" in event["who"]
    process.terminate()
    _, complained = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, complained) == (0, "note: orders are taken at c.sock\n")
    assert not (tmp_path / "c.sock").exists()


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root's usual place is the system's")
def test_without_a_path_both_use_the_usual_one(
    run: Any, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    start("--control")
    assert "small" in run("ctl", "status").stdout
    assert (tmp_path / "edgeadapt/control.sock").is_socket()


def test_a_reload_over_the_socket_reads_policy_and_family(run: Any, start: Start, tmp_path: Path) -> None:
    process = start("--control", "c.sock", "--poll", "20ms")
    (tmp_path / "p.eap").write_text(POLICY.replace("small", "tiny"))
    assert run("ctl", "--socket", "c.sock", "reload").stdout.startswith("policy  reloaded")
    told(process, "reload.v1", what="policy", outcome="reloaded")
    told(process, "swap_stage.v1", code="SWAP_COMMITTED", variant="tiny")


def test_a_compiled_policy_is_read_again_too(run: Any, start: Start, tmp_path: Path, digits: str) -> None:
    (tmp_path / "p.eap").write_text(POLICY)
    assert run("compile", "p.eap", "-o", "p.eapc", "--family", digits).exit_code == 0
    os.replace(tmp_path / "p.eapc", tmp_path / "p.eap")
    start("--control", "c.sock")
    assert run("ctl", "--socket", "c.sock", "reload").stdout.startswith("policy  unchanged")


def test_a_changed_file_is_seen_where_files_are_watched(start: Start, tmp_path: Path) -> None:
    pytest.importorskip("watchfiles")
    process = start("--watch", "--poll", "20ms")
    (tmp_path / "p.eap").write_text(POLICY.replace("small", "tiny"))
    event = told(process, "reload.v1", what="policy", outcome="reloaded")
    assert event["who"] == ""
    told(process, "swap_stage.v1", code="SWAP_COMMITTED", variant="tiny")


def test_a_watch_without_what_it_needs_is_told(
    run: Any, saver: str, digits: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edgeadapt.engine.watcher.importlib.util.find_spec", lambda _: None)
    result = run("run", saver, "--family", digits, "--watch")
    assert (result.exit_code, result.stderr) == (
        2,
        "error: --watch needs watchfiles; install `edgeadapt[watch]`\n",
    )


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("gone/c.sock", "its folder does not exist; make it, or give another path"),
        ("folder", "a folder is there, which is left as it is; give another path"),
        ("link", "a link is there, which is left as it is; give another path"),
    ],
)
def test_a_path_that_can_be_no_sockets_is_told_before_anything_is_loaded(
    run: Any, saver: str, digits: str, tmp_path: Path, path: str, says: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("nowhere")
    result = run("run", saver, "--family", digits, "--control", path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"error: {tmp_path}/{path}: {says}\n"


def test_a_policy_that_control_takes_for_its_path_is_told(run: Any, saver: str, digits: str) -> None:
    result = run("run", "--family", digits, "--control", saver)
    said = (
        "error: --control takes `saver.eap` for its path; write --control behind POLICY, or --control=PATH\n"
    )
    assert (result.exit_code, result.stderr) == (2, said)


def test_a_system_without_unix_sockets_is_told(
    run: Any, saver: str, digits: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(socket, "AF_UNIX")
    result = run("run", saver, "--family", digits, "--control", "c.sock")
    assert result.exit_code == 2
    assert "this system's Python has no Unix sockets; leave the socket out" in result.stderr
