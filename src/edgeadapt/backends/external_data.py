"""Which files an ONNX model keeps weights in besides its own, and whether those are files that it may have.

A model's file is somebody else's word: older versions of ONNX Runtime read any file, and even any memory, that it names.
"""

from __future__ import annotations

import os

from edgeadapt import _core
from edgeadapt.errors import ActivationError
from edgeadapt.registry.variant import ModelVariant
from edgeadapt.wording import shown

# What ends a name in `_core.onnx_locations`, and how many it tells at most.
_LONGEST, _MOST = 4096, 10_000
# With it begin the runtime's own marks for weights that lie in memory, at an address that the model would tell.
_IN_MEMORY = "*/"


def external_files(path: str) -> tuple[str, ...]:
    """List the paths, each once, sorted; empty for a file that can't be read or is no model."""
    try:
        # Not mapped: a file that somebody shortens meanwhile would end the process.
        with open(path, "rb", buffering=0) as file:
            locations = _locations(file.fileno(), os.fstat(file.fileno()).st_size)
    except (OSError, ValueError):  # ValueError: a path that can't be one
        return ()
    folder = os.path.dirname(path)
    return tuple(
        sorted(os.path.join(folder, location) for location in locations if location and "\0" not in location)
    )


def refuse_outside(variant: ModelVariant, source: int | bytes, size: int) -> None:
    """Raise ActivationError in stage `checking` where a model, open or in memory, keeps weights in a file that it must not.

    Raises OSError where it can't be read. What a name leads to is looked at now: whoever may write to the folder can put
    another file there before the runtime opens it.
    """
    locations = _locations(source, size)
    if not locations:
        return
    folder = os.path.dirname(os.path.abspath(variant.path))
    problem = ""
    if len(locations) > _MOST:
        problem = f"keeps weights in more than {_MOST} files; save them in one"
    for location in filter(None, locations):
        problem = problem or _problem(folder, location)
    if problem:
        raise ActivationError(variant.name, "checking", f"`{variant.path}` {problem}")


def _locations(source: int | bytes, size: int) -> list[str]:
    return [os.fsdecode(location) for location in _core.onnx_locations(source, size)]


def _problem(folder: str, location: str) -> str:
    """Return what is wrong with a location, or nothing; a file that is not there is for the runtime to miss."""
    if location.startswith(_IN_MEMORY):
        return f"names weights in memory, {shown(location)}, instead of in a file; save it with its weights"
    if "\0" in location or len(location) > _LONGEST:
        return f"keeps weights in {shown(location)}, which is no file's name; save it anew"
    path = os.path.join(folder, location)
    if os.path.isabs(location) or not _is_in(folder, os.path.normpath(path)):
        return (
            f"keeps weights in {shown(location)}, which is not in its folder; "
            "save them in a file beside it, named without folders"
        )
    if not _is_in(os.path.realpath(folder), os.path.realpath(path)):
        return (
            f"keeps weights in {shown(location)}, a link that leads out of its folder, as in Hugging Face's cache; "
            "copy the model and its weights into one folder, as downloading them with a `local_dir` does"
        )
    if os.path.exists(path) and not os.path.isfile(path):
        return f"keeps weights in {shown(location)}, which is no file; restore the file"
    return ""


def _is_in(folder: str, path: str) -> bool:
    try:
        return os.path.commonpath([folder, path]) == folder
    except ValueError:  # on another drive
        return False
