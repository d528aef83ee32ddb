"""The server's end of every connection, on one thread: reads a line, has it answered, ends the connection.

No client can hold up another one or the engine: who is slow is given up, where there are too many the one that has waited
longest makes room, and what is asked for is carried out on threads of its own.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import socket
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from edgeadapt.engine.control.peer import Peer, peer_of
from edgeadapt.engine.control.protocol import BUSY, LARGEST_REQUEST, REFUSED, Answer, answer_line

if TYPE_CHECKING:
    import asyncio

_LOG = logging.getLogger("edgeadapt.engine.control")

MOST_CLIENTS = 64
MOST_AT_ONCE = 8
# For a client to say its line, and again to take the answer.
PATIENCE_S = 5.0
# Where the process has no descriptors left.
_PAUSE_S = 0.05
_CHUNK = 4096

_BUSY = answer_line(Answer({}, BUSY, "too many orders are being carried out; ask again in a moment"))
_STRANGER = answer_line(Answer({}, REFUSED, "only the engine's own user and root may ask"))

Respond = Callable[[Peer, bytes], bytes]


class Conversations:
    """Serves what connects to a listening socket; `respond` is called on threads of its own, several at once."""

    def __init__(self, listener: socket.socket, respond: Respond) -> None:
        # Imported here: it takes as long as all the rest, and a client needs none of it.
        import asyncio

        self._listener = listener
        self._respond = respond
        # Not the kind of loop that the host's policy makes.
        self._loop = asyncio.SelectorEventLoop()
        self._closing = self._loop.create_future()
        self._talks: set[asyncio.Task[None]] = set()
        # Those that wait for their client, in the order in which they began to.
        self._waiting: dict[asyncio.Task[None], None] = {}
        self._responding = 0
        self._strangers: set[int | None] = set()

    def run(self) -> None:
        """Serve, until closed; on a thread of its own, once."""
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    def close(self) -> None:
        """Have `run` end soon, also before it began; any thread, any number of times."""
        with contextlib.suppress(RuntimeError):  # it has ended
            self._loop.call_soon_threadsafe(_settle, self._closing, b"")

    async def _serve(self) -> None:
        import asyncio

        self._loop.add_reader(self._listener, self._accept)
        await self._closing
        self._loop.remove_reader(self._listener)
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    def _accept(self) -> None:
        """Take one connection: the loop calls again for the next, once those that are here had their turn."""
        try:
            connection, _ = self._listener.accept()
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self._make_room()
            self._loop.remove_reader(self._listener)
            self._loop.call_later(_PAUSE_S, self._listen_again)
            return
        try:
            connection.setblocking(False)
            peer = peer_of(connection)
        except OSError:
            connection.close()
            return
        if not peer.is_trusted:
            self._turn_away(connection, peer)
            return
        if len(self._waiting) >= MOST_CLIENTS:
            self._make_room()
        talk = self._loop.create_task(self._talk(connection, peer))
        self._talks.add(talk)
        self._waiting[talk] = None
        # Not in the task, which ends before its first line where it is cancelled at once.
        talk.add_done_callback(functools.partial(self._ended, connection))

    def _listen_again(self) -> None:
        if not self._closing.done():
            self._loop.add_reader(self._listener, self._accept)

    def _make_room(self) -> None:
        oldest = next(iter(self._waiting), None)
        if oldest is not None:
            del self._waiting[oldest]
            oldest.cancel()

    def _turn_away(self, connection: socket.socket, peer: Peer) -> None:
        if peer.uid not in self._strangers:
            self._strangers.add(peer.uid)
            _LOG.warning("control: uid %s may not give orders, and was turned away", peer.uid)
        with contextlib.suppress(OSError):
            connection.send(_STRANGER)
        _end(connection)

    async def _talk(self, connection: socket.socket, peer: Peer) -> None:
        import asyncio

        talk = asyncio.current_task()
        assert talk is not None
        # OSError: the client is gone, or the wait was too long; there is nobody to tell.
        with contextlib.suppress(OSError, asyncio.TimeoutError):
            line = await asyncio.wait_for(self._line(connection), PATIENCE_S)
            if not line:
                return
            self._waiting.pop(talk, None)
            answer = await self._response(peer, line)
            self._waiting[talk] = None
            await asyncio.wait_for(self._loop.sock_sendall(connection, answer), PATIENCE_S)

    async def _line(self, connection: socket.socket) -> bytes:
        """Return what came up to a line's end, or the end of all; empty for a client that said nothing."""
        line = b""
        while b"\n" not in line and len(line) <= LARGEST_REQUEST:
            chunk = await self._loop.sock_recv(connection, _CHUNK)
            if not chunk:
                break
            line += chunk
        return line

    async def _response(self, peer: Peer, line: bytes) -> bytes:
        if self._responding >= MOST_AT_ONCE:
            return _BUSY
        responded: asyncio.Future[bytes] = self._loop.create_future()

        def respond() -> None:
            answer = b""
            try:
                answer = self._respond(peer, line)
            finally:
                with contextlib.suppress(RuntimeError):  # closed meanwhile: nobody waits any more
                    self._loop.call_soon_threadsafe(self._responded, responded, answer)

        try:
            # A daemon: an order that hangs must not keep the process.
            threading.Thread(target=respond, name="edgeadapt-order", daemon=True).start()
        except RuntimeError:  # the system gives no more threads
            return _BUSY
        self._responding += 1
        return await responded

    def _responded(self, responded: asyncio.Future[bytes], answer: bytes) -> None:
        self._responding -= 1
        _settle(responded, answer)

    def _ended(self, connection: socket.socket, talk: asyncio.Task[None]) -> None:
        self._talks.discard(talk)
        self._waiting.pop(talk, None)
        _end(connection)


def _settle(future: asyncio.Future[bytes], value: bytes) -> None:
    if not future.done():
        future.set_result(value)


def _end(connection: socket.socket) -> None:
    # A child forked meanwhile has the descriptor too, and the client waits for the end.
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
