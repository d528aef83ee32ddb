"""Who is at the other end of a Unix socket, as the system tells it: nobody can claim to be somebody else."""

from __future__ import annotations

import os
import socket
import struct

from edgeadapt.values import frozen

_CREDENTIALS = struct.Struct("iII")  # pid, uid, gid


@frozen
class Peer:
    """A process and the user that it ran as when it connected, or listened; both None where the system does not tell."""

    uid: int | None
    pid: int | None

    @property
    def is_trusted(self) -> bool:
        """Whether it is the user of this process, or root. Where the system does not tell, the file's mode decides."""
        return self.uid is None or self.uid in (0, os.geteuid())

    @property
    def who(self) -> str:
        """Name it: `alice (uid 1000, pid 4242)`. A user is looked up, which may take as long as a network does."""
        if self.uid is None:
            return "a local user"
        # A process of another pid namespace has none here.
        details = f"uid {self.uid}" + (f", pid {self.pid}" if self.pid else "")
        name = _user_name(self.uid)
        return f"{name} ({details})" if name else details


def peer_of(connection: socket.socket) -> Peer:
    """Return who is at the other end of a connected Unix socket."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:  # not Linux
        return Peer(None, None)
    pid, uid, _gid = _CREDENTIALS.unpack(connection.getsockopt(socket.SOL_SOCKET, option, _CREDENTIALS.size))
    return Peer(uid, pid)


def _user_name(uid: int) -> str:
    import pwd

    try:
        name = pwd.getpwuid(uid).pw_name
    except (KeyError, OSError, OverflowError):
        return ""
    return name if name.isprintable() else ""
