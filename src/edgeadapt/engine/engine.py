"""The engine that a host holds: what it can be asked, each question answered by the part that knows.

The calls that serve are short on purpose: what the engine observes of them is noted in native code.
"""

from __future__ import annotations

import os
import threading
import weakref
from time import monotonic, perf_counter
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from edgeadapt.backends.availability import installed_backends
from edgeadapt.engine.arguments import check_callables, check_kind, state_file_path
from edgeadapt.engine.audit import Signed
from edgeadapt.engine.awaiting import awaited
from edgeadapt.engine.callbacks import Callbacks, OnFallback, OnSwap
from edgeadapt.engine.guarded import guarded
from edgeadapt.engine.in_use import InUse
from edgeadapt.engine.launch import Adapter, Launch, Loader, Settings
from edgeadapt.engine.lease import EngineLease
from edgeadapt.engine.reload import Reload
from edgeadapt.engine.seconds import interval, lasting, timeout
from edgeadapt.engine.status import EngineStatus, InferenceResult
from edgeadapt.engine.status_of import status_of
from edgeadapt.engine.watcher import check_watchfiles
from edgeadapt.errors import InferenceError, NotServing
from edgeadapt.observability import ObservabilityCollector
from edgeadapt.policy import as_policy
from edgeadapt.profiler import PlatformProfiler
from edgeadapt.registry import ModelFamily
from edgeadapt.wording import did_you_mean, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from edgeadapt.engine.availability import Gate
    from edgeadapt.engine.operator import Operator
    from edgeadapt.engine.serving import Serving
    from edgeadapt.policy import BasePolicy, StabilityGuard
    from edgeadapt.policy.base import SelectFunction
    from edgeadapt.program import Decision
    from edgeadapt.runtime.inputs import Given
    from edgeadapt.state import DeviceState
    from edgeadapt.swapper import SwapRequest

_E = TypeVar("_E", bound="Engine")
_T = TypeVar("_T")

DEFAULT_STOP_S = 5.0
# At the interpreter's exit nobody waits for the answer, and everybody for the exit.
_STOP_AT_EXIT_S = 1.0


class Engine:
    """Serves a family under a policy: inference by any thread, decisions on a thread of its own.

    `policy`: a policy, or a callable `(state, family) -> name`. `initial_variant` is tried first at a start; without it
    the policy's choice is. `profiler`, `loader` and `observability` replace the platform's, the family's own backends and
    a collector of its own. `adapters` gives variants a function before their model, one after it, or both, where their
    inputs or outputs differ from the family's contract: `{"small": (shrink, None)}`. `stability` guards a policy that has
    no guard itself; without one it gets the default guard. `can_activate_variant(variant)` is asked at every poll: True,
    or False or a text that says why not; by default it admits what an installed backend serves, and whatever a `loader` given
    may make. `on_swap_start(from, to)`, `on_swap_complete(from, to)` and
    `on_fallback(variant, error)` run on the control thread and may call the engine. `state_file` carries the policy's
    memory, the quarantine and a pin over a restart of the process; it belongs to one engine at a time, and another one
    serves without it. With `watch` the files that policy and family came from are watched, and `reload`ed when they
    change. A `shadow` policy is asked beside the serving one, and where it would decide otherwise is recorded.

    Whoever forgets an engine stops it, but for one whose callbacks, gate or policy lead back to it: these are held while
    it runs, and then `stop` is the end. Raises TypeError for an argument of a wrong kind, ValueError for a policy that does not fit the family, and for settings that contradict each other, ImportError where `watch` needs what is not installed.
    """

    def __init__(
        self,
        family: ModelFamily,
        policy: BasePolicy | SelectFunction,
        *,
        poll_interval_sec: float = 1.0,
        initial_variant: str | None = None,
        profiler: PlatformProfiler | None = None,
        stability: StabilityGuard | None = None,
        loader: Loader | None = None,
        adapters: Mapping[str, Adapter] | None = None,
        can_activate_variant: Gate | None = None,
        observability: ObservabilityCollector | None = None,
        on_swap_start: OnSwap | None = None,
        on_swap_complete: OnSwap | None = None,
        on_fallback: OnFallback | None = None,
        state_file: str | os.PathLike[str] | None = None,
        watch: bool = False,
        shadow: BasePolicy | SelectFunction | None = None,
    ) -> None:
        if not isinstance(family, ModelFamily):
            raise TypeError(f"`family` is a ModelFamily, not {shown(type(family).__name__)}")
        check_kind("profiler", profiler, PlatformProfiler)
        check_kind("observability", observability, ObservabilityCollector)
        check_callables(
            loader=loader,
            can_activate_variant=can_activate_variant,
            on_swap_start=on_swap_start,
            on_swap_complete=on_swap_complete,
            on_fallback=on_fallback,
        )
        if len(family) == 0:
            raise ValueError(f"family `{family.name}` has no variants; add at least one")
        if initial_variant is not None:
            _check_variant(family, initial_variant)
        in_use = InUse.of(as_policy(policy), stability, family)
        if watch:
            _check_files(in_use, "`watch=True` watches files")
            check_watchfiles()
        self._settings = Settings(
            in_use=in_use,
            stability=stability,
            shadow=None if shadow is None else _shadow(as_policy(shadow), stability),
            watch=bool(watch),
            poll_interval_s=interval("poll_interval_sec", poll_interval_sec),
            initial_variant=initial_variant,
            profiler=profiler,
            loader=loader,
            adapters=adapters,
            gate=can_activate_variant or (installed_backends() if loader is None else None),
            observability=ObservabilityCollector() if observability is None else observability,
            callbacks=Callbacks(on_swap_start, on_swap_complete, on_fallback),
            state_file=state_file_path(state_file),
        )
        self._launch = Launch(self._settings)
        self._lifecycle = threading.Lock()
        self._stops = 0
        self._serving: Serving | None = None
        self._last: Serving | None = None
        self._finalizer: weakref.finalize[..., Engine] | None = None

    def start(self) -> None:
        """Return once something serves: the initial variant, else the policy's choice, else the smallest that can.

        One that hangs is given up after the family's `load_timeout_s`. After a `stop` it may be called again; the policy's
        memory, the quarantine and a pin go on. Raises ActivationError that
        lists every failure when nothing can serve, RuntimeError for an engine that runs already.
        """
        stops = self._stops
        with self._lifecycle:
            if self._serving is not None:
                _check_process(self._serving)
                raise RuntimeError("this engine runs already; it can be started again after `stop()`")
            serving = self._launch.begin()
            self._last = self._serving = serving
            # Also when nobody holds the engine any more, and at the interpreter's exit.
            self._finalizer = weakref.finalize(self, serving.close, _STOP_AT_EXIT_S)
        if stops != self._stops:
            self.stop()
            raise NotServing("the engine was stopped while it started")

    def stop(self, timeout_s: float = DEFAULT_STOP_S) -> None:
        """Stop serving, within the time given even if a load or a callback hangs; what hangs ends alone, later."""
        timeout_s = timeout(timeout_s)
        until = monotonic() + timeout_s
        self._stops += 1
        # Not acquired while a start waits for a load: that start stops by itself when it gets there.
        if not self._lifecycle.acquire(timeout=timeout_s):
            return
        try:
            serving, self._serving = self._serving, None
            if self._finalizer is not None:
                self._finalizer.detach()
                self._finalizer = None
        finally:
            self._lifecycle.release()
        last = serving or self._last
        if last is not None:
            last.close(max(0.0, until - monotonic()))

    def infer(self, inputs: Any, timeout_s: float | None = None) -> Any:
        """Return the active variant's outputs.

        Raises NotServing before a start, after a stop, and in a gap that lasts; InferenceTimeout after `timeout_s`.
        """
        serving = self._serving
        if serving is None:
            raise NotServing(_NOT_RUNNING)
        try:
            return serving.swapper.infer(inputs, timeout_s)
        except (InferenceError, NotServing) as error:
            serving.unanswered(error)
            raise

    async def ainfer(self, inputs: Any, timeout_s: float | None = None) -> Any:
        """Infer without holding up the event loop: on threads of the engine's own, made when first used.

        The time-out counts from here, waiting for a free thread included, and raises InferenceTimeout. What is cancelled
        before its turn is not run, and what runs already ends unheard. `inputs` must not change meanwhile.
        """
        serving = self._running()
        limit_s = None if timeout_s is None else timeout(timeout_s)
        try:
            return await awaited(serving.swapper, serving.pool, inputs, limit_s)
        except (InferenceError, NotServing) as error:
            serving.unanswered(error)
            raise

    def infer_detailed(self, inputs: Any, timeout_s: float | None = None) -> InferenceResult:
        """Return the outputs, and which generation of which variant gave them, in which time."""
        serving = self._running()
        started = perf_counter()
        try:
            outputs, variant, generation = serving.swapper.infer_detailed(inputs, timeout_s)
        except (InferenceError, NotServing) as error:
            serving.unanswered(error)
            raise
        return InferenceResult(outputs, variant, generation, (perf_counter() - started) * 1e3)

    def lease(self) -> EngineLease:
        """Hold the active generation, as a context manager, for several inferences by the same model."""
        return EngineLease(self._running().swapper.lease())

    def report(self, **inputs: Given) -> None:
        """Feed inputs that the policy declares: numbers in the canonical unit, texts with a unit, words, None for unknown.

        What is reported before a start counts as reported at the start. Raises ValueError for an unknown name or a
        value of another kind, and then takes none.
        """
        serving = self._serving
        if serving is None:
            self._launch.inputs.feed_early(inputs)
        else:
            serving.report(inputs)

    def poll(self, timeout_s: float = DEFAULT_STOP_S) -> Decision | None:
        """Poll now, beside the schedule, and return the decision; None where the profiler or the policy failed.

        A swap that is due is asked for, and loads in the background. Raises TimeoutError, NotServing, and RuntimeError
        in a callback, which the poll would wait for.
        """
        return self._running().poll(timeout(timeout_s))

    def pin(self, variant: str, *, who: str = "", why: str = "", for_s: float | None = None) -> None:
        """Let only this variant serve, until `unpin`: it is asked for now, and again after a back-off where it fails.

        With `for_s` seconds the pin ends by itself, at the first poll after. The policy still steps, and what it wants is
        reported SWAP_PINNED. A pin outlives a stop, and with a `state_file` a restart; the time goes on meanwhile. `who`
        and `why` are kept with the order. Raises ValueError for a variant that the family lacks, ActivationError for one
        that `can_activate_variant` refuses.
        """
        _check_variant(self._launch.in_use.family, variant)
        signed, for_s = Signed.of(who, why), lasting("for_s", for_s)
        self._order("the pin", lambda operator: operator.pin(variant, signed, for_s))

    def unpin(self, *, who: str = "", why: str = "") -> None:
        """End a pin or a freeze: the policy chooses again, from its next step on."""
        signed = Signed.of(who, why)
        self._order("the unpin", lambda operator: operator.unpin(signed))

    def freeze(self, *, who: str = "", why: str = "") -> None:
        """Pin what serves now, and give up a load that is under way, a preload's too."""
        signed = Signed.of(who, why)
        self._order("the freeze", lambda operator: operator.freeze(signed))

    def preload(self, variant: str, *, who: str = "", why: str = "") -> SwapRequest:
        """Have a variant loaded and checked beside the active one, so that a swap to it takes no load; returns at once.

        The policy decides when it serves, and a swap to another variant may take its room. Wait on what is returned to
        know how it ended. Raises ValueError for a variant that the family lacks, ActivationError for one that
        `can_activate_variant` refuses.
        """
        _check_variant(self._launch.in_use.family, variant)
        signed = Signed.of(who, why)
        return self._order("the preload", lambda operator: operator.preload(variant, signed))

    def rollback(self, *, who: str = "", why: str = "") -> SwapRequest:
        """Have the variant before serve again, at once where it is still kept; returns at once.

        The one it takes the place of is quarantined as after a failure: the policy may choose it again after its
        back-off, unless a variant is pinned, and a pin goes over to the variant that serves again. Raises ValueError where
        nothing served before.
        """
        signed = Signed.of(who, why)
        return self._order("the rollback", lambda operator: operator.roll_back(signed))

    def reload(self, *, who: str = "", why: str = "") -> tuple[Reload, ...]:
        """Read the files again that policy and family came from; say for each what became of it.

        What is good decides from the next step on; a file with errors, or one that does not fit the other, is refused, and
        the one in use goes on. The policy's memory is kept where policy and parameters are the same. Raises ValueError
        where neither came from a file, TimeoutError where a callback holds the control thread up, NotServing.
        """
        _check_files(self._launch.in_use, "`reload` reads files again")
        serving, signed = self._running(), Signed.of(who, why)
        return serving.do("the reload", lambda: serving.reloader.reload(signed), DEFAULT_STOP_S)

    def status(self) -> EngineStatus:
        """Return what the engine knows of itself now."""
        return status_of(self._served_here(), self._last, self._launch, self.observability)

    @property
    def active_variant(self) -> str | None:
        """The variant that serves; None before a start, after a stop, and in a gap between two variants."""
        serving = self._served_here()
        return None if serving is None else serving.swapper.active_variant

    @property
    def last_swap_reason(self) -> str:
        """The last thing that happened to a swap, as `CODE:variant[:detail]`; empty before anything did."""
        return "" if self._last is None else self._last.controller.last_swap_reason

    @property
    def device_state(self) -> DeviceState | None:
        """The state of the last poll; None before the first one."""
        return None if self._last is None else self._last.controller.sensor.state

    @property
    def observability(self) -> ObservabilityCollector:
        """The counters and the latest events."""
        return self._settings.observability

    def __enter__(self: _E) -> _E:  # noqa: PYI019 - typing.Self is newer than Python 3.10
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _running(self) -> Serving:
        serving = self._serving
        if serving is None:
            raise NotServing(_NOT_RUNNING)
        _check_process(serving)
        return serving

    def _served_here(self) -> Serving | None:
        """Return what serves in this process: a forked child inherits something that does not."""
        serving = self._serving
        return serving if serving is not None and serving.is_here else None

    def _order(self, what: str, work: Callable[[Operator], _T]) -> _T:
        serving = self._running()
        return serving.do(what, lambda: work(serving.operator), DEFAULT_STOP_S)


_NOT_RUNNING = "the engine does not run; call `start()` first, or use it in a `with` block"


def _check_process(serving: Serving) -> None:
    if not serving.is_here:
        raise NotServing("this engine was started before the fork; make a new one in the child process")


def _check_variant(family: ModelFamily, variant: object) -> None:
    if variant not in family.names:
        hint = did_you_mean(variant, family.names, "it has")
        raise ValueError(f"family `{family.name}` has no variant {shown(variant)}; {hint}")


def _check_files(in_use: InUse, what: str) -> None:
    if not in_use.files:
        raise ValueError(
            f"{what}, and neither policy nor family came from one; use `RulePolicy.from_file`, `ModelFamily.from_yaml`"
        )


def _shadow(policy: BasePolicy, stability: StabilityGuard | None) -> BasePolicy:
    return policy if policy.has_guard else guarded(policy, stability)
