"""One poll: state, decision, request; and what becomes of a request.

Everything here runs on the control thread, except while the engine starts, when there is none yet. Other threads may
read the public attributes, each replaced whole.
"""

from __future__ import annotations

from collections.abc import Mapping

from edgeadapt.engine.aftermath import Aftermath
from edgeadapt.engine.audit import end_pin_in_time
from edgeadapt.engine.availability import Availability
from edgeadapt.engine.host_inputs import HostInputs
from edgeadapt.engine.journal import Journal, described
from edgeadapt.engine.noted_session import NotedSessions
from edgeadapt.engine.orders import Orders
from edgeadapt.engine.persistence import Persistence
from edgeadapt.engine.refusal_notes import RefusalNotes
from edgeadapt.engine.revised_swapper import RevisedRequest, RevisedSwapper
from edgeadapt.engine.sensor import Sensor
from edgeadapt.engine.shadow import Shadow
from edgeadapt.engine.succession import succeed
from edgeadapt.engine.swap_desk import SwapDesk, Wish
from edgeadapt.errors import NotServing
from edgeadapt.observability import DecisionChanged
from edgeadapt.policy import BasePolicy, PolicySession
from edgeadapt.program import Decision
from edgeadapt.registry import ModelFamily
from edgeadapt.swap_codes import SWAP_GAP_BEGAN, SWAP_PENDING, SWAP_POLICY_RECOMMEND, swap_reason
from edgeadapt.swapper import SwapEvent
from edgeadapt.wording import shown

_WHAT = "policy"
_RELOAD = "reload"


class Controller:
    """Joins the parts; `decision` is the policy's last one, `last_swap_reason` the last thing that happened to a swap."""

    def __init__(
        self,
        session: PolicySession,
        *,
        sessions: NotedSessions,
        sensor: Sensor,
        inputs: HostInputs,
        availability: Availability,
        aftermath: Aftermath,
        orders: Orders,
        persistence: Persistence,
        journal: Journal,
    ) -> None:
        self.session = session
        self.sensor = sensor
        self.availability = availability
        self.decision: Decision | None = None
        self.phases: Mapping[str, str] = {}
        self.last_swap_reason = ""
        self.shadow: Shadow | None = None
        self._sessions = sessions
        self._inputs = inputs
        self._aftermath = aftermath
        self._orders = orders
        self._persistence = persistence
        self._journal = journal
        self._desk: SwapDesk | None = None
        self._swapper: RevisedSwapper | None = None
        self._refusal_notes = RefusalNotes(journal)
        self._next: tuple[BasePolicy, ModelFamily] | None = None
        self._last_step_s: float | None = None

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
            if self._next is not None:
                self._take_over(*self._next, state.timestamp)
            decision = self.session.step(state, self._inputs.values(now_s), statuses)
            last_s = self._last_step_s
            self._last_step_s = state.timestamp if last_s is None else max(last_s, state.timestamp)
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
        if self.shadow is not None:
            self.shadow.saw(state, self._inputs.shadow_values(now_s), statuses, decision)
        return decision

    def renew(self, policy: BasePolicy, family: ModelFamily) -> None:
        """Have another policy, or another state of the family, decide from the next step on."""
        self._next = (policy, family)

    def adopt(self, swapper: RevisedSwapper) -> None:
        """Take the swapper that serves by now; what it serves is adopted, or was active before a restart."""
        self._swapper = swapper
        self._desk = SwapDesk(swapper, self._journal)
        if swapper.active_variant is not None:
            self._aftermath.committed(swapper.active_variant, swapper)

    def release(self) -> None:
        """Let the swapper go, whose events lead here: a circle that the garbage collector can't see through."""
        if self._desk is not None:
            self._desk.count()
        self._desk = self._swapper = None

    def tell_failed(self, failed: Mapping[str, BaseException]) -> None:
        """Tell the host of the variants that failed while the engine started."""
        self._aftermath.tell_failed(failed, self.serving or "")

    def poll(self) -> Decision | None:
        """Decide, and ask the swapper for what is due."""
        end_pin_in_time(self._journal, self._orders)
        decision = self.decide()
        if self._desk is not None:
            self._desk.count()
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

    def give_up(self) -> None:
        """Take everything back that is under way, a preload too; raises NotServing after a stop."""
        self._swapping().give_up()

    def preload(self, variant: str) -> RevisedRequest:
        """Have a variant loaded beside what serves; raises NotServing after a stop."""
        return self._swapping().preload(variant)

    def roll_back(self) -> RevisedRequest:
        """Ask for what served before; raises ValueError where nothing did, NotServing after a stop."""
        return self._swapping().roll_back()

    def handle(self, event: SwapEvent) -> None:
        """Take notice of what happened to a swap."""
        # The first variant's load has nothing before it: it is an adoption and no swap.
        if self._desk is None or self._swapper is None or event.previous is None:
            return
        wish = self._desk.took(event)
        self.last_swap_reason = swap_reason(
            event.code, event.variant, wish.reason if event.error is None else described(event.error)
        )
        self._aftermath.of(event, self._swapper)
        if event.code in (SWAP_PENDING, SWAP_GAP_BEGAN):
            return
        self._persistence.keep(self.session)
        # A swap that ended just before an order is not the last word; one to the pinned variant waits for the next poll.
        if self._orders.pinned not in (None, event.variant):
            self.obey()

    def _wish(self, decision: Decision | None) -> Wish | None:
        if self._orders.pinned is not None:
            return Wish(self._orders.pinned, action="pin")
        if decision is None or decision.target is None:
            return None
        serving = self.serving
        # What a reload took from the family goes on only until the policy has made a choice.
        if decision.swap or (serving is not None and serving not in self.availability.family):
            return Wish(decision.target, rule=decision.rule)
        if serving is None or self._desk is None or self._desk.serves(serving):
            return None
        # It is to stay, and is what it was before a reload.
        return Wish(serving, action=_RELOAD)

    def _act(self, wish: Wish | None) -> None:
        desk = self._desk
        if desk is None:
            return
        pending = desk.pending
        # The event that says how it ended is on its way, and comes before anything new.
        if pending is not None and pending.request.done:
            return
        # Who was asked to go back is not held up by a policy that does not know of it yet.
        if (
            pending is not None
            and pending.wish.action == "rollback"
            and (wish is None or wish.action in ("", _RELOAD))
        ):
            return
        if wish is None or wish.variant in self.availability.refusals or desk.serves(wish.variant):
            desk.withdraw()
            return
        if desk.is_asked_for(wish.variant):
            return
        if wish.rule:
            self.last_swap_reason = swap_reason(SWAP_POLICY_RECOMMEND, wish.variant, wish.rule)
        desk.ask(wish)

    def _swapping(self) -> SwapDesk:
        if self._desk is None:
            raise NotServing("the engine was stopped")
        return self._desk

    def _take_over(self, policy: BasePolicy, family: ModelFamily, at_s: float) -> None:
        """Let the next session take the place of this one, just before its first step, at `at_s`."""
        made = succeed(self.session, policy, family, last_step_s=self._last_step_s, next_step_s=at_s)
        self._next = self._last_step_s = None
        self.session = self._sessions.noted(made, policy, family)
        self._aftermath.follow(self.session, family)

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
