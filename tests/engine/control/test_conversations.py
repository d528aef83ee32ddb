"""However badly clients behave, the next one is answered, and nothing is left behind."""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from edgeadapt.engine.control import conversations as module
from edgeadapt.engine.control.conversations import Conversations
from edgeadapt.engine.control.listening import Listening
from edgeadapt.engine.control.peer import Peer
from edgeadapt.engine.control.protocol import BUSY, LARGEST_REQUEST, REFUSED, parse_answer

PATIENCE_S = 20.0

Serve = Callable[..., None]


def echo(peer: Peer, line: bytes) -> bytes:
    return line.rstrip(b"\n") + b"!\n"


@pytest.fixture
def serve(socket_path: str) -> Iterator[Serve]:
    """Serve at the path, until the test is over; and then nothing is left of it."""
    ends: list[Callable[[], None]] = []
    before = set(threading.enumerate())

    def start(respond: Callable[[Peer, bytes], bytes] = echo) -> None:
        listening = Listening(socket_path)
        talks = Conversations(listening.socket, respond)
        thread = threading.Thread(target=talks.run)
        thread.start()

        def end() -> None:
            talks.close()
            thread.join(PATIENCE_S)
            listening.unlink()
            listening.close()
            talks.close()

        ends.append(end)

    yield start
    for end in ends:
        end()
    for thread in set(threading.enumerate()) - before:
        thread.join(PATIENCE_S)
    assert set(threading.enumerate()) <= before


def test_a_line_is_answered_and_the_connection_ends(serve: Serve, clients: Any) -> None:
    serve()
    assert clients.ask(b"hello\n") == b"hello!\n"


def test_a_line_may_come_in_pieces_and_end_with_all(serve: Serve, clients: Any) -> None:
    serve()
    client = clients.connect(b"hel", b"lo")
    client.shutdown(socket.SHUT_WR)
    assert client.recv(100) == b"hello!\n"


def test_who_says_nothing_and_leaves_is_not_answered(serve: Serve, clients: Any) -> None:
    serve(lambda peer, line: pytest.fail("nobody asked"))
    for _ in range(3):
        clients.connect().close()
    silent = clients.connect()
    silent.shutdown(socket.SHUT_WR)
    assert silent.recv(100) == b""


def test_one_that_hangs_holds_nobody_up_and_is_given_up(
    serve: Serve, clients: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 0.2)
    serve()
    hanging = clients.connect(b"hel")
    assert clients.ask(b"hello\n") == b"hello!\n"
    assert hanging.recv(100) == b""


def test_one_that_speaks_a_byte_at_a_time_gets_no_more_time_than_others(
    serve: Serve, clients: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 0.2)
    serve()
    slow = clients.connect()
    slow.settimeout(0.02)
    # It never stops speaking by itself: it ends because it is given up.
    while True:
        try:
            slow.sendall(b"x")
            if slow.recv(100) == b"":
                break
        except TimeoutError:
            continue
        except (BrokenPipeError, ConnectionResetError):
            break
    assert clients.ask(b"hello\n") == b"hello!\n"


def test_a_line_without_an_end_is_handed_on_once_it_is_too_long(serve: Serve, clients: Any) -> None:
    lengths: list[int] = []

    def respond(peer: Peer, line: bytes) -> bytes:
        lengths.append(len(line))
        return b"too long\n"

    serve(respond)
    # Far more than any buffer holds: nobody reads it all.
    with pytest.raises((BrokenPipeError, ConnectionResetError)):
        clients.connect(b"x" * (64 << 20))
    assert LARGEST_REQUEST < lengths[0] < 2 * LARGEST_REQUEST


def test_among_a_thousand_that_hang_a_new_one_is_answered(serve: Serve, clients: Any) -> None:
    serve()
    for _ in range(1000):
        clients.connect(b"{")
    assert clients.ask(b"hello\n") == b"hello!\n"
    # Those that waited longest made room.
    assert clients.all[0].recv(100) == b""


def test_one_that_does_not_take_its_answer_is_given_up(
    serve: Serve, clients: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 0.2)
    serve(lambda peer, line: b"x" * (64 << 20))
    client = clients.connect(b"much\n")
    ends = select.poll()
    ends.register(client, 0)
    # Nothing is read, and so nothing but the end of the connection can come.
    assert ends.poll(PATIENCE_S * 1e3)
    assert client.recv(1) == b"x"


def test_more_at_once_than_is_sensible_are_told_so(serve: Serve, clients: Any) -> None:
    hold, held = threading.Event(), threading.Semaphore(0)

    def respond(peer: Peer, line: bytes) -> bytes:
        held.release()
        hold.wait(PATIENCE_S)
        return b"done\n"

    serve(respond)
    waiting = [clients.connect(b"wait\n") for _ in range(module.MOST_AT_ONCE)]
    for _ in waiting:
        assert held.acquire(timeout=PATIENCE_S)
    assert parse_answer(clients.ask(b"one more\n")).problem == BUSY
    hold.set()
    assert [client.recv(100) for client in waiting] == [b"done\n"] * module.MOST_AT_ONCE
    assert clients.ask(b"one more\n") == b"done\n"


def test_who_waits_for_a_response_makes_no_room(serve: Serve, clients: Any) -> None:
    hold, held = threading.Event(), threading.Event()

    def respond(peer: Peer, line: bytes) -> bytes:
        held.set()
        hold.wait(PATIENCE_S)
        return b"done\n"

    serve(respond)
    first = clients.connect(b"wait\n")
    assert held.wait(PATIENCE_S)
    for _ in range(2 * module.MOST_CLIENTS):
        clients.connect()
    hold.set()
    assert first.recv(100) == b"done\n"


def test_an_end_waits_for_no_response(serve: Serve, clients: Any, socket_path: str) -> None:
    hold, held = threading.Event(), threading.Event()

    def respond(peer: Peer, line: bytes) -> bytes:
        held.set()
        hold.wait(PATIENCE_S)
        return b"late\n"

    listening = Listening(socket_path)
    talks = Conversations(listening.socket, respond)
    thread = threading.Thread(target=talks.run)
    thread.start()
    client = clients.connect(b"wait\n")
    assert held.wait(PATIENCE_S)
    talks.close()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
    assert client.recv(100) == b""
    hold.set()
    listening.close()


def test_an_end_before_the_beginning_holds(socket_path: str) -> None:
    listening = Listening(socket_path)
    talks = Conversations(listening.socket, echo)
    talks.close()
    talks.run()
    talks.close()
    listening.close()


STRANGER = """
import os, socket, sys
os.setgroups([]); os.setgid(65534); os.setuid(65534)
with socket.socket(socket.AF_UNIX) as client:
    client.connect(sys.argv[1])
    sys.stdout.buffer.write(client.recv(1000))
"""


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root can be somebody else")
def test_another_user_is_turned_away_even_where_the_file_lets_him_in(
    serve: Serve, clients: Any, socket_path: str
) -> None:
    serve(lambda peer, line: pytest.fail("a stranger was heard"))
    os.chmod(os.path.dirname(socket_path), 0o755)
    os.chmod(socket_path, 0o666)
    ran = subprocess.run([sys.executable, "-c", STRANGER, socket_path], capture_output=True, check=False)
    answer = parse_answer(ran.stdout)
    assert (answer.problem, answer.message) == (REFUSED, "only the engine's own user and root may ask")
