"""What the native loader and reaper call in Python: a loader's backends, made, loaded and unloaded.

Every error on the way to serving leaves here as an ActivationError with its stage.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from edgeadapt.backends.base import InferenceBackend
from edgeadapt.errors import ActivationError
from edgeadapt.wording import in_words

_logger = logging.getLogger("edgeadapt.swapper")

# A loader may hand out one backend again and again, but not before it was unloaded; that is soon, unless it is held.
_REUSE_WAIT_S = 5.0


class Activation:
    """Wraps a loader for one swapper. `check` and `load` run on its loader's thread, `unload` on its reaper's."""

    def __init__(self, loader: Callable[[str], InferenceBackend]) -> None:
        self._loader = loader
        self._changed = threading.Condition()
        self._in_use: set[int] = set()
        self.unload_errors = 0

    def check(self, variant: str) -> InferenceBackend:
        """Make the variant's backend; raises ActivationError in stage `checking`."""
        try:
            backend = self._loader(variant)
        except ActivationError:
            raise
        except BaseException as error:
            raise ActivationError(variant, "checking", _reason(error)) from error
        missing = [name for name in ("load", "infer", "unload") if not callable(getattr(backend, name, None))]
        if missing:
            raise ActivationError(
                variant,
                "checking",
                f"the loader returned a {type(backend).__name__}, which has no `{missing[0]}`; "
                "return an InferenceBackend",
            )
        with self._changed:
            if not self._changed.wait_for(lambda: id(backend) not in self._in_use, _REUSE_WAIT_S):
                raise ActivationError(
                    variant,
                    "checking",
                    "the loader returned a backend that is still in use; make a new one for each load",
                )
            self._in_use.add(id(backend))
        return backend

    def load(self, variant: str, backend: InferenceBackend) -> None:
        """Load a backend that `check` returned; raises ActivationError in stage `loading`."""
        try:
            backend.load()
        except ActivationError:
            raise
        except BaseException as error:
            raise ActivationError(variant, "loading", _reason(error)) from error

    def unload(self, backend: InferenceBackend) -> None:
        """Unload a backend that `check` returned; an error is logged and counted."""
        try:
            backend.unload()
        except BaseException:
            self.unload_errors += 1
            _logger.exception("a backend failed to unload")
        finally:
            with self._changed:
                self._in_use.discard(id(backend))
                self._changed.notify_all()


def _reason(error: BaseException) -> str:
    text = in_words(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
