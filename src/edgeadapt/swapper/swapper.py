"""HotSwapper: serves one variant while another is loaded in the background, and puts it in its place in one step.

It knows variants by name and backends by interface; which variant to serve is somebody else's decision.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from edgeadapt import _core
from edgeadapt._core import CallTimes, Lease
from edgeadapt.backends.base import InferenceBackend
from edgeadapt.errors import ActivationError, NotServing
from edgeadapt.registry.activation import Probation
from edgeadapt.swap_codes import SWAP_COMMITTED, SWAP_TIMED_OUT
from edgeadapt.swapper import arguments
from edgeadapt.swapper.activation import Activation
from edgeadapt.swapper.at_exit import close_at_exit
from edgeadapt.swapper.callbacks import Callbacks
from edgeadapt.swapper.event import SwapEvent
from edgeadapt.swapper.held_backend import HeldBackend
from edgeadapt.swapper.preparing import Preparing
from edgeadapt.swapper.request import SwapRequest
from edgeadapt.swapper.timed import TimedInference

__all__ = ["HotSwapper", "Lease", "SwapRequest"]

_S = TypeVar("_S", bound="HotSwapper")


class HotSwapper:
    """Loads `initial_variant` through `loader`, and serves; raises ActivationError where that fails.

    `loader` makes a new backend for a variant's name; it is called, and the backend loaded, on one native thread, one
    at a time. A failure leaves the old variant serving. Callbacks run on another thread, in order:
    `on_swap_start(from_variant, to_variant)` when a request is accepted, `on_swap_complete(from_variant, to_variant)`
    when it serves, `on_fallback(variant, error)` when its load or, on probation, its inferences failed,
    `on_event(SwapEvent)` for everything.

    `preparation` adds a family's checks to each load, which must end within `load_timeout_s` of its request (None: no
    limit). Where these checks ask for a gap, `infer` waits up to `gap_timeout_s` for something to serve. With
    `probation` the previous variant is kept after a swap until that many inferences or seconds have passed; more errors
    than it allows bring it back. An error that is the caller's does not count: InputError, NotServing, what a host's
    adapter before the model raises; nor does an InferenceTimeout, since how long is too long is the caller's wish.

    At most `max_resident` generations exist at once, so a lease held on an old one can hold up the next load;
    `status()` then says so. For a load's sake preloaded ones go first, then a probation ends early. All methods may be
    called from any thread. After a fork, the child must make its own. Raises TypeError or ValueError for arguments that are none.
    """

    __slots__ = ("__weakref__", "_activation", "_callbacks", "_native", "_timed")

    def __init__(
        self,
        loader: Callable[..., InferenceBackend],
        initial_variant: str,
        *,
        preparation: Preparing | None = None,
        load_timeout_s: float | None = 60.0,
        gap_timeout_s: float = 5.0,
        probation: Probation | None = None,
        on_swap_start: Callable[[str, str], object] | None = None,
        on_swap_complete: Callable[[str, str], object] | None = None,
        on_fallback: Callable[[str, BaseException | None], object] | None = None,
        on_event: Callable[[SwapEvent], object] | None = None,
        max_resident: int = 3,
    ) -> None:
        arguments.check_callable("loader", loader, optional=False)
        arguments.check_preparing(preparation)
        for name, callback in (
            ("on_swap_start", on_swap_start),
            ("on_swap_complete", on_swap_complete),
            ("on_fallback", on_fallback),
            ("on_event", on_event),
        ):
            arguments.check_callable(name, callback)
        arguments.variant_name(initial_variant)
        self._activation = Activation(loader, preparation)
        self._callbacks = Callbacks(on_swap_start, on_swap_complete, on_fallback, on_event)
        self._native = _core.Swapper(
            self._activation,
            self._callbacks.tell,
            arguments.resident(max_resident),
            arguments.limit("load_timeout_s", load_timeout_s),
            arguments.timeout("gap_timeout_s", gap_timeout_s),
            arguments.probation_rules(probation),
        )
        self._timed = TimedInference(self._native)
        close_at_exit(self._native)
        try:
            event = self.swap_to(initial_variant).wait()
        except BaseException:
            # Interrupted: a load that goes on ends alone.
            self.close(timeout_s=0.0)
            raise
        if event is None or event.code != SWAP_COMMITTED:
            # A load that hangs is not waited for.
            self.close(timeout_s=0.0 if event is not None and event.code == SWAP_TIMED_OUT else 5.0)
            error = event.error if event is not None else None
            raise error or ActivationError(initial_variant, "loading", "it was stopped meanwhile")

    def swap_to(self, variant: str) -> SwapRequest:
        """Ask for a variant and return at once; raises NotServing once closed.

        A request for what is being loaded, or already serves, joins; any other supersedes the one before it. What was
        preloaded, or is kept for a probation, serves when this returns.
        """
        return SwapRequest(self._native.swap_to(arguments.variant_name(variant)), self._native)

    def preload(self, variant: str) -> SwapRequest:
        """Ask for a variant to be loaded, checked and kept beside what serves; ends with SWAP_PRELOADED.

        It waits behind swaps. A swap to the same variant joins and commits it; a load for another one supersedes it
        while it is loaded, and may take its room once it is kept.
        """
        return SwapRequest(self._native.preload(arguments.variant_name(variant)), self._native)

    def rollback(self) -> SwapRequest:
        """Ask for what served before, at once where it is still kept, else by a load; ends with SWAP_ROLLED_BACK.

        Raises ValueError where nothing served before, or after a rollback.
        """
        return SwapRequest(self._native.rollback(), self._native)

    def cancel(self) -> bool:
        """Cancel the open request, or the open preload where there is none; return whether there was one."""
        return self._native.cancel()

    def infer(self, inputs: Any, timeout_s: float | None = None) -> Any:
        """Run the active backend, which stays until the answer is there; its errors come through.

        Raises NotServing once closed, or after waiting in a gap; InferenceTimeout after `timeout_s`. A backend without a
        native session goes on alone then; once several do, a call with a `timeout_s` raises InferenceError at once.
        """
        if timeout_s is None:
            return self._native.infer(inputs)
        return self._timed.infer(inputs, timeout_s)[0]

    def infer_detailed(self, inputs: Any, timeout_s: float | None = None) -> tuple[Any, str, int]:
        """Run the active backend, and return its answer with the variant and the generation that gave it."""
        if timeout_s is None:
            return self._native.infer_detailed(inputs)
        return self._timed.infer(inputs, timeout_s)

    def lease(self) -> Lease:
        """Keep what serves now: a context manager with what it is, `infer` and `release`.

        It has `variant`, `generation`, `backend`, `inputs` and `outputs`.
        """
        return self._native.lease()

    def get_backend(self) -> HeldBackend:
        """Return the active backend; its generation lives as long as the returned object does."""
        return HeldBackend(self._native.lease())

    @property
    def active_variant(self) -> str | None:
        """The variant that serves, or None once closed."""
        return self._native.active_variant

    @property
    def generation(self) -> int:
        """The number of the generation that serves: 1 for the first, 0 once closed."""
        return self._native.generation

    @property
    def call_times(self) -> CallTimes | None:
        """How long the inferences on the generation that serves take: `calls`, `percentile(share)`; None where none does.

        It goes on counting what that generation still answers after a swap.
        """
        return self._native.call_times

    def counters(self) -> dict[str, int]:
        """Count requests and errors.

        attempted = succeeded + failed + superseded + cancelled + timed_out, once none is open, the first variant's
        included; joined ones and preloads (`preloaded`, `preloads_failed`) count apart. `untold` counts events of accepted and superseded requests that were left out
        because callbacks were too slow for them.
        """
        return {
            **self._native.counters(),
            "callback_errors": self._callbacks.errors,
            "unload_errors": self._activation.unload_errors,
        }

    @property
    def last_unload_error(self) -> str:
        """What the last backend that failed to unload said, in one line; empty where none did."""
        return self._activation.last_unload_error

    def status(self) -> dict[str, Any]:
        """Say what serves and what is asked for.

        Keys: active, generation, requested, stage, waiting_for_room, preloading, preloaded (a list), previous (where
        `rollback` leads), probation (None, or variant, inferences, errors, seconds_left), in_gap, resident,
        oldest_lease_age_s (of a lease that keeps an old generation), closed.
        """
        return self._native.status()

    def close(self, timeout_s: float = 5.0) -> bool:
        """Stop serving and loading; return whether all threads ended within `timeout_s`.

        A load that hangs goes on alone, and what it brings is destroyed. Held leases stay good.
        """
        return self._native.close(arguments.timeout("timeout_s", timeout_s))

    def __enter__(self: _S) -> _S:  # noqa: PYI019 - typing.Self is newer than Python 3.10
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def __repr__(self) -> str:
        try:
            status = self._native.status()
        except NotServing:
            # A debugger may ask in a forked child too.
            return "HotSwapper(made before a fork)"
        return f"HotSwapper(active={status['active']!r}, generation={status['generation']})"
