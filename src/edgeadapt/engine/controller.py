"""One poll: state, decision, request; and one swap's end: told to the policy, the quarantine and the host.

Everything here runs on the control thread, except while the engine starts, when there is none yet. Other threads may
read the public attributes, each replaced whole.
"""

from __future__ import annotations

from collections.abc import Mapping

from edgeadapt.engine.availability import Availability
from edgeadapt.engine.callbacks import Callbacks
from edgeadapt.engine.host_inputs import HostInputs
from edgeadapt.engine.journal import Journal, described
from edgeadapt.engine.orders import Orders
from edgeadapt.engine.persistence import Persistence
from edgeadapt.engine.quarantine import Quarantine
from edgeadapt.engine.refusal_notes import RefusalNotes
from edgeadapt.engine.sensor import Sensor
from edgeadapt.engine.swap_desk import SwapDesk, Wish
from edgeadapt.observability import DecisionChanged, Fallback
from edgeadapt.policy import PolicySession
from edgeadapt.program import Decision
from edgeadapt.swap_codes import (
    SWAP_COMMITTED,
    SWAP_LOAD_FAILED,
    SWAP_PENDING,
    SWAP_POLICY_RECOMMEND,
    SWAP_TIMED_OUT,
    swap_reason,
)
from edgeadapt.swapper import HotSwapper, SwapEvent
from edgeadapt.wording import shown

_WHAT = "policy"


class Controller:
    """Joins the parts; `decision` is the policy's last one, `last_swap_reason` the last thing that happened to a swap."""

    def __init__(
        self,
        session: PolicySession,
        *,
        sensor: Sensor,
        inputs: HostInputs,
        availability: Availability,
        quarantine: Quarantine,
        orders: Orders,
        persistence: Persistence,
        callbacks: Callbacks,
        journal: Journal,
    ) -> None:
        self.session = session
        self.sensor = sensor
        self.availability = availability
        self.decision: Decision | None = None
        self.phases: Mapping[str, str] = {}
        self.last_swap_reason = ""
        self._inputs = inputs
        self._quarantine = quarantine
        self._orders = orders
        self._persistence = persistence
        self._callbacks = callbacks
        self._journal = journal
        self._desk: SwapDesk | None = None
        self._swapper: HotSwapper | None = None
        self._refusal_notes = RefusalNotes(journal)

    @property
    def pending_variant(self) -> str | None:
        """The variant that is being loaded."""
        pending = None if self._desk is None else self._desk.pending
        return None if pending is None else pending.variant

    @property
    def serving(self) -> str | None:
        """The variant that serves."""
        return None if self._swapper is None else self._swapper.active_variant

    def decide(self) -> Decision | None:
        """Measure and ask the policy; None where either failed, which leaves everything as it is."""
        state = self.sensor.measure()
        if state is None:
            return None
        now_s = self._journal.now()
        statuses = self.availability.judge(now_s)
        try:
            decision = self.session.step(state, self._inputs.values(now_s), statuses)
            if not isinstance(decision, Decision):
                raise TypeError(f"its session returns {shown(type(decision).__name__)}, not a Decision")
            if decision.target is not None and decision.target not in statuses:
                raise ValueError(f"it names `{decision.target}`, which the family lacks")
            self.phases = dict(self.session.phases)
        except BaseException as error:  # noqa: BLE001 - whatever a host's policy raises, an exit included, serving goes on
            self._journal.failure(_WHAT, error, "policy_errors")
            return None
        self._journal.recovered(_WHAT)
        self._journal.count("policy_evals")
        self._note(decision, state.timestamp)
        return decision

    def adopt(self, swapper: HotSwapper) -> None:
        """Take the swapper that serves by now; what it serves is adopted, or was active before a restart."""
        self._swapper = swapper
        self._desk = SwapDesk(swapper, self._journal)
        if swapper.active_variant is not None:
            self._committed(swapper.active_variant)

    def release(self) -> None:
        """Let the swapper go, whose events lead here: a circle that the garbage collector can't see through."""
        self._desk = self._swapper = None

    def tell_failed(self, failed: Mapping[str, BaseException]) -> None:
        """Tell the host of the variants that failed while the engine started."""
        for variant, error in failed.items():
            self._fell_back(variant, self.serving or "", error)

    def poll(self) -> Decision | None:
        """Decide, and ask the swapper for what is due."""
        decision = self.decide()
        # Without a decision everything stays as it is, and an order stands.
        if decision is not None or self._orders.pinned is not None:
            self._act(self._wish(decision))
            self._persistence.keep(self.session)
        return decision

    def obey(self) -> None:
        """Act on an order that has just changed, without waiting for the next poll."""
        if self._orders.pinned is not None:
            self.availability.judge(self._journal.now())
            self._act(self._wish(None))
        self._persistence.keep(self.session)

    def handle(self, event: SwapEvent) -> None:
        """Take notice of what happened to a swap."""
        # The first variant's load has nothing before it: it is an adoption and no swap.
        if self._desk is None or event.previous is None:
            return
        wish = self._desk.took(event)
        self.last_swap_reason = swap_reason(
            event.code, event.variant, wish.reason if event.error is None else described(event.error)
        )
        if event.code == SWAP_COMMITTED:
            self._committed(event.variant)
        elif event.code in (SWAP_LOAD_FAILED, SWAP_TIMED_OUT):
            reason = "it took too long to load" if event.error is None else described(event.error)
            self._quarantine.failed(event.variant, reason, self._journal.now())
        if event.code != SWAP_PENDING and self._desk.pending is None:
            self._persistence.activating(self.session, None)
        self._tell(event)
        # A swap that ended just before the order is not the last word; one to the pinned variant waits for the next poll.
        if event.code != SWAP_PENDING and self._orders.pinned not in (None, event.variant):
            self._act(self._wish(None))

    def _tell(self, event: SwapEvent) -> None:
        previous = event.previous or ""
        if event.code == SWAP_PENDING:
            self._callbacks.swap_started(self._journal, previous, event.variant)
        elif event.code == SWAP_COMMITTED:
            self._callbacks.swap_completed(self._journal, previous, event.variant)
        elif event.code in (SWAP_LOAD_FAILED, SWAP_TIMED_OUT):
            error = event.error or TimeoutError(f"variant `{event.variant}` took too long to load")
            self._fell_back(event.variant, previous, error)

    def _fell_back(self, variant: str, serving: str, error: BaseException) -> None:
        self._journal.record(Fallback(self._journal.now(), variant, serving, described(error)))
        self._callbacks.fell_back(self._journal, variant, error)

    def _committed(self, variant: str) -> None:
        self.sensor.restart_window()
        self._quarantine.cleared(variant)
        try:
            self.session.committed(variant, self._journal.now())
        except Exception as error:  # noqa: BLE001 - a host's session may fail in any way; the variant serves all the same
            self._journal.failure(_WHAT, error, "policy_errors")

    def _wish(self, decision: Decision | None) -> Wish | None:
        if self._orders.pinned is not None:
            return Wish(self._orders.pinned, action="pin")
        if decision is None or not decision.swap or decision.target is None:
            return None
        return Wish(decision.target, rule=decision.rule)

    def _act(self, wish: Wish | None) -> None:
        desk = self._desk
        if desk is None:
            return
        pending = desk.pending
        # The event that says how it ended is on its way, and comes before anything new.
        if pending is not None and pending.request.done:
            return
        if wish is None or wish.variant in self.availability.refusals or wish.variant == desk.serving:
            desk.withdraw()
            return
        if pending is not None and pending.variant == wish.variant:
            return
        if wish.rule:
            self.last_swap_reason = swap_reason(SWAP_POLICY_RECOMMEND, wish.variant, wish.rule)
        self._persistence.activating(self.session, wish.variant)
        desk.ask(wish)

    def _note(self, decision: Decision, at_s: float) -> None:
        before = self.decision
        self.decision = decision
        answer = (decision.target, decision.rule, decision.reason)
        if before is None or answer != (before.target, before.rule, before.reason):
            self._journal.record(
                DecisionChanged(at_s, decision.target, decision.active, decision.rule, decision.reason),
                f"`{decision.rule}` wants `{decision.target}`: {decision.reason}",
            )
        reason = self._refusal_notes.note(
            decision, self.availability.refusals, self._orders.pinned, self.serving, at_s
        )
        self.last_swap_reason = reason or self.last_swap_reason
