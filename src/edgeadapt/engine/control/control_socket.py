"""The socket that a host gives an engine, so that an operator in another process can ask and order it."""

from __future__ import annotations

import contextlib
import os
import threading
import weakref
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from edgeadapt.engine.control.conversations import Conversations
from edgeadapt.engine.control.default_path import default_path
from edgeadapt.engine.control.listening import Listening
from edgeadapt.engine.control.protocol import (
    NOT_UNDERSTOOD,
    REFUSED,
    Answer,
    NotUnderstood,
    answer_line,
    parse_request,
)
from edgeadapt.wording import shown

if TYPE_CHECKING:
    from edgeadapt.engine.control.peer import Peer
    from edgeadapt.engine.engine import Engine

_C = TypeVar("_C", bound="ControlSocket")
_CLOSE_S = 1.0


class ControlSocket:
    """Lets `edgeadapt ctl` reach an engine through a Unix socket, from `start` to `close` or as a context manager.

    Only the user of this process and root can connect. Without `path` it is where `edgeadapt ctl` looks by itself. It
    stays while the engine is stopped and started again, and ends with it; it keeps no engine alive. A forked child has
    no part in it.
    """

    def __init__(self, engine: Engine, path: str | os.PathLike[str] | None = None) -> None:
        from edgeadapt.engine.engine import Engine

        if not isinstance(engine, Engine):
            raise TypeError(f"`engine` is an Engine, not {shown(type(engine).__name__)}")
        self._engine = weakref.ref(engine)
        self._is_default = path is None
        self._path = default_path() if path is None else os.fsdecode(path)
        self._lock = threading.Lock()
        self._service: _Service | None = None

    @property
    def path(self) -> str:
        """Where it listens."""
        return self._path

    def start(self) -> None:
        """Listen; raises ControlSocketError where it can't, RuntimeError where it does already."""
        with self._lock:
            if self._service is not None:
                raise RuntimeError(
                    "this control socket is open already; it can be started again after `close()`"
                )
            engine = self._engine()
            if engine is None:
                raise RuntimeError("the engine of this control socket is gone")
            listening = Listening(self._path, is_default=self._is_default)
            try:
                self._service = _Service(engine, listening)
            except BaseException:
                listening.unlink()
                listening.close()
                raise

    def close(self) -> None:
        """Stop listening and remove the socket's file; an order under way is carried out, but its answer is lost."""
        with self._lock:
            service, self._service = self._service, None
        if service is not None:
            service.end()

    def __enter__(self: _C) -> _C:  # noqa: PYI019 - typing.Self is newer than Python 3.10
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Service:
    """What exists between a start and a close; it knows the engine only as long as somebody else does."""

    def __init__(self, engine: Engine, listening: Listening) -> None:
        self._listening = listening
        self._engine = weakref.ref(engine)
        self._process = os.getpid()
        self._conversations = Conversations(listening.socket, self._respond)
        self._thread = threading.Thread(target=self._conversations.run, name="edgeadapt-control", daemon=True)
        try:
            self._thread.start()
        except RuntimeError:  # the system gives no more threads
            self._conversations.close()
            # Closed before it began, it ends at once.
            self._conversations.run()
            raise
        # Also when nobody holds the engine any more, and at the interpreter's exit.
        self._finalizer = weakref.finalize(engine, self._end)
        here = weakref.ref(self)
        os.register_at_fork(after_in_child=lambda: _forget(here))

    def end(self) -> None:
        """End in bounded time; any thread, any number of times."""
        self._finalizer.detach()
        self._end()

    def _end(self) -> None:
        if os.getpid() != self._process:
            return
        self._listening.unlink()
        self._conversations.close()
        if threading.current_thread() is not self._thread:
            self._thread.join(_CLOSE_S)
        self._listening.close()

    def forget(self) -> None:
        """Let go of what a forked child has of it, so that the parent's end is its end."""
        self._listening.forget()

    def _respond(self, peer: Peer, line: bytes) -> bytes:
        try:
            request = parse_request(line)
        except NotUnderstood as error:
            return answer_line(Answer({}, NOT_UNDERSTOOD, str(error)))
        engine = self._engine()
        if engine is None:
            return answer_line(Answer({}, REFUSED, "the engine is gone"))
        # Imported here: it needs what an engine needs, and a client does not.
        from edgeadapt.engine.control.orders import carry_out

        who = "" if request.order == "status" else peer.who
        return answer_line(carry_out(engine, request, who))


def _forget(service: weakref.ref[_Service]) -> None:
    alive = service()
    if alive is not None:
        with contextlib.suppress(OSError):
            alive.forget()
