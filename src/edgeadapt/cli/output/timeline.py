"""A trace's steps as a timeline: what changed, when, and by which rule."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from edgeadapt.cli.output.columns import columns, wrapped
from edgeadapt.cli.output.words import moment, outcome
from edgeadapt.program.decision import Decision
from edgeadapt.swap_codes import ADOPTED, SWAP_POLICY_RECOMMEND, UNCHANGED

_SETTLES = (ADOPTED, SWAP_POLICY_RECOMMEND)


@attrs.define
class Timeline:
    """Collects steps; keeps those in which something changed, or with `every` all of them."""

    every: bool
    steps: int = 0
    swaps: int = 0
    _rows: list[list[str]] = attrs.field(factory=list)
    _last: Decision | None = None
    _phases: dict[str, str] = attrs.field(factory=dict)

    def add(self, seconds: float, decision: Decision, phases: Mapping[str, str]) -> None:
        """Take the next step, with each rule's phase after it."""
        self.steps += 1
        self.swaps += self._asks_anew(decision)
        before = self._last.active if self._last is not None else None
        moved = [
            f"{name} is {phase}" for name, phase in phases.items() if self._phases.get(name, "idle") != phase
        ]
        decided = self._decides_anew(decision)
        if self.every or moved or decided:
            said = [outcome(decision, before)] if decided or not moved else []
            self._rows.append(
                [moment(seconds), decision.active or "-", decision.rule, "; ".join([*said, *moved])]
            )
        self._last, self._phases = decision, dict(phases)

    def lines(self) -> list[str]:
        """Return the table and what it leaves out."""
        table = columns(self._rows, ["time", "active", "rule", "what happens"])
        swaps = f"{self.swaps} swap{'' if self.swaps == 1 else 's'} in {self.steps} steps"
        left_out = self.steps - len(self._rows)
        if left_out:
            swaps += f"; {left_out} in which nothing changed are left out (--every shows them)"
        return [*table, "", *wrapped("", swaps)]

    def _asks_anew(self, decision: Decision) -> bool:
        """Whether a swap is due that was not due before: an engine's is due at each step until it is committed."""
        if decision.reason != SWAP_POLICY_RECOMMEND:
            return False
        last = self._last
        return last is None or (last.reason, last.target, last.active) != (
            decision.reason,
            decision.target,
            decision.active,
        )

    def _decides_anew(self, decision: Decision) -> bool:
        last = self._last
        if last is None:
            return True
        if (last.target, last.active, last.rule) != (decision.target, decision.active, decision.rule):
            return True
        # After a swap nothing is due any more, which is no news.
        return last.reason != decision.reason and not (
            last.reason in _SETTLES and decision.reason == UNCHANGED
        )
