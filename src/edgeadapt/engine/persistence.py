"""When the engine's memory is written, and what is made of it at a start.

A variant is noted while it is activated, so that a crash in mid-activation is known to the next start; where two were,
as when a load that nobody waits for goes on, both are suspects. Between activations the memory is written when a rule's
phase, an order or the quarantine changed, else once a minute: its ages grow by the time that passed, so a minute-old one
is only out of date in what happened since. Nothing here ever keeps the engine from serving: where another engine has the
file, this one goes on without, says so, and takes the file once it is free.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from edgeadapt.engine.journal import Journal
from edgeadapt.engine.orders import Orders
from edgeadapt.engine.quarantine import Quarantine
from edgeadapt.engine.state_file import Saved, StateFile, StateFileError
from edgeadapt.policy import PolicySession

_REWRITE_AFTER_S = 60.0
_WHAT = "state file"


class Persistence:
    """Keeps a session's memory in a file; `before` is the same engine's last start, whose memory goes first."""

    def __init__(
        self,
        file: StateFile | None,
        quarantine: Quarantine,
        orders: Orders,
        journal: Journal,
        before: Persistence | None = None,
    ) -> None:
        self._file = file
        self._quarantine = quarantine
        self._orders = orders
        self._journal = journal
        self._is_taken = False
        # Guards the file, and what is noted in it; a load from an earlier start may still go on.
        self._lock: threading.Lock = threading.Lock() if before is None else before._lock
        self._activating: list[str] = [] if before is None else before._activating
        self._is_over = False
        self._written: tuple[object, float] | None = None
        self._kept: tuple[Mapping[str, Any], float] | None = None if before is None else before._kept

    def load(self) -> Saved:
        """Return what was kept, and put the variants that failed before into quarantine."""
        now_s = self._journal.now()
        if self._kept is not None:
            snapshot, at_s = self._kept
            return Saved(session=snapshot, elapsed_s=max(0.0, now_s - at_s))
        if self._file is None:
            return Saved()
        if not self._claims(self._file):
            return Saved()
        saved = self._read(self._file)
        try:
            self._quarantine.restore(saved.quarantine, now_s, saved.elapsed_s)
        except (KeyError, TypeError, ValueError, OverflowError):
            self._unusable(self._file, "its quarantine is malformed")
            return Saved()
        if saved.pinned is not None:
            left_s = saved.pin_left_s
            self._orders.pin(saved.pinned, None if left_s is None else now_s + left_s)
        # Until the next write the file still holds the note.
        for variant in saved.activating:
            self._quarantine.failed(
                variant, "the process ended while it was being activated", now_s, crashed=True
            )
        return saved

    def begins(self, variant: str) -> None:
        """Note that a variant's activation begins; any thread."""
        self._note(lambda: self._activating.append(variant))

    def ends(self, variant: str) -> None:
        """Note that it is over; any thread."""
        self._note(lambda: self._activating.remove(variant))

    def keep(self, session: PolicySession) -> None:
        """Write the memory where it is due."""
        if self._file is None:
            return
        now_s, key = self._journal.now(), self._key(session)
        if self._written is None or self._written[0] != key or now_s - self._written[1] >= _REWRITE_AFTER_S:
            self._write(session)

    def finish(self, session: PolicySession) -> None:
        """Write the memory for the last time before a stop, with a load that hangs still noted."""
        snapshot = self._snapshot(session)
        self._kept = None if snapshot is None else (snapshot, self._journal.now())
        self._write(session)
        with self._lock:
            self._is_over = True
            if self._file is not None:
                self._file.release()

    def _note(self, change: Callable[[], None]) -> None:
        with self._lock:
            change()
            # After a stop the file may be another engine's, and the note stays what the last write made it.
            if self._file is not None and not self._is_over and self._claims(self._file):
                file, names = self._file, tuple(self._activating)
                self._try(lambda: file.note(names))

    def _claims(self, file: StateFile) -> bool:
        """Whether the file is ours; where it is another engine's, say so once."""
        try:
            holder = file.claim()
        except OSError:
            # No ordinary file: reading and writing it say so.
            return True
        if holder and not self._is_taken:
            text = f"`{file.path}` is in use by {holder}; this engine's memory is not kept until it is free"
            self._journal.failure(_WHAT, text, "state_file_errors")
        self._is_taken = bool(holder)
        return not self._is_taken

    def _read(self, file: StateFile) -> Saved:
        try:
            return file.read() or Saved()
        except StateFileError as error:
            self._unusable(file, str(error))
        except OSError as error:
            self._journal.failure(_WHAT, f"cannot read `{file.path}`: {error.strerror}", "state_file_errors")
        return Saved()

    def _unusable(self, file: StateFile, problem: str) -> None:
        aside = file.set_aside()
        moved = "left where it is" if aside is None else f"moved to `{aside}`"
        text = f"`{file.path}` is of no use: {problem}; {moved}, and the policy starts afresh"
        self._journal.failure(_WHAT, text, "state_file_errors")

    def _write(self, session: PolicySession) -> None:
        file = self._file
        if file is None:
            return
        now_s, snapshot = self._journal.now(), self._snapshot(session)
        # Noted before the attempt: a disk that is full is not asked again at every poll.
        self._written = (self._key(session), now_s)
        with self._lock:
            if not self._is_over and self._claims(file):
                quarantine, orders = self._quarantine.snapshot(now_s), self._orders
                pin = (orders.pinned, orders.left_s(now_s))
                self._try(lambda: file.write(snapshot, quarantine, self._activating, *pin))

    def _try(self, write: Callable[[], None]) -> None:
        try:
            write()
        except OSError as error:
            # Its own text names the unfinished file, which is another one each time.
            path = "" if self._file is None else self._file.path
            self._journal.failure(_WHAT, f"cannot write `{path}`: {error.strerror}", "state_file_errors")
        except (TypeError, ValueError) as error:
            self._journal.failure(_WHAT, error, "state_file_errors")
        else:
            self._journal.recovered(_WHAT)

    def _snapshot(self, session: PolicySession) -> Mapping[str, Any] | None:
        take = getattr(session, "snapshot", None)
        if take is None:  # a host's own session may have no memory to carry
            return None
        try:
            snapshot: Mapping[str, Any] | None = take()
        except Exception as error:  # noqa: BLE001 - a host's session may fail in any way; serving goes on without a memory
            self._journal.failure("policy memory", error, "policy_errors")
            return None
        return snapshot

    def _key(self, session: PolicySession) -> object:
        phases = dict(session.phases)
        order = (self._orders.pinned, self._orders.until_s)
        # After a reload another session's memory counts, which may look the same.
        return (id(session), session.active, phases, order, self._quarantine.failures())
