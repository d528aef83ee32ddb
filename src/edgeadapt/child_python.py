"""How another Python is started that finds modules where this one does, and nowhere else."""

from __future__ import annotations

import sys

# `-c` alone puts the current folder first: whatever lies there would be run in a module's place.
_START = "import sys; sys.path[:] = sys.argv[1:]; del sys.argv[1:]\n"


def python_command(code: str, python: str | None = None) -> list[str]:
    """Return the command that runs `code` in this Python, or in the one named, with this one's module path."""
    return [
        python or sys.executable,
        "-c",
        _START + code,
        *(path for path in sys.path if isinstance(path, str)),
    ]
