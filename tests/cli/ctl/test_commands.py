"""`ctl` asks a running engine, says what came of it, and tells by its exit code what is wrong and where."""

from __future__ import annotations

import json
import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edgeadapt.backends.fake import FakeLoader
from edgeadapt.engine import Engine
from edgeadapt.policy import RulePolicy
from edgeadapt.profiler.recorded import RecordedProfiler
from edgeadapt.registry import ModelFamily
from edgeadapt.state import DeviceState

if sys.platform == "win32":
    pytest.skip("Windows' Python has no Unix sockets", allow_module_level=True)
from edgeadapt.engine.control import ControlSocket

POLICY = "edition 1 policy day { otherwise use medium guard { cooldown 0 s } }"
NAMES = ("tiny", "medium", "full")


@pytest.fixture
def path() -> Iterator[str]:
    # The usual folder of a test may be too long for a socket.
    with tempfile.TemporaryDirectory(prefix="ea-") as folder:
        yield str(Path(folder) / "c.sock")


@pytest.fixture
def engine(run: Any, path: str) -> Iterator[Engine]:
    """An engine that listens, in the folder where commands run."""
    Path("p.eap").write_text(POLICY)
    family = ModelFamily("digits")
    for name in NAMES:
        family.add_variant(name, f"{name}.onnx")
    loader = FakeLoader(*NAMES)
    loader.script("full", load_error=OSError("the file is cut off"))
    state = DeviceState(50.0, None, None, None, None, None, None, 0.0)
    made = Engine(
        family,
        RulePolicy.from_file("p.eap"),
        poll_interval_sec=3600.0,
        profiler=RecordedProfiler([state]),
        loader=loader,
    )
    with made, ControlSocket(made, path):
        yield made


@pytest.fixture
def ctl(run: Any, path: str) -> Any:
    return lambda *args: run("ctl", "--socket", path, *args)


def test_a_session_of_orders(ctl: Any, engine: Engine) -> None:
    def say(*args: str, code: int = 0) -> str:
        result = ctl(*args)
        assert (result.exit_code, result.stderr) == (code, "")
        return " ".join(result.stdout.split())

    assert say("status").startswith("serves medium policy day: wants medium, by otherwise family digits")
    assert say("pin", "tiny", "--for", "2h", "--reason", "heat test") == "tiny is pinned for 2 h, and serves"
    status = say("status")
    assert "pinned tiny, for another 2 h, by " in status
    assert f"(uid {os.getuid()}, pid {os.getpid()}): heat test" in status
    assert say("unpin") == "the policy chooses again, from its next step on; tiny serves"
    assert say("freeze") == "tiny is pinned, and serves"
    assert say("rollback") == "medium serves again"
    assert say("unpin").endswith("; medium serves")
    assert say("preload", "tiny") == "tiny is ready"
    assert say("reload").startswith("policy unchanged ")
    Path("p.eap").write_text(POLICY.replace("medium", "tiny"))
    assert say("reload", "--reason", "new").startswith("policy reloaded ")
    Path("p.eap").write_text(POLICY.replace("medium", "tny"))
    assert say("reload", code=1).startswith("policy refused ")
    actions = [event.as_dict()["action"] for event in engine.observability.events("operator.v1")]
    assert actions == ["pin", "unpin", "freeze", "rollback", "unpin", "preload"]


def test_a_load_that_fails_is_told_with_1(ctl: Any, engine: Engine) -> None:
    result = ctl("pin", "full")
    assert result.exit_code == 1
    text = " ".join(result.stdout.split())
    assert text.startswith("full is pinned, but could not be loaded: ")
    assert text.endswith("the file is cut off; medium serves")
    assert ctl("preload", "full").exit_code == 1


def test_what_the_engine_refuses_is_told_with_1(ctl: Any, engine: Engine) -> None:
    result = ctl("pin", "tinny")
    said = "error: family `digits` has no variant `tinny`; did you mean `tiny`?\n"
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", said)


def test_json_is_the_engines_answer(ctl: Any, engine: Engine) -> None:
    status = json.loads(ctl("status", "--json").stdout)["status"]
    assert (status["active_variant"], status["counters"]["policy_evals"]) == ("medium", 1)
    answer = json.loads(ctl("pin", "tiny", "--json").stdout)
    assert (answer["variant"], answer["outcome"]) == ("tiny", "serves")
    result = ctl("pin", "full", "--json")
    assert (result.exit_code, json.loads(result.stdout)["outcome"]) == (1, "failed")


def test_the_socket_may_be_named_behind_the_command(run: Any, path: str, engine: Engine) -> None:
    assert run("ctl", "status", "--socket", path).exit_code == 0
    assert run("ctl", "--socket", "elsewhere", "status", "--socket", path).exit_code == 0


def test_without_a_path_it_looks_where_run_listens(
    run: Any, path: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edgeadapt.engine.control.default_path.default_path", lambda: path)
    assert run("ctl", "status").exit_code == 0


def test_nobody_there_is_told_with_2_and_what_to_do(ctl: Any, path: str) -> None:
    result = ctl("status")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(
        f"error: {path}: nobody listens there; start the engine with a control socket"
    )


def test_a_system_without_unix_sockets_is_told_with_2(ctl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(socket, "AF_UNIX")
    result = ctl("status")
    assert result.exit_code == 2
    assert "this system's Python has no Unix sockets" in result.stderr


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("statu",), "there is no command `statu`; did you mean `status`?"),
        (("pin",), "missing argument 'VARIANT'"),
        (
            ("pin", "tiny", "--for", "0s"),
            "--for 0 would end the pin at once; give a time such as 2h, or leave --for out",
        ),
        (("pin", "tiny", "--for", "-1h"), "--for `-1h` is negative; give a time such as 30s"),
        (("pin", "tiny", "--for", "2 furlongs"), "--for: "),
        (("unpin", "--reason", "a\nb"), "`why` is one printable line of at most 500 characters"),
    ],
)
def test_a_wrong_call_is_told_with_2_and_asks_nothing(ctl: Any, engine: Engine, args: Any, says: str) -> None:
    result = ctl(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"error: {says}")
    assert engine.observability.events("operator.v1") == ()


def test_without_an_order_it_says_which_there_are(ctl: Any) -> None:
    result = ctl()
    assert result.exit_code == 2
    assert "rollback  Go back to the variant before." in result.stderr
    assert ctl("pin", "--help").exit_code == 0


def test_an_older_engine_is_told_and_its_answer_can_be_had(
    ctl: Any, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from edgeadapt.engine.control import orders

    monkeypatch.setattr(orders, "status_data", lambda _: {"running": True})
    result = ctl("status")
    assert (result.exit_code, result.stderr) == (
        2,
        "error: the engine is older than this `edgeadapt`; use its own, or --json\n",
    )
    assert json.loads(ctl("status", "--json").stdout) == {"status": {"running": True}}
