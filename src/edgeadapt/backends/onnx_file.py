"""How a model's file is given to ONNX Runtime: by its path, or from a descriptor that its owner has already checked.

A file that is replaced between the check and the load must not be what serves, so a descriptor is not opened again by
its path where the runtime can take it otherwise. Weights in files of their own lie beside the model's path either way.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TypeVar

import attrs

from edgeadapt.backends.external_data import refuse_outside
from edgeadapt.errors import ActivationError
from edgeadapt.registry.integrity import FileIdentity, OpenedFile
from edgeadapt.registry.variant import ModelVariant

# Models that keep their weights elsewhere are small, and old versions find those weights only by a folder's name and
# the model's bytes. Large models would be in memory twice that way.
_READ_WHOLE_BYTES = 8 << 20
_DESCRIPTORS = "/proc/self/fd"

_FOLDER_ENTRY = "session.model_external_initializers_file_folder_path"
_FORMAT_ENTRY = "session.load_model_format"

_S = TypeVar("_S")


@attrs.frozen
class ModelSource:
    """What the runtime is given: a path or a model's bytes, and the config entries that this takes."""

    model: str | bytes
    entries: tuple[tuple[str, str], ...] = ()


def open_from(variant: ModelVariant, file: OpenedFile | None, open_source: Callable[[ModelSource], _S]) -> _S:
    """Return what `open_source` makes of the first source that it takes.

    Raises ActivationError: that of the last source, in stage `loading`, or of the file itself in stage `checking`.
    """
    tries = _sources(variant, file)
    source = next(tries)
    while True:
        try:
            return open_source(source)
        except ActivationError:  # noqa: PERF203 - two turns at most
            other = next(tries, None)
            if other is None:
                raise
            source = other


def _sources(variant: ModelVariant, file: OpenedFile | None) -> Iterator[ModelSource]:
    """Yield what to give the runtime, and what to try when that is refused.

    Raises ActivationError in stage `checking`.
    """
    if file is None:
        _check_file(variant)
        yield ModelSource(variant.path)
        return
    folder = ((_FOLDER_ENTRY, os.path.dirname(os.path.abspath(variant.path))),)
    size = file.identity.size
    if size == 0:
        raise _empty(variant)
    if size <= _READ_WHOLE_BYTES:
        try:
            content = _read(file.descriptor, size)
        except OSError as error:
            raise _unreadable(variant, error) from error
        file.confirm_read(content)
        refuse_outside(variant, content, len(content))
        yield ModelSource(content, folder)
        return
    try:
        refuse_outside(variant, file.descriptor, size)
    except OSError as error:
        raise _unreadable(variant, error) from error
    if os.path.isdir(_DESCRIPTORS):
        # Its format would be told by the path's end.
        ort = ((_FORMAT_ENTRY, "ORT"),) if variant.path.endswith(".ort") else ()
        yield ModelSource(f"{_DESCRIPTORS}/{file.descriptor}", (*folder, *ort))
    # A large model with weights elsewhere on an old version, and every large one on other systems.
    if not _leads_to(variant.path, file):
        raise ActivationError(
            variant.name, "loading", f"`{variant.path}` was replaced while it was loaded; load it again"
        )
    yield ModelSource(variant.path)


def _check_file(variant: ModelVariant) -> None:
    """Raise ActivationError in stage `checking` where there is no file to load, or one that must not be."""
    try:
        if not os.path.isfile(variant.path):
            raise ActivationError(
                variant.name, "checking", f"there is no model file at `{variant.path}`; check its `path`"
            )
        with open(variant.path, "rb", buffering=0) as file:
            size = os.fstat(file.fileno()).st_size
            if size == 0:
                raise _empty(variant)
            refuse_outside(variant, file.fileno(), size)
    except OSError as error:
        raise _unreadable(variant, error) from error


def _read(descriptor: int, size: int) -> bytes:
    os.lseek(descriptor, 0, os.SEEK_SET)
    parts: list[bytes] = []
    while size > 0 and (part := os.read(descriptor, size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _leads_to(path: str, file: OpenedFile) -> bool:
    try:
        return FileIdentity.of(os.stat(path)) == file.identity
    except OSError:
        return False


def _empty(variant: ModelVariant) -> ActivationError:
    return ActivationError(variant.name, "checking", f"`{variant.path}` is empty; restore the file")


def _unreadable(variant: ModelVariant, error: OSError) -> ActivationError:
    reason = (error.strerror or "unreadable").lower()
    return ActivationError(variant.name, "checking", f"cannot read `{variant.path}`: {reason}")
