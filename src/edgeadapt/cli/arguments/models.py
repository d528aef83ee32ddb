"""`--model PATH[=NAME]`: a model file, looked at, and what to call it."""

from __future__ import annotations

import os

from edgeadapt.tooling.new_family import NewVariant, new_variant


def variant_of(text: str) -> NewVariant:
    """Look at a `PATH[=NAME]`, whose name is the file's where none is given; raises ModelFileError."""
    path, equals, name = text.rpartition("=")
    if not equals or os.path.exists(text):
        path, name = text, ""
    return new_variant(path, name or os.path.splitext(os.path.basename(path))[0])
