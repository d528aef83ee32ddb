"""The HTTP example as it is deployed: two workers of a real server, each with an engine, a state file and a control socket of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from edgeadapt.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
THREE = json.loads((ROOT / "examples/three.json").read_text(encoding="utf-8"))


@contextmanager
def server(folder: Path) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    """Yield a server whose workers are up, and a client of it; it is killed where a test fails."""
    command = [sys.executable, "-m", "uvicorn", "examples.fastapi_app:app", "--port", "0", "--workers", "2"]
    process = subprocess.Popen(
        [*command, "--timeout-graceful-shutdown", "10", "--no-access-log"],
        cwd=ROOT,
        env={**os.environ, "DIGITS_FOLDER": str(folder)},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        (address,) = re.findall(r"running on (http://\S+)", log_until_up(process, workers=2))
        # This machine's proxies are not asked, and each request makes a connection, so that any worker may get it.
        limits = httpx.Limits(max_keepalive_connections=0)
        with httpx.Client(base_url=address, trust_env=False, limits=limits) as client:
            yield process, client
    finally:
        if process.poll() is None:
            process.kill()
        if process.stderr is not None:
            process.stderr.close()
        process.wait()


def log_until_up(process: subprocess.Popen[str], workers: int) -> str:
    assert process.stderr is not None
    log = ""
    while log.count("startup complete") < workers:
        line = process.stderr.readline()
        assert line, f"the server ended:\n{log}"
        log += line
    return log


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its locks are not Windows's")


def test_two_workers_serve_each_with_files_of_its_own_and_stop_when_told(tmp_path: Path) -> None:
    with server(tmp_path) as (process, client):
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: client.post("/digits", json=THREE), range(40)))
        assert {answer.status_code for answer in answers} == {200}
        assert {answer.json()["digit"] for answer in answers} == {3}

        for worker in ("worker-0", "worker-1"):
            socket = str(tmp_path / worker / "control.sock")
            result = CliRunner().invoke(main, ["ctl", "--socket", socket, "status"])
            assert result.exit_code == 0, result.output
            assert "gateway" in result.output

        process.send_signal(signal.SIGTERM)
        assert process.stderr is not None
        log = process.stderr.read()
        assert process.wait(20) in (0, -signal.SIGTERM)
    assert log.count("Application shutdown complete") == 2
    assert "Traceback" not in log
    folders = sorted(tmp_path.iterdir())
    assert [folder.name for folder in folders] == ["worker-0", "worker-1"]
    for folder in folders:
        state = json.loads((folder / "state").read_text(encoding="utf-8"))
        assert (state["family"], state["activating"]) == ("digits", [])


@pytest.mark.long
def test_a_worker_that_is_killed_is_replaced_in_its_place(tmp_path: Path) -> None:
    with server(tmp_path) as (process, client):
        os.kill(client.get("/healthz").json()["process"], signal.SIGKILL)
        log_until_up(process, workers=1)
        assert client.post("/digits", json=THREE).json()["digit"] == 3
        assert sorted(folder.name for folder in tmp_path.iterdir()) == ["worker-0", "worker-1"]
        process.terminate()
        assert process.wait(20) in (0, -signal.SIGTERM)
