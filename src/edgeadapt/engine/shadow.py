"""A candidate policy that steps beside the serving one, on the same states, and is only ever compared.

It steps on a thread of its own, so that neither its time nor its errors are anybody's but its own. Its memory is of what
it would have done: it begins with what serves, and commits its own swaps at once, as a dry run does, so that its guard
counts its own swaps. Signals that inference makes, `inference_latency` and `inference_rate`, are the serving variant's.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Mapping

import attrs

from edgeadapt.engine.journal import Journal
from edgeadapt.engine.succession import succeed
from edgeadapt.observability import ShadowDiffered
from edgeadapt.policy import BasePolicy, PolicySession
from edgeadapt.program import Decision
from edgeadapt.program.status import VariantStatus
from edgeadapt.registry import ModelFamily
from edgeadapt.runtime.inputs import Given
from edgeadapt.state import DeviceState
from edgeadapt.swap_codes import ADOPTED
from edgeadapt.wording import shown

_WHAT = "shadow"
# Steps that wait for one that is slow; those beyond are left out.
_BACKLOG = 64


@attrs.frozen
class ShadowStatus:
    """What the shadow policy would do: `variant` would serve, by its last decision.

    `agrees`: whether that is the engine's own policy's choice, None before a first step. `step_ms` is how long its last
    step took on its own thread.
    """

    policy: str
    variant: str | None = None
    agrees: bool | None = None
    decision: Decision | None = None
    step_ms: float | None = None


@attrs.frozen
class _Seen:
    state: DeviceState
    inputs: Mapping[str, Given]
    statuses: Mapping[str, VariantStatus]
    decision: Decision


class Shadow:
    """One start's shadow, which begins with what serves; the control thread tells it, any thread may read `status`."""

    def __init__(
        self, policy: BasePolicy, family: ModelFamily, serving: str | None, journal: Journal
    ) -> None:
        self.status = ShadowStatus(policy.name)
        self._policy = policy
        self._journal = journal
        self._session: PolicySession | None = None
        self._last_step_s: float | None = None
        # What its next step is the first one with.
        self._next: tuple[ModelFamily, str | None] | None = (family, serving)
        self._differing: tuple[str | None, str | None] | None = None
        self._waiting: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=f"edgeadapt-shadow-{family.name}", daemon=True)
        self._thread.start()

    def saw(
        self,
        state: DeviceState,
        inputs: Mapping[str, Given],
        statuses: Mapping[str, VariantStatus],
        decision: Decision,
    ) -> None:
        """Have it step on what the serving policy has just stepped on; returns at once."""
        if self._waiting.qsize() >= _BACKLOG:
            self._journal.count("shadow_steps_missed")
            return
        # A copy: the record of the serving policy's step holds the other, and a host's policy may write into its own.
        seen = _Seen(state, inputs, dict(statuses), decision)
        self._waiting.put(lambda: self._step(seen))

    def renew(self, family: ModelFamily, serving: str | None) -> None:
        """Go on with another state of the family; one that it does not fit is waited out."""
        self._waiting.put(lambda: setattr(self, "_next", (family, serving)))

    def close(self, timeout_s: float) -> bool:
        """End, after what it was told so far; false where that takes longer, and it then ends alone."""
        self._waiting.put(None)
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (work := self._waiting.get()) is not None:
            self._do(work)

    def _do(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - whatever a host's policy raises, an exit included, is its own affair
            self._journal.failure(_WHAT, error, "shadow_errors")

    def _step(self, seen: _Seen) -> None:
        if self._next is not None:
            self._take_over(*self._next, seen.state.timestamp)
        session = self._session
        if session is None:
            return
        began = time.perf_counter()
        decision = session.step(seen.state, seen.inputs, seen.statuses)
        took_ms = (time.perf_counter() - began) * 1e3
        self._last_step_s = seen.state.timestamp
        if not isinstance(decision, Decision):
            raise TypeError(f"its session returns {shown(type(decision).__name__)}, not a Decision")
        if decision.target is not None and decision.target not in seen.statuses:
            raise ValueError(f"it names `{decision.target}`, which the family lacks")
        self._journal.recovered(_WHAT)
        self._journal.count("shadow_steps")
        own, other = choice_of(decision), choice_of(seen.decision)
        self.status = ShadowStatus(self._policy.name, own, own == other, decision, took_ms)
        self._compare(seen, decision, own, other)

    def _compare(self, seen: _Seen, decision: Decision, own: str | None, other: str | None) -> None:
        differing = None if own == other else (own, other)
        if differing == self._differing:
            return
        self._differing = differing
        if differing is not None:
            self._journal.count("shadow_differences")
        theirs = seen.decision
        event = ShadowDiffered(
            seen.state.timestamp,
            differing is None,
            other,
            theirs.rule,
            theirs.reason,
            own,
            decision.rule,
            decision.reason,
        )
        words = (
            f"wants `{own}` again, as the policy does"
            if differing is None
            else f"wants `{own}` by `{decision.rule}`, and the policy `{other}` by `{theirs.rule}`"
        )
        self._journal.record(event, f"shadow `{self._policy.name}` {words}")

    def _take_over(self, family: ModelFamily, serving: str | None, at_s: float) -> None:
        before, self._session, self._next = self._session, None, None
        if before is None:
            made = self._policy.session(family)
        else:
            made = succeed(
                before,
                self._policy,
                family,
                last_step_s=self._last_step_s,
                next_step_s=at_s,
                auto_commit=True,
            ).session
        if made.active is None and serving is not None and serving in family:
            made.committed(serving, self._journal.now())
        self._session = made


def choice_of(decision: Decision) -> str | None:
    """Return the variant that would serve by a decision, once a swap that is due is made."""
    return decision.target if decision.swap or decision.reason == ADOPTED else decision.active
