"""What is kept between starts, and where: the grammar's table, which halves a cold start, and the verdicts of preflights."""

from __future__ import annotations

import os
from typing import Any

from edgeadapt.user_cache import user_cache

_KEPT = {"grammar": "grammar.table", "preflight": "preflight.json"}


def compile_cache() -> dict[str, Any]:
    """Return the `folder` (None where there is none), the size in bytes of what it keeps, by name, and a `note` if any."""
    folder = user_cache()
    if folder is None:
        note = (
            "there is no cache folder that is this user's alone, so every start builds the grammar's table anew; "
            "set XDG_CACHE_HOME to a folder that nobody else can write to"
        )
        return {"folder": None, "kept": dict.fromkeys(_KEPT), "note": note}
    return {"folder": folder, "kept": {name: _size(folder, file) for name, file in _KEPT.items()}, "note": ""}


def _size(folder: str, file: str) -> int | None:
    try:
        return os.path.getsize(os.path.join(folder, file))
    except OSError:
        return None
