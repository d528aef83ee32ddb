"""Reads an engine's files again and puts what is good in place of what is in use, between two steps.

Used by the control thread alone, so that a step sees the old policy and family or the new ones, and never one of each.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from edgeadapt.engine.audit import Signed, end_pin_without
from edgeadapt.engine.availability import Availability
from edgeadapt.engine.controller import Controller
from edgeadapt.engine.decision_notes import program_of
from edgeadapt.engine.file_stamp import file_stamp
from edgeadapt.engine.host_inputs import HostInputs
from edgeadapt.engine.in_use import InUse
from edgeadapt.engine.journal import Journal, described
from edgeadapt.engine.memory_holds import MemoryHolds
from edgeadapt.engine.orders import Orders
from edgeadapt.engine.quarantine import Quarantine
from edgeadapt.engine.reload import REFUSED, RELOADED, UNCHANGED, Reload
from edgeadapt.engine.reread import Found, reread_family, reread_policy
from edgeadapt.engine.revised_swapper import RevisedSwapper
from edgeadapt.engine.revisions import Revisions
from edgeadapt.engine.succession import Successor, succeed
from edgeadapt.observability import Reloaded
from edgeadapt.policy import StabilityGuard
from edgeadapt.registry import ModelFamily

if TYPE_CHECKING:
    from edgeadapt.registry.activation import ActivationRules

# The swapper is made with these, and they wait for the next start.
_LATER = ("load_timeout_s", "gap_timeout_s", "probation")
# A file may change twice within one tick of its clock, which is a second on some file systems.
_SETTLED_NS = 2_000_000_000
_SEEN = Signed("", "the file changed")


@attrs.frozen
class Held:
    """What an engine keeps over its starts, and a reload replaces or clears."""

    in_use: Callable[[], InUse]
    put: Callable[[InUse], object]
    stability: StabilityGuard | None
    check_adapters: Callable[[ModelFamily], object]
    inputs: HostInputs
    orders: Orders
    quarantine: Quarantine
    holds: MemoryHolds


class Reloader:
    """Reloads for one start."""

    def __init__(
        self,
        held: Held,
        controller: Controller,
        availability: Availability,
        swapper: RevisedSwapper,
        revisions: Revisions,
        journal: Journal,
    ) -> None:
        self._held = held
        self._controller = controller
        self._availability = availability
        self._swapper = swapper
        self._revisions = revisions
        self._journal = journal
        self._stamps: Mapping[str, tuple[int, ...]] = {}
        # What a file was refused for the last time, by its path.
        self._refused: dict[str, str] = {}

    def reload(self, signed: Signed) -> tuple[Reload, ...]:
        """Read the files again as somebody asked, and say what became of each."""
        self._stamp()
        return self._reload(signed, is_asked=True)

    def look(self) -> None:
        """Read the files again if one of them has changed since the last time."""
        before = self._stamps
        if self._stamp() != before:
            self._reload(_SEEN, is_asked=False)

    def _stamp(self) -> Mapping[str, tuple[int, ...]]:
        """Note the files' states; before they are read, so that what changes meanwhile is seen the next time."""
        now_ns = time.time_ns()
        self._stamps = {
            # One that has just been written may be written again without a trace: its stamp matches no other.
            path: (*stamp, now_ns if abs(now_ns - stamp[-1]) < _SETTLED_NS else 0)
            for path in self._held.in_use().files
            for stamp in (file_stamp(path),)
        }
        return self._stamps

    def _reload(self, signed: Signed, *, is_asked: bool) -> tuple[Reload, ...]:
        held, before = self._held, self._held.in_use()
        policy, family = reread_policy(before), reread_family(before)
        wanted, problem, made = before, "", None
        try:
            if policy is not None and policy.value is not None:
                wanted = InUse.of(policy.value, held.stability, wanted.family)
            if family is not None and family.value is not None:
                wanted = attrs.evolve(wanted, family=family.value)
            if wanted is not before:
                held.check_adapters(wanted.family)
                made = succeed(self._controller.session, wanted.policy, wanted.family)
        except Exception as error:  # noqa: BLE001 - a host's own policy may raise anything; what is in use goes on
            problem = described(error)
        if made is not None and not problem:
            self._put(before, wanted, made)
        results = []
        for what, found in (("policy", policy), ("family", family)):
            if found is not None:
                result = _result(what, found, problem, made, _waiting(before, wanted))
                self._record(result, before, signed, is_asked=is_asked)
                results.append(result)
        return tuple(results)

    def _put(self, before: InUse, wanted: InUse, made: Successor) -> None:
        held, family = self._held, wanted.family
        if family is not before.family:
            for variant in self._revisions.replace(family, self._swapper.names_in_use()):
                held.quarantine.cleared(variant)
                held.holds.cleared(variant)
            self._availability.family = family
            end_pin_without(self._journal, held.orders, family)
            if self._controller.shadow is not None:
                self._controller.shadow.renew(family, self._swapper.active_variant)
        held.inputs.redeclare(made.session.inputs)
        held.put(wanted)
        self._controller.renew(wanted.policy, family)
        self._controller.obey()

    def _record(self, result: Reload, before: InUse, signed: Signed, *, is_asked: bool) -> None:
        told = self._refused.pop(result.path, "")
        if result.outcome == REFUSED:
            self._refused[result.path] = result.detail
            if told != result.detail:
                self._journal.count("reloads_refused")
        elif result.outcome == RELOADED:
            self._journal.count("reloads")
        # A file that is watched may be touched ever again; that one is mended again is worth a word.
        is_news = (
            told != result.detail if result.outcome == REFUSED else bool(told) or result.outcome == RELOADED
        )
        if not (is_asked or is_news):
            return
        old, new = (_digest(it, result.what) for it in (before, self._held.in_use()))
        event = Reloaded(
            self._journal.now(),
            result.what,
            result.path,
            result.outcome,
            result.detail,
            old,
            new,
            result.memory_kept,
            signed.who,
            signed.why,
        )
        level = logging.WARNING if result.outcome == REFUSED else logging.INFO
        asked = f" (reload{signed.words})" if is_asked else ""
        self._journal.record(event, f"{_words(result)}{asked}", level)


def _result(what: str, found: Found[Any], problem: str, made: Successor | None, waiting: str) -> Reload:
    if found.error:
        return Reload(what, found.path, REFUSED, found.error)
    if found.value is None:
        return Reload(what, found.path, UNCHANGED)
    if problem or made is None:
        return Reload(what, found.path, REFUSED, problem)
    details = [f"the policy starts afresh: {made.lost}"] if made.lost else []
    if what == "family" and waiting:
        details.append(waiting)
    return Reload(what, found.path, RELOADED, "; ".join(details), not made.lost)


def _waiting(before: InUse, wanted: InUse) -> str:
    """Say which rules of the family count only from the next start on."""
    old, new = before.family.activation, wanted.family.activation
    changed = [f"`{name}`" for name in _LATER if _rule(old, name) != _rule(new, name)]
    return f"{', '.join(changed)} will count from the next start on" if changed else ""


def _rule(rules: ActivationRules, name: str) -> object:
    return getattr(rules, name)


def _digest(in_use: InUse, what: str) -> str:
    if what == "family":
        return in_use.family.digest
    program = program_of(in_use.policy)
    return "" if program is None else program.digest


def _words(result: Reload) -> str:
    name = os.path.basename(result.path)
    if result.outcome == REFUSED:
        return f"the {result.what} in use goes on, for `{name}` is refused: {result.detail}"
    if result.outcome == UNCHANGED:
        return f"the {result.what} in use is what `{name}` has"
    kept = "the policy's memory is kept" if result.memory_kept else ""
    said = "; ".join(part for part in (kept, result.detail) if part)
    return f"the {result.what} is reloaded from `{name}`: {said}"
