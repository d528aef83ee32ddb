"""The operator's end of the socket: asks one thing and returns what is answered."""

from __future__ import annotations

import os
import socket
import stat
import time

from edgeadapt.engine.control.peer import peer_of
from edgeadapt.engine.control.protocol import (
    Answer,
    NotUnderstood,
    Request,
    parse_answer,
    parse_request,
    request_line,
)
from edgeadapt.errors import ControlSocketError

# An order waits for the engine's control thread, and a reload for files.
ANSWER_S = 30.0
_LARGEST_ANSWER = 4 << 20
_PAUSE_S = 0.01
_LOOK = "see what the engine's process is doing"
_NOBODY = "start the engine with a control socket, as `edgeadapt run --control` does, or give its path"


def ask(path: str, request: Request, timeout_s: float = ANSWER_S) -> Answer:
    """Ask, and return the answer.

    Raises NotUnderstood for a request that no engine understands, ControlSocketError where nobody answers, or who does
    can't be trusted.
    """
    question = request_line(request)
    parse_request(question)
    until = time.monotonic() + timeout_s
    with _connected(path, until) as connection:
        try:
            connection.settimeout(timeout_s)
            connection.sendall(question)
            line = _line(connection, until)
        except TimeoutError:
            raise ControlSocketError(path, f"there was no answer within {timeout_s:g} s", _LOOK) from None
        except OSError:
            line = b""
    if len(line) <= _LARGEST_ANSWER and not line.endswith(b"\n"):
        raise ControlSocketError(path, "the engine ended before it answered", "see whether it still runs")
    try:
        return parse_answer(line)
    except NotUnderstood as error:
        raise ControlSocketError(
            path,
            f"what answers there is no engine of this version: {error}",
            "use the engine's own `edgeadapt`",
        ) from None


def _connected(path: str, until: float) -> socket.socket:
    if not hasattr(socket, "AF_UNIX"):
        raise ControlSocketError(
            path, "this system's Python has no Unix sockets", "use the engine's own methods"
        )
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        while not _connect(connection, path):
            if time.monotonic() >= until:
                raise ControlSocketError(path, "the process that listens there does not answer", _LOOK)
            time.sleep(_PAUSE_S)
        # Whoever may write to the folder could have put another socket there.
        uid = peer_of(connection).uid
        if uid is not None and os.geteuid() != 0 and uid not in (0, os.geteuid()):
            raise ControlSocketError(
                path, f"another user, uid {uid}, listens there", "give the path of your own engine"
            )
    except OSError as error:
        connection.close()
        raise _failure(path, error) from None
    except BaseException:
        connection.close()
        raise
    return connection


def _connect(connection: socket.socket, path: str) -> bool:
    """Connect; false where the queue is full, which it is for a moment among many clients, and else of one that hangs."""
    connection.setblocking(False)
    try:
        connection.connect(path)
    except BlockingIOError:
        return False
    return True


def _line(connection: socket.socket, until: float) -> bytes:
    line = b""
    while not line.endswith(b"\n") and len(line) <= _LARGEST_ANSWER:
        connection.settimeout(max(0.001, until - time.monotonic()))
        chunk = connection.recv(1 << 16)
        if not chunk:
            break
        line += chunk
    return line


def _failure(path: str, error: OSError) -> ControlSocketError:
    if isinstance(error, PermissionError):
        return ControlSocketError(
            path, "only the engine's own user and root may use it", "run it as that user"
        )
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return ControlSocketError(path, "nobody listens there", _NOBODY)
    if isinstance(error, ConnectionRefusedError) and _is_socket(path):
        return ControlSocketError(path, "nobody listens there any more: that engine has ended", _NOBODY)
    if isinstance(error, ConnectionRefusedError):
        return ControlSocketError(path, "it is not a socket", _NOBODY)
    return ControlSocketError(path, (error.strerror or str(error)).lower(), _NOBODY)


def _is_socket(path: str) -> bool:
    try:
        return stat.S_ISSOCK(os.stat(path).st_mode)
    except (OSError, ValueError):
        return False
