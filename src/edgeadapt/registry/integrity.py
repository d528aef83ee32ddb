"""Whether a model file is the one that its family declares, told of one open descriptor: what is checked is what is read.

A file that was checked is not read again as long as it is the same by device, inode, size and times.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

import attrs

from edgeadapt.errors import ActivationError
from edgeadapt.registry.variant import ModelVariant

_CHUNK_BYTES = 1 << 20
_KEPT = 256
# A file may change twice within one tick of its clock, which is a second on some file systems.
_SETTLED_S = 2.0


@attrs.frozen
class FileIdentity:
    """What tells one state of one file from another."""

    device: int
    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int

    @classmethod
    def of(cls, found: os.stat_result) -> FileIdentity:
        """Make one from what the system tells of a file."""
        return cls(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


class OpenedFile:
    """A model file, open for reading. Whoever holds it closes it; its position means nothing."""

    def __init__(self, variant: str, path: str) -> None:
        """Open it; raises ActivationError in stage `checking`."""
        self._variant = variant
        self.path = path
        try:
            # A pipe would block, and a device may do anything.
            if not os.path.isfile(path):
                raise FileNotFoundError
            self.descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        except FileNotFoundError:
            raise ActivationError(
                variant, "checking", f"there is no model file at `{path}`; check its `path`"
            ) from None
        except OSError as error:
            raise _unreadable(variant, path, error) from error
        self._is_open = True
        # The declared sha256 that it was found to have.
        self._checked: str | None = None
        self.identity = FileIdentity.of(os.fstat(self.descriptor))

    def confirm(self, stage: str) -> None:
        """Raise ActivationError if it was written to since it was opened.

        Its path may lead to another file meanwhile: what was opened is still what it was.
        """
        now = FileIdentity.of(os.fstat(self.descriptor))
        if (now.size, now.mtime_ns) != (self.identity.size, self.identity.mtime_ns):
            raise self._replaced(stage)
        # The time of its last write can be set back, but not `ctime`, which a rename changes too.
        if self._checked is not None and now.ctime_ns != self.identity.ctime_ns:
            try:
                found = self.sha256()
            except OSError as error:
                raise _unreadable(self._variant, self.path, error) from error
            if found != self._checked:
                raise self._replaced(stage)

    def mark_checked(self, sha256: str) -> None:
        """Note the declared sha256 that it was found to have: what is read of it later must have it too."""
        self._checked = sha256

    def confirm_read(self, content: bytes) -> None:
        """Raise ActivationError if what was read of it, whole, is not what was checked."""
        if self._checked is not None and hashlib.sha256(content).hexdigest() != self._checked:
            raise self._replaced("loading")

    def _replaced(self, stage: str) -> ActivationError:
        done = "checked" if stage == "checking" else "loaded"
        reason = (
            f"`{self.path}` was replaced while it was {done}; write a new file beside it, then rename that"
        )
        return ActivationError(self._variant, stage, reason)

    def sha256(self) -> str:
        """Return its lower-case hexadecimal sha256; raises OSError where it can't be read."""
        digest = hashlib.sha256()
        os.lseek(self.descriptor, 0, os.SEEK_SET)
        while chunk := os.read(self.descriptor, _CHUNK_BYTES):
            digest.update(chunk)
        return digest.hexdigest()

    def close(self) -> None:
        """Close it; does nothing the second time."""
        if self._is_open:
            self._is_open = False
            os.close(self.descriptor)


class Digests:
    """The sha256 of files that were read once, kept until they change. Any thread."""

    def __init__(self, wall_clock: Callable[[], float] = time.time) -> None:
        self._wall_clock = wall_clock
        self._lock = threading.Lock()
        self._known: OrderedDict[FileIdentity, str] = OrderedDict()

    def of(self, file: OpenedFile) -> str:
        """Return a file's sha256; raises OSError where it can't be read, ActivationError where it changes meanwhile."""
        with self._lock:
            known = self._known.get(file.identity)
        if known is not None:
            return known
        found = file.sha256()
        file.confirm("checking")
        changed_s = max(file.identity.mtime_ns, file.identity.ctime_ns) / 1e9
        is_same = FileIdentity.of(os.fstat(file.descriptor)) == file.identity
        if is_same and self._wall_clock() - changed_s > _SETTLED_S:
            with self._lock:
                self._known[file.identity] = found
                while len(self._known) > _KEPT:
                    self._known.popitem(last=False)
        return found


_DIGESTS = Digests()


def open_checked(variant: ModelVariant, digests: Digests = _DIGESTS) -> OpenedFile:
    """Open a variant's file and hold it against its declared sha256, if it has one; the caller closes it.

    The sha256 is the model file's: weights that it keeps in other files are not covered. Raises ActivationError in stage
    `checking`.
    """
    file = OpenedFile(variant.name, variant.path)
    try:
        found = variant.sha256 if variant.sha256 is None else digests.of(file)
    except BaseException as error:
        file.close()
        if isinstance(error, OSError):
            raise _unreadable(variant.name, variant.path, error) from error
        raise
    if found == variant.sha256:
        if found is not None:
            file.mark_checked(found)
        return file
    file.close()
    raise ActivationError(
        variant.name,
        "checking",
        f"`{variant.path}` is not the declared file: its sha256 is {(found or '')[:12]}…, "
        f"not {(variant.sha256 or '')[:12]}…; restore the file or correct `sha256`",
    )


def sha256_of(path: str | os.PathLike[str]) -> str:
    """Return the lower-case hexadecimal sha256 of a file; raises OSError where it can't be read."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def verify(variant: ModelVariant) -> None:
    """Hold a variant's file against its declared sha256, or only for being there where none is declared.

    Raises ActivationError in stage `checking`.
    """
    open_checked(variant).close()


def _unreadable(variant: str, path: str, error: OSError) -> ActivationError:
    reason = (error.strerror or "unreadable").lower()
    return ActivationError(variant, "checking", f"cannot read `{path}`: {reason}")
