"""What the native loader and reaper call in Python: a loader's backends, made, loaded and unloaded.

Every error on the way to serving leaves here as an ActivationError with its stage.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from edgeadapt.backends.admission import Transition
from edgeadapt.backends.base import InferenceBackend
from edgeadapt.errors import ActivationError
from edgeadapt.swapper.preparing import Preparing
from edgeadapt.wording import in_words

_logger = logging.getLogger("edgeadapt.swapper")

# A loader may hand out one backend again and again, but not before it was unloaded; that is soon, unless it is held.
_REUSE_WAIT_S = 5.0


class Activation:
    """Wraps a loader, and a family's checks, for one swapper.

    All run on its loader's thread but `unload`, which its reaper calls, and `cancel`, which its watchdog calls.
    """

    def __init__(self, loader: Callable[..., InferenceBackend], preparation: Preparing | None = None) -> None:
        self._loader = loader
        self._preparation = preparation
        self._is_admitted = False
        self._changed = threading.Condition()
        self._in_use: set[int] = set()
        self.unload_errors = 0
        self.last_unload_error = ""

    def check(self, variant: str, active: str | None) -> tuple[InferenceBackend, bool]:
        """Make the variant's backend; say too whether `active` must go first. Stage `checking`."""
        how = Transition.BESIDE
        if self._preparation is not None:
            with _stage(variant, "checking"):
                how = self._preparation.admit(variant, active)
            self._is_admitted = True
        with _stage(variant, "checking"):
            backend = (
                self._loader(variant, standby=True) if how is Transition.STANDBY else self._loader(variant)
            )
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
        return backend, how is Transition.GAP

    def load(self, variant: str, backend: InferenceBackend) -> None:
        """Load a backend that `check` returned. Stage `loading`."""
        with _stage(variant, "loading"):
            backend.load()

    def warm(self, variant: str, backend: InferenceBackend) -> None:
        """Make its first answers quick. Stage `warming`."""
        if self._preparation is not None:
            with _stage(variant, "warming"):
                self._preparation.warm(variant, backend)

    def validate(self, variant: str, backend: InferenceBackend) -> Callable[[Any], Any] | None:
        """Return what answers instead of the backend's own `infer`, if anything. Stage `validating`."""
        if self._preparation is None:
            return None
        with _stage(variant, "validating"):
            return self._preparation.validate(variant, backend)

    def end(self, variant: str) -> None:
        """Note that the load which `check` began is over."""
        if self._preparation is None or not self._is_admitted:
            return
        self._is_admitted = False
        try:
            self._preparation.release(variant)
        except BaseException:
            _logger.exception("the memory reserved for a load could not be given back")

    def cancel(self, backend: InferenceBackend) -> None:
        """Ask a load in progress to end soon."""
        # Optional, as in InferenceBackend; a backend need not be one by class.
        cancel_load = getattr(backend, "cancel_load", None)
        if cancel_load is None:
            return
        try:
            cancel_load()
        except BaseException:
            _logger.exception("a backend's load could not be cancelled")

    def unload(self, backend: InferenceBackend) -> None:
        """Unload a backend that `check` returned; an error is logged and counted."""
        try:
            backend.unload()
        except BaseException as error:
            self.last_unload_error = _reason(error)
            self.unload_errors += 1
            _logger.exception("a backend failed to unload")
        finally:
            with self._changed:
                self._in_use.discard(id(backend))
                self._changed.notify_all()


@contextmanager
def _stage(variant: str, stage: str) -> Iterator[None]:
    try:
        yield
    except ActivationError:
        raise
    except BaseException as error:
        raise ActivationError(variant, stage, _reason(error)) from error


def _reason(error: BaseException) -> str:
    text = in_words(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
