"""A policy's file → its source: whatever the bytes, a text or a PolicyFileError."""

from __future__ import annotations

import os
import re
import stat

from edgeadapt.diagnostics import Source
from edgeadapt.errors import PolicyFileError
from edgeadapt.program.compiled import looks_compiled
from edgeadapt.wording import shown

MAX_BYTES = 8 << 20
# What every family's file has, and no line of a policy begins with: each line of one would be an error.
_OF_A_FAMILY = re.compile(r"^(?:schema_version|variants):", re.MULTILINE)
# A trace has hardly anything in it that all have, but it is read by its suffix.
_OF_A_TRACE = (".csv", ".jsonl", ".ndjson")


def read_policy(path: str | os.PathLike[str]) -> Source:
    """Read a policy file as UTF-8; raises PolicyFileError with path, problem and remedy."""
    name = os.fsdecode(path)
    try:
        # A pipe or device could block or never end: only a regular file is opened.
        if not stat.S_ISREG(os.stat(name).st_mode):
            raise PolicyFileError(name, "this is not a file", "give the path of an `.eap` file")
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
        raise PolicyFileError(shown(name), "this is not a path", "give the path of an `.eap` file") from None
    return decode_policy(data, name)


def decode_policy(data: bytes, name: str) -> Source:
    """Decode a policy's bytes; raises PolicyFileError where they are no UTF-8 text, another thing's, or far too many."""
    if len(data) > MAX_BYTES:
        raise PolicyFileError(
            name, "the file is larger than 8 MiB", "one policy a file; check that it is one"
        )
    if looks_compiled(data):
        raise PolicyFileError(
            name,
            "this is a compiled policy, and its text is needed",
            "give the `.eap` file that it was made of",
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        # UTF-16 has zeros, too, but begins with its mark, and is a text.
        if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise PolicyFileError(name, "this is not a text", "give the path of an `.eap` file") from None
        line = data.count(b"\n", 0, error.start) + 1
        raise PolicyFileError(
            name, f"the text is not UTF-8, first on line {line}", "save the file as UTF-8"
        ) from None
    if _OF_A_FAMILY.search(text):
        raise PolicyFileError(
            name,
            "this is a family's file, not a policy",
            "give the policy's `.eap` file, and this by --family",
        )
    if name.lower().endswith(_OF_A_TRACE):
        raise PolicyFileError(
            name, "this is a trace, not a policy", "give the policy's `.eap` file, and this by --trace"
        )
    return Source(name, text)
