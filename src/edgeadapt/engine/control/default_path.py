"""Where the socket is when nobody says where: a folder that only the user can write, the same for both ends."""

from __future__ import annotations

import os
import stat
import sys
import tempfile

from edgeadapt.errors import ControlSocketError

_NAME = "control.sock"


def default_path() -> str:
    """Return the path; its folder may not exist.

    For root it is `/run/edgeadapt/control.sock`; for another user `$XDG_RUNTIME_DIR/edgeadapt/control.sock`, and where
    that is not set, `control.sock` in the folder `edgeadapt-UID` for temporary files.
    """
    uid = os.geteuid() if hasattr(os, "geteuid") else 0
    # Not by the variable: a root shell has it and `sudo` has not, and both mean the same engine.
    if uid == 0:
        return os.path.join("/run" if sys.platform == "linux" else "/var/run", "edgeadapt", _NAME)
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if os.path.isabs(runtime) and "\0" not in runtime:
        return os.path.join(runtime, "edgeadapt", _NAME)
    return os.path.join(tempfile.gettempdir(), f"edgeadapt-{uid}", _NAME)


def make_default_folder(path: str) -> None:
    """Make the folder of the default path; raises ControlSocketError where it is not the user's alone."""
    folder = os.path.dirname(path)
    remedy = "give a path in a folder of your own"
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        found = os.lstat(folder)
    except OSError as error:
        raise ControlSocketError(
            path, f"its folder can't be made: {error.strerror}".lower(), remedy
        ) from None
    # Anybody may have made it before us where the folder above is everybody's.
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise ControlSocketError(path, "its folder belongs to others too", remedy)
