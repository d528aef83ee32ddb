"""The user's own cache folder: what is kept there may be believed, for nobody else can write to it."""

from __future__ import annotations

import os
import stat


def user_cache() -> str | None:
    """Return the folder, made; None where there is no folder of the user's own."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    # A relative variable is to be ignored, and a user without a home leaves `~` as it is: neither is a place of the user's.
    if not os.path.isabs(base):
        return None
    folder = os.path.join(base, "edgeadapt")
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        found = os.lstat(folder)
    except (OSError, ValueError):  # ValueError: a NUL in the variable
        return None
    owner = os.getuid() if hasattr(os, "getuid") else found.st_uid
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o022:
        return None
    return folder
