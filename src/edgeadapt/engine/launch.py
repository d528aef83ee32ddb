"""One start: from a policy and a family to something that serves, with every part of it made and joined."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from edgeadapt.backends import InferenceBackend, default_loader
from edgeadapt.engine.aftermath import Aftermath
from edgeadapt.engine.availability import Availability, Gate
from edgeadapt.engine.callbacks import Callbacks
from edgeadapt.engine.control_thread import ControlThread
from edgeadapt.engine.controller import Controller
from edgeadapt.engine.host_inputs import HostInputs
from edgeadapt.engine.inference_pool import InferencePool
from edgeadapt.engine.journal import Journal, described
from edgeadapt.engine.memory_holds import MemoryHolds
from edgeadapt.engine.native_watch import NativeWatch
from edgeadapt.engine.noted_checks import NotedChecks
from edgeadapt.engine.operator import Operator
from edgeadapt.engine.orders import Orders
from edgeadapt.engine.persistence import Persistence
from edgeadapt.engine.quarantine import Quarantine
from edgeadapt.engine.sensor import Sensor
from edgeadapt.engine.serving import Serving
from edgeadapt.engine.startup import bring_up, start_order
from edgeadapt.engine.state_clock import StateClock
from edgeadapt.engine.state_file import StateFile
from edgeadapt.engine.variant_files import files_of
from edgeadapt.observability import EngineStarted, ObservabilityCollector
from edgeadapt.policy import BasePolicy, PolicySession
from edgeadapt.profiler import PlatformProfiler, get_profiler
from edgeadapt.profiler.available_memory import available_memory_mb
from edgeadapt.registry import ModelFamily
from edgeadapt.swapper import HotSwapper, SwapEvent
from edgeadapt.wording import shown

if TYPE_CHECKING:
    from edgeadapt.backends.preparation import Preparation

Loader = Callable[[str], InferenceBackend]
# Before a variant's model and after it; None leaves that side as it is.
Adapter = tuple["Callable[[Any], Any] | None", "Callable[[Any], Any] | None"]


@attrs.frozen
class Settings:
    """What an engine was made with."""

    family: ModelFamily
    policy: BasePolicy
    poll_interval_s: float
    initial_variant: str | None
    profiler: PlatformProfiler | None
    loader: Loader | None
    adapters: Mapping[str, Adapter] | None
    gate: Gate | None
    observability: ObservabilityCollector
    callbacks: Callbacks
    state_file: str | None


class Launch:
    """What an engine keeps from one start to the next: quarantine, orders, the host's inputs, the policy's memory."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        # Made here, so that adapters and a policy that do not fit the family are refused before anything is started.
        if settings.adapters is not None:
            self._checks()
        self.inputs = HostInputs(settings.policy.session(settings.family, auto_commit=False).inputs)
        self.orders = Orders()
        self._quarantine = Quarantine(lambda variant: files_of(settings.family, variant))
        self._holds = MemoryHolds()
        self._persistence: Persistence | None = None
        path = settings.state_file
        # One for all starts: what a start that was given up still holds is this engine's own.
        self._state_file = None if path is None else StateFile(path, settings.family.name)

    def begin(self) -> Serving:
        """Return once something serves; raises ActivationError that lists every failure when nothing can."""
        given = self._settings.profiler
        profiler = get_profiler() if given is None else given
        own_profiler = profiler if given is None else None
        try:
            return self._begin(profiler, own_profiler)
        except BaseException:
            if own_profiler is not None:
                own_profiler.close()
            if self._state_file is not None:
                self._state_file.release()
            raise

    def _begin(self, profiler: PlatformProfiler, own_profiler: PlatformProfiler | None) -> Serving:
        settings = self._settings
        clock = StateClock(profiler)
        journal = Journal(settings.observability, clock)
        self.inputs.begin(clock.now())
        persistence = self._persistence = self._remember(journal)
        session = self._session(persistence, journal)
        restored = session.active
        sensor = Sensor(profiler, self.inputs, journal)
        availability = Availability(settings.family, settings.gate, self._quarantine, self._holds, journal)
        aftermath = Aftermath(
            session,
            sensor=sensor,
            quarantine=self._quarantine,
            holds=self._holds,
            native=NativeWatch(journal),
            callbacks=settings.callbacks,
            journal=journal,
        )
        controller = Controller(
            session,
            sensor=sensor,
            inputs=self.inputs,
            availability=availability,
            aftermath=aftermath,
            orders=self.orders,
            persistence=persistence,
            journal=journal,
        )
        control = ControlThread(
            controller.poll,
            settings.poll_interval_s,
            name=f"edgeadapt-{settings.family.name}",
            on_missed=lambda missed: journal.count("polls_missed", missed),
            on_error=lambda error: journal.failure("control", error),
        )
        decision = controller.decide()
        refusals = availability.refusals
        target = None if decision is None else decision.target
        first = (self.orders.pinned, restored, settings.initial_variant, target)

        def activate(variant: str) -> HotSwapper:
            return self._activate(
                variant, persistence, lambda event: control.post(lambda: controller.handle(event))
            )

        def failed(variant: str, error: BaseException) -> None:
            aftermath.keep_out(variant, error)
            journal.failure("start", error, "start_failures")
            persistence.keep(session)

        # Before anything is activated: what is noted then is noted in this.
        persistence.keep(session)
        started = bring_up(start_order(settings.family, first, refusals), activate, refusals, failed)
        try:
            variant = started.swapper.active_variant or ""
            reasons = tuple((name, described(error)) for name, error in started.failed.items())
            journal.record(EngineStarted(journal.now(), variant, reasons), f"the engine serves `{variant}`")
            controller.adopt(started.swapper)
            control.start()
        except BaseException:
            # Nobody else knows of the swapper yet.
            started.swapper.close()
            controller.release()
            raise
        # Callbacks run on the control thread, and nowhere else.
        control.post(lambda: controller.tell_failed(started.failed))
        return Serving(
            started.swapper,
            controller,
            control,
            Operator(controller, availability, self.orders, self._quarantine, self._holds, journal),
            InferencePool(f"edgeadapt-{settings.family.name}-infer"),
            inputs=self.inputs,
            persistence=persistence,
            journal=journal,
            own_profiler=own_profiler,
        )

    def _activate(
        self, variant: str, persistence: Persistence, on_event: Callable[[SwapEvent], object]
    ) -> HotSwapper:
        settings, rules = self._settings, self._settings.family.activation
        # One for each try: a load that was given up may still be using the one before.
        checks = self._checks()
        return HotSwapper(
            default_loader(settings.family, rehearsal=checks.rehearsal)
            if settings.loader is None
            else settings.loader,
            variant,
            preparation=NotedChecks(checks, persistence),
            load_timeout_s=rules.load_timeout_s,
            gap_timeout_s=rules.gap_timeout_s,
            probation=rules.probation,
            on_event=on_event,
        )

    def _checks(self) -> Preparation:
        # Imported here: it needs NumPy, which an engine that has not started does not.
        from edgeadapt.backends.preparation import Preparation

        settings = self._settings
        return Preparation(
            settings.family,
            adapters=settings.adapters,
            available_mb=available_memory_mb,
            # A host's own loader knows no such mode.
            can_standby=settings.loader is None,
        )

    def _remember(self, journal: Journal) -> Persistence:
        return Persistence(self._state_file, self._quarantine, self.orders, journal, self._persistence)

    def _session(self, persistence: Persistence, journal: Journal) -> PolicySession:
        saved = persistence.load()
        pinned = self.orders.pinned
        if pinned is not None and pinned not in self._settings.family:
            self.orders.pinned = None
            journal.failure("pin", f"the family has no variant {shown(pinned)} any more; the policy chooses")
        session = self._settings.policy.session(
            self._settings.family, auto_commit=False, snapshot=saved.session, elapsed_s=saved.elapsed_s
        )
        if session.refused:
            journal.failure("policy memory", f"the policy starts afresh: {session.refused}")
        return session
