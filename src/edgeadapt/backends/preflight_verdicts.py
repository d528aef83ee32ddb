"""What trial processes found, kept for as long as the file, the runtime and the options stay what they were.

In the process, and between processes in the user's own cache folder: what is read there is data, never code.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import threading
from importlib.util import find_spec
from typing import Any

import attrs

from edgeadapt.backends.external_data import external_files
from edgeadapt.backends.rehearsal import Rehearsal
from edgeadapt.registry.integrity import FileIdentity, OpenedFile
from edgeadapt.registry.variant import ModelVariant
from edgeadapt.user_cache import user_cache

_FILE = "preflight.json"
_KEPT = 256
_MAX_BYTES = 1 << 20


class Verdicts:
    """Texts by key: empty for a model that works, else why it does not. Any thread; other processes may write too."""

    def __init__(self, folder: str | None = None, *, kept_on_disk: bool = True) -> None:
        self._folder = folder
        self._kept_on_disk = kept_on_disk
        self._lock = threading.Lock()
        self._known: dict[str, str] = {}

    def get(self, key: str) -> str | None:
        """Return what was found; None for what was not tried."""
        with self._lock:
            if key not in self._known:
                self._known.update(self._stored())
            return self._known.get(key)

    def put(self, key: str, verdict: str) -> None:
        """Keep what was found."""
        with self._lock:
            self._known = {**self._stored(), **self._known}
            # Last in, last out: the newest are kept.
            self._known.pop(key, None)
            self._known[key] = verdict
            self._known = dict(list(self._known.items())[-_KEPT:])
            self._store()

    def _path(self) -> str | None:
        folder = self._folder or (user_cache() if self._kept_on_disk else None)
        return None if folder is None else os.path.join(folder, _FILE)

    def _stored(self) -> dict[str, str]:
        path = self._path()
        if path is None:
            return {}
        try:
            with open(path, "rb") as file:
                found = json.loads(file.read(_MAX_BYTES))
        except (OSError, ValueError, RecursionError):
            return {}
        if not isinstance(found, dict):
            return {}
        return {key: text for key, text in found.items() if isinstance(text, str)}

    def _store(self) -> None:
        path = self._path()
        if path is None:
            return
        try:
            descriptor, beside = tempfile.mkstemp(dir=os.path.dirname(path), prefix=_FILE)
        except OSError:
            return
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(self._known, file)
            os.replace(beside, path)
        except OSError:
            # A full disk costs a trial, and nothing else.
            os.unlink(beside)


def verdict_key(
    variant: ModelVariant, file: OpenedFile, standby: bool, rehearsal: Rehearsal | None = None
) -> str:
    """Return a digest over all that a verdict depends on: files, the runtime, how it opens the model, what is run."""
    wanted = Rehearsal.of(variant, None) if rehearsal is None else rehearsal
    golden = () if wanted.golden is None else (wanted.golden.inputs, wanted.golden.outputs)
    content: list[Any] = [
        attrs.astuple(file.identity),
        [(path, _identity(path)) for path in external_files(variant.path)],
        _runtime(),
        attrs.asdict(variant.session),
        standby,
        wanted.as_data(),
        [_identity(path) for path in golden],
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=float).encode()).hexdigest()


def _runtime() -> list[Any]:
    spec = find_spec("onnxruntime")
    places = [spec.origin if spec is not None else None, os.environ.get("EDGEADAPT_ONNXRUNTIME_LIBRARY")]
    return [(place, _identity(place)) for place in places if place]


def _identity(path: str) -> tuple[Any, ...] | None:
    try:
        return attrs.astuple(FileIdentity.of(os.stat(path)))
    except (OSError, ValueError):
        return None
