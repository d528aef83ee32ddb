"""One start: from a policy and a family to something that serves, with every part of it made and joined."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from edgeadapt.backends import InferenceBackend, default_loader
from edgeadapt.engine.aftermath import Aftermath
from edgeadapt.engine.audit import end_pin_in_time, end_pin_without
from edgeadapt.engine.availability import Availability, Gate
from edgeadapt.engine.callbacks import Callbacks
from edgeadapt.engine.control_thread import ControlThread
from edgeadapt.engine.controller import Controller
from edgeadapt.engine.host_inputs import HostInputs
from edgeadapt.engine.in_use import InUse
from edgeadapt.engine.inference_pool import InferencePool
from edgeadapt.engine.journal import Journal, described
from edgeadapt.engine.memory_holds import MemoryHolds
from edgeadapt.engine.native_watch import NativeWatch
from edgeadapt.engine.noted_checks import NotedChecks
from edgeadapt.engine.noted_session import NotedSessions
from edgeadapt.engine.operator import Operator
from edgeadapt.engine.orders import Orders
from edgeadapt.engine.persistence import Persistence
from edgeadapt.engine.quarantine import Quarantine
from edgeadapt.engine.reloader import Held, Reloader
from edgeadapt.engine.revised_swapper import RevisedSwapper
from edgeadapt.engine.revisions import Revisions, plain
from edgeadapt.engine.sensor import Sensor
from edgeadapt.engine.serving import Serving
from edgeadapt.engine.shadow import Shadow
from edgeadapt.engine.startup import bring_up, start_order
from edgeadapt.engine.state_clock import StateClock
from edgeadapt.engine.state_file import StateFile
from edgeadapt.engine.succession import Successor
from edgeadapt.engine.variant_files import files_of
from edgeadapt.engine.watcher import Watcher
from edgeadapt.observability import EngineStarted, ObservabilityCollector
from edgeadapt.observability.logging_setup import set_up_logging
from edgeadapt.policy import BasePolicy, StabilityGuard
from edgeadapt.profiler import PlatformProfiler, get_profiler
from edgeadapt.profiler.available_memory import available_memory_mb
from edgeadapt.registry import ModelFamily
from edgeadapt.swapper import SwapEvent

if TYPE_CHECKING:
    from edgeadapt.backends.preparation import Preparation

Loader = Callable[[str], InferenceBackend]
# Before a variant's model and after it; None leaves that side as it is.
Adapter = tuple["Callable[[Any], Any] | None", "Callable[[Any], Any] | None"]


@attrs.frozen
class Settings:
    """What an engine was made with; the policies have their guards."""

    in_use: InUse
    stability: StabilityGuard | None
    shadow: BasePolicy | None
    watch: bool
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
    """What an engine keeps from one start to the next: what is in use, quarantine, orders, inputs, the policy's memory."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.in_use = settings.in_use
        policy, family = self.in_use.policy, self.in_use.family
        # Made here, so that adapters and a policy that do not fit the family are refused before anything is started.
        if settings.adapters is not None:
            self._checks(family)
        declared = policy.session(family, auto_commit=False).inputs
        self.inputs = HostInputs(
            declared, () if settings.shadow is None else settings.shadow.session(family).inputs
        )
        self.orders = Orders()
        self._quarantine = Quarantine(lambda variant: files_of(self.in_use.family, variant))
        self._holds = MemoryHolds()
        self._persistence: Persistence | None = None
        path = settings.state_file
        # One for all starts: what a start that was given up still holds is this engine's own.
        self._state_file = None if path is None else StateFile(path, family.name)

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
        settings, in_use = self._settings, self.in_use
        family = in_use.family
        clock = StateClock(profiler)
        journal = Journal(settings.observability, clock)
        problem = set_up_logging(settings.observability)
        if problem:
            journal.failure("log", problem)
        self.inputs.begin(clock.now())
        persistence = self._persistence = self._remember(journal)
        sessions = NotedSessions(settings.observability, journal)
        session = sessions.noted(self._session(persistence, journal), in_use.policy, family)
        restored = session.active
        sensor = Sensor(profiler, self.inputs, journal)
        availability = Availability(family, settings.gate, self._quarantine, self._holds, journal)
        aftermath = Aftermath(
            session,
            family,
            sensor=sensor,
            quarantine=self._quarantine,
            holds=self._holds,
            native=NativeWatch(journal),
            callbacks=settings.callbacks,
            journal=journal,
        )
        controller = Controller(
            session,
            sessions=sessions,
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
            name=f"edgeadapt-{family.name}",
            on_missed=lambda missed: journal.count("polls_missed", missed),
            on_error=lambda error: journal.failure("control", error),
        )
        decision = controller.decide()
        refusals = availability.refusals
        target = None if decision is None else decision.target
        first = (self.orders.pinned, restored, settings.initial_variant, target)

        revisions = Revisions(family)

        def activate(variant: str) -> RevisedSwapper:
            return self._activate(
                variant, revisions, persistence, lambda event: control.post(lambda: controller.handle(event))
            )

        def failed(variant: str, error: BaseException) -> None:
            aftermath.keep_out(variant, error)
            journal.failure("start", error, "start_failures")
            persistence.keep(session)

        # Before anything is activated: what is noted then is noted in this.
        persistence.keep(session)
        started = bring_up(start_order(family, first, refusals), activate, refusals, failed)
        reloader = Reloader(self._held(), controller, availability, started.swapper, revisions, journal)
        watcher = None
        try:
            variant = started.swapper.active_variant or ""
            reasons = tuple((name, described(error)) for name, error in started.failed.items())
            journal.record(EngineStarted(journal.now(), variant, reasons), f"the engine serves `{variant}`")
            controller.adopt(started.swapper)
            if settings.shadow is not None:
                controller.shadow = Shadow(settings.shadow, family, variant, journal)
            if settings.watch:
                watcher = _watcher(in_use.files, reloader, control, journal)
            control.start()
        except BaseException:
            # Nobody else knows of them yet.
            for thread in (watcher, controller.shadow):
                if thread is not None:
                    thread.close(0.0)
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
            InferencePool(f"edgeadapt-{family.name}-infer"),
            reloader,
            watcher,
            inputs=self.inputs,
            orders=self.orders,
            persistence=persistence,
            journal=journal,
            own_profiler=own_profiler,
        )

    def _held(self) -> Held:
        return Held(
            in_use=lambda: self.in_use,
            put=self._put,
            stability=self._settings.stability,
            check_adapters=self._checks,
            inputs=self.inputs,
            orders=self.orders,
            quarantine=self._quarantine,
            holds=self._holds,
        )

    def _put(self, in_use: InUse) -> None:
        self.in_use = in_use

    def _activate(
        self,
        variant: str,
        revisions: Revisions,
        persistence: Persistence,
        on_event: Callable[[SwapEvent], object],
    ) -> RevisedSwapper:
        given = self._settings.loader
        # One for each try: a load that was given up may still be using the one before.
        checks = NotedChecks(self._checks(revisions.family), persistence, revisions)

        def load(name: str, /, **how: bool) -> InferenceBackend:
            if given is not None:
                return given(plain(name))
            return default_loader(revisions.family_of(name), rehearsal=checks.rehearsal)(plain(name), **how)

        return RevisedSwapper(
            load,
            variant,
            revisions=revisions,
            preparation=checks,
            rules=revisions.family.activation,
            on_event=on_event,
        )

    def _checks(self, family: ModelFamily) -> Preparation:
        # Imported here: it needs NumPy, which an engine that has not started does not.
        from edgeadapt.backends.preparation import Preparation

        settings = self._settings
        adapters = settings.adapters
        if adapters is not None and family is not settings.in_use.family:
            # A reload may take a variant away, and bring it back.
            adapters = {name: adapter for name, adapter in adapters.items() if name in family}
        return Preparation(
            family,
            adapters=adapters,
            available_mb=available_memory_mb,
            # A host's own loader knows no such mode.
            can_standby=settings.loader is None,
        )

    def _remember(self, journal: Journal) -> Persistence:
        return Persistence(self._state_file, self._quarantine, self.orders, journal, self._persistence)

    def _session(self, persistence: Persistence, journal: Journal) -> Successor:
        policy, family = self.in_use.policy, self.in_use.family
        saved = persistence.load()
        end_pin_in_time(journal, self.orders)
        end_pin_without(journal, self.orders, family)
        session = policy.session(family, auto_commit=False, snapshot=saved.session, elapsed_s=saved.elapsed_s)
        if session.refused:
            journal.failure("policy memory", f"the policy starts afresh: {session.refused}")
        memory = None if session.refused else saved.session
        return Successor(session, memory, saved.elapsed_s, session.refused)


def _watcher(files: tuple[str, ...], reloader: Reloader, control: ControlThread, journal: Journal) -> Watcher:
    def look() -> None:
        # At a stop what was posted is still done.
        if not control.is_stopping:
            reloader.look()

    return Watcher(files, lambda: control.post(look), lambda error: journal.failure("watch", error))
