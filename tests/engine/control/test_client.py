"""Whoever is or is not at the other end, asking ends in an answer or in one line that says what to do."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from edgeadapt.engine.control import client as module
from edgeadapt.engine.control.client import ask
from edgeadapt.engine.control.peer import Peer
from edgeadapt.engine.control.protocol import Answer, NotUnderstood, Request, answer_line
from edgeadapt.errors import ControlSocketError

PATIENCE_S = 20.0
STATUS = Request("status")


@contextmanager
def engine_that(path: str, behaves: Callable[[socket.socket], None]) -> Iterator[None]:
    """Stand in for an engine at the path: what connects is given to `behaves`, and then the connection ends."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(path)
        listener.listen()

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                behaves(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        yield
        thread.join(PATIENCE_S)


def answers(*parts: bytes) -> Callable[[socket.socket], None]:
    def behave(connection: socket.socket) -> None:
        assert json.loads(connection.recv(1000)) == {"version": 1, "order": "status"}
        for part in parts:
            connection.sendall(part)

    return behave


def refused(path: str, timeout_s: float = PATIENCE_S) -> str:
    with pytest.raises(ControlSocketError) as caught:
        ask(path, STATUS, timeout_s)
    return f"{caught.value.problem}; {caught.value.remedy}"


def test_what_is_asked_is_answered(socket_path: str) -> None:
    with engine_that(socket_path, answers(answer_line(Answer({"status": {}})))):
        assert ask(socket_path, STATUS) == Answer({"status": {}})


def test_an_answer_may_come_in_pieces(socket_path: str) -> None:
    line = answer_line(Answer({"status": {"family": "digits" * 10_000}}))
    with engine_that(socket_path, answers(line[:7], line[7:])):
        assert len(ask(socket_path, STATUS).result["status"]["family"]) == 60_000


def test_nobody_there_is_told_with_what_to_start(socket_path: str) -> None:
    remedy = "start the engine with a control socket, as `edgeadapt run --control` does, or give its path"
    assert refused(socket_path) == f"nobody listens there; {remedy}"
    assert refused(f"{socket_path}/further") == f"nobody listens there; {remedy}"


def test_an_engine_that_died_is_told_from_one_that_never_was(socket_path: str) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as left:
        left.bind(socket_path)
        left.listen()
    assert refused(socket_path).startswith("nobody listens there any more: that engine has ended; ")


def test_a_file_is_no_socket(socket_path: str) -> None:
    Path(socket_path).write_text("")
    assert refused(socket_path).startswith("it is not a socket; ")


@pytest.mark.parametrize("path", ["x" * 200, "a\0b", ""])
def test_a_path_that_can_be_no_sockets_is_told(path: str) -> None:
    assert refused(path)


def test_an_engine_that_ends_meanwhile_is_told(socket_path: str) -> None:
    with engine_that(socket_path, answers()):
        assert refused(socket_path) == "the engine ended before it answered; see whether it still runs"
    os.unlink(socket_path)
    with engine_that(socket_path, answers(b'{"version": 1, "resu')):
        assert refused(socket_path) == "the engine ended before it answered; see whether it still runs"


def test_an_engine_of_another_version_is_told(socket_path: str) -> None:
    with engine_that(socket_path, answers(b'{"version": 2, "result": {}}\n')):
        assert "the protocol's version here is 1, and an answer says `2`; use" in refused(socket_path)


def test_an_answer_without_an_end_is_not_read_for_ever(
    socket_path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LARGEST_ANSWER", 1000)

    def flood(connection: socket.socket) -> None:
        with pytest.raises(OSError, match=r"Broken pipe|reset"):
            connection.sendall(b"x" * (64 << 20))

    with engine_that(socket_path, flood):
        assert refused(socket_path).startswith("what answers there is no engine of this version")


def test_an_engine_that_does_not_answer_is_given_up(socket_path: str) -> None:
    over = threading.Event()

    def hang(_: socket.socket) -> None:
        over.wait(PATIENCE_S)

    with engine_that(socket_path, hang):
        assert refused(socket_path, 0.05).startswith("there was no answer within 0.05 s; ")
        over.set()


def test_an_engine_whose_queue_stays_full_is_given_up(socket_path: str) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as stopped:
        stopped.bind(socket_path)
        stopped.listen(0)
        waiting = [socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(socket_path)
        assert refused(socket_path, 0.05).startswith("the process that listens there does not answer; ")
        for one in waiting:
            one.close()


def test_another_users_socket_is_not_trusted(socket_path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "peer_of", lambda _: Peer(1001, 7))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with engine_that(socket_path, lambda _: None):
        assert (
            refused(socket_path) == "another user, uid 1001, listens there; give the path of your own engine"
        )


def test_a_request_that_no_engine_understands_is_not_sent() -> None:
    with pytest.raises(NotUnderstood, match="`why` is one printable line"):
        ask("nowhere", Request("unpin", why="two\nlines"))


def test_a_system_without_unix_sockets_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(socket, "AF_UNIX")
    assert refused("nowhere").startswith("this system's Python has no Unix sockets; ")
