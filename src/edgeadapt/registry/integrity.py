"""Whether a model file is the one that its family declares."""

from __future__ import annotations

import hashlib
import os

from edgeadapt.errors import ActivationError
from edgeadapt.registry.variant import ModelVariant

_CHUNK_BYTES = 1 << 20


def sha256_of(path: str | os.PathLike[str]) -> str:
    """Return the lower-case hexadecimal sha256 of a file; raises OSError where it can't be read."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def verify(variant: ModelVariant) -> None:
    """Hold a variant's file against its declared sha256, or only for being there where none is declared.

    Raises ActivationError in stage `checking`.
    """
    if not os.path.isfile(variant.path):
        raise ActivationError(
            variant.name, "checking", f"there is no model file at `{variant.path}`; check its `path`"
        )
    if variant.sha256 is None:
        return
    try:
        found = sha256_of(variant.path)
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise ActivationError(variant.name, "checking", f"cannot read `{variant.path}`: {reason}") from error
    if found != variant.sha256:
        raise ActivationError(
            variant.name,
            "checking",
            f"`{variant.path}` is not the declared file: its sha256 is {found[:12]}…, not {variant.sha256[:12]}…; "
            "restore the file or correct `sha256`",
        )
