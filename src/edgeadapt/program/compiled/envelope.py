"""Program ↔ bytes: a header with version, length and digest, then the program as canonical JSON.

    8 bytes   magic
    2 bytes   format version, big-endian
    4 bytes   length of the content, big-endian
    32 bytes  sha256 of the content
    …         the content: nested arrays in UTF-8, see `nodes`

Equal programs have equal bytes. The digest finds damage, not forgery: the content is judged as if anybody wrote it.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
from typing import Any, NoReturn

from edgeadapt.errors import ProgramError
from edgeadapt.program.compiled.nodes import from_plain, to_plain
from edgeadapt.program.compiled.soundness import check_sound
from edgeadapt.program.program import Program

# A byte that no text starts with, and line ends that a transfer as text would change.
MAGIC = b"\x89EAPC\r\n\x1a"
FORMAT_VERSION = 1
MAX_BYTES = 16 << 20
# An expression of the deepest kind takes two arrays a level; what stands around it takes a few.
_MOST_NESTED = 256
_LONGEST_INTEGER = 19
_HEADER = struct.Struct(">8sHI32s")


def to_bytes(program: Program) -> bytes:
    """Return a program as bytes; raises ProgramError for one that no policy text could have given."""
    try:
        content = _dump(to_plain(program))
        data = _HEADER.pack(MAGIC, FORMAT_VERSION, len(content), hashlib.sha256(content).digest()) + content
        # What is written can be read: a program made by hand shows its mistakes here and not on a device.
        if from_bytes(data) != program:
            raise ProgramError("the program is not consistent: a band in it differs from the one in its list")
    except (RecursionError, UnicodeEncodeError, struct.error):
        raise ProgramError(
            "the program is nested too deeply, too large, or has texts that are none"
        ) from None
    except (TypeError, ValueError) as error:
        if isinstance(error, ProgramError):
            raise
        raise ProgramError(f"the program holds what no program holds: {error}") from None
    return data


def from_bytes(data: bytes) -> Program:
    """Return the program that `to_bytes` wrote; raises ProgramError for any other bytes."""
    plain = _load(_content(data))
    try:
        program = from_plain(plain)
        check_sound(program)
        content = _dump(to_plain(program))
    except RecursionError:  # the host itself is deep in calls
        raise ProgramError("it is nested too deeply for what is left of the stack") from None
    if content != data[_HEADER.size :]:
        raise ProgramError("the content is not in the canonical form")
    return program


def _content(data: bytes) -> bytes:
    if data[: len(MAGIC)] != MAGIC:
        raise ProgramError("these bytes are no compiled policy")
    if len(data) > MAX_BYTES:
        raise ProgramError(f"it is larger than {MAX_BYTES >> 20} MiB")
    if len(data) < _HEADER.size:
        raise ProgramError("it ends within its header")
    _, version, length, digest = _HEADER.unpack_from(data)
    if version != FORMAT_VERSION:
        raise ProgramError(f"it has format version {version}, and this EdgeAdapt reads {FORMAT_VERSION}")
    content = data[_HEADER.size :]
    if len(content) != length:
        what = "ends too early" if len(content) < length else "goes on after its end"
        raise ProgramError(f"it {what}: its content is {len(content)} bytes instead of {length}")
    if hashlib.sha256(content).digest() != digest:
        raise ProgramError("its content does not match its digest, so it is damaged")
    return content


def _load(content: bytes) -> Any:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise ProgramError("the content is not UTF-8") from None
    _check_nesting(text)
    try:
        return json.loads(text, parse_constant=_no_number, parse_int=_integer)
    except ProgramError:
        raise
    except ValueError:
        raise ProgramError("the content is not JSON") from None


def _check_nesting(text: str) -> None:
    # Without escapes, every second piece between quotes is outside a text. Linear, whatever the text is.
    outside = "".join(text.replace("\\\\", "").replace('\\"', "").split('"')[::2])
    depth = 0
    for bracket in re.findall(r"[\[\]{}]", outside):
        depth += 1 if bracket in "[{" else -1
        if depth > _MOST_NESTED:
            raise ProgramError("the content is nested too deeply")


def _integer(digits: str) -> int:
    # Long ones take long to convert.
    if len(digits) > _LONGEST_INTEGER:
        raise ProgramError("a whole number is too large")
    return int(digits)


def _no_number(name: str) -> NoReturn:
    raise ProgramError(f"`{name}` is no number of a program")


def _dump(plain: list[Any]) -> bytes:
    # `repr` of a float gives it back exactly, and so does JSON's.
    return json.dumps(plain, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8")
