"""Compiled policies as files: whatever the path and its content, a program or an error that says why not."""

from __future__ import annotations

import os
import stat

from edgeadapt.errors import PolicyFileError, ProgramError
from edgeadapt.program.compiled.envelope import MAGIC, MAX_BYTES, from_bytes
from edgeadapt.program.program import Program
from edgeadapt.wording import shown

SUFFIX = ".eapc"


def looks_compiled(data: bytes) -> bool:
    """Whether bytes start as a compiled policy does, and so are no policy text."""
    return data[: len(MAGIC)] == MAGIC


def is_compiled_file(path: str) -> bool:
    """Whether a file is to be read as a compiled policy, by its suffix or its first bytes."""
    if path.endswith(SUFFIX):
        return True
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return False
        with open(path, "rb") as file:
            return looks_compiled(file.read(len(MAGIC)))
    except (OSError, ValueError):  # who reads it as a text will say what is wrong
        return False


def read_compiled(path: str | os.PathLike[str]) -> Program:
    """Read a compiled policy; raises PolicyFileError where it can't be read, ProgramError where it is none."""
    name = os.fsdecode(path)
    try:
        # A pipe or device could block or never end: only a regular file is opened.
        if not stat.S_ISREG(os.stat(name).st_mode):
            raise PolicyFileError(name, "this is not a file", f"give the path of an `{SUFFIX}` file")
        with open(name, "rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise PolicyFileError(
            name, f"cannot read it: {reason}", "check the path and its permissions"
        ) from None
    except PolicyFileError:
        raise
    except ValueError:  # a NUL in the path
        raise PolicyFileError(
            shown(name), "this is not a path", f"give the path of an `{SUFFIX}` file"
        ) from None
    try:
        return from_bytes(data)
    except ProgramError as error:
        raise ProgramError(error.reason, name) from None
