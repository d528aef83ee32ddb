"""A program as bytes: what a device carries instead of a policy text."""

from edgeadapt.program.compiled.envelope import MAX_BYTES, from_bytes, to_bytes
from edgeadapt.program.compiled.file import SUFFIX, is_compiled_file, looks_compiled, read_compiled

__all__ = [
    "MAX_BYTES",
    "SUFFIX",
    "from_bytes",
    "is_compiled_file",
    "looks_compiled",
    "read_compiled",
    "to_bytes",
]
