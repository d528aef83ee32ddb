"""Where the grammar's finished table is kept between starts: building it takes longer than all else of a cold start.

Lark checks that a table belongs to this grammar, lark and Python, and builds it anew where it does not or is damaged. It
is read by unpickling, so it lies only where nobody but the user can write.
"""

from __future__ import annotations

import os
import stat


def cache_file() -> str | None:
    """Return the path for the table, its folder made; None where there is no folder of the user's own."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    folder = os.path.join(base, "edgeadapt")
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        found = os.lstat(folder)
    except (OSError, ValueError):  # ValueError: a NUL in the variable
        return None
    owner = os.getuid() if hasattr(os, "getuid") else found.st_uid
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o022:
        return None
    return os.path.join(folder, "grammar.table")
