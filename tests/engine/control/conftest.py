"""Sockets in a folder with a short path, and clients that behave as badly as they can."""

from __future__ import annotations

import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

PATIENCE_S = 20.0

if sys.platform == "win32":
    collect_ignore_glob = ["test_c*.py", "test_listening.py", "test_orders.py", "test_peer.py"]


class Clients:
    """Connections to one path, all closed in the end."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.all: list[socket.socket] = []

    def connect(self, *said: bytes) -> socket.socket:
        client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.all.append(client)
        client.connect(self.path)
        client.settimeout(PATIENCE_S)
        for part in said:
            client.sendall(part)
        return client

    def ask(self, *said: bytes) -> bytes:
        """Say something, and return all that is answered until the connection ends."""
        return heard(self.connect(*said))


def heard(client: socket.socket) -> bytes:
    """Return all that comes until the connection ends."""
    answer = b""
    # What the other end has not read when it ends is an error here, after all it said.
    try:
        while chunk := client.recv(1 << 16):
            answer += chunk
    except ConnectionResetError:
        pass
    return answer


@pytest.fixture
def socket_path() -> Iterator[str]:
    # The usual folder of a test may be too long for a socket.
    with tempfile.TemporaryDirectory(prefix="ea-") as folder:
        yield str(Path(folder) / "c.sock")


@pytest.fixture
def clients(socket_path: str) -> Iterator[Clients]:
    made = Clients(socket_path)
    yield made
    for client in made.all:
        client.close()
