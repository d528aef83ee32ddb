"""The record of orders: each is an event that says who gave it and why, and a line in the log."""

from __future__ import annotations

import logging

import attrs

from edgeadapt.engine.journal import Journal
from edgeadapt.engine.orders import Orders
from edgeadapt.observability import OperatorAction
from edgeadapt.registry import ModelFamily
from edgeadapt.wording import shown


@attrs.frozen
class Signed:
    """Who gave an order and why, in the operator's own words; both may be empty."""

    who: str
    why: str

    @classmethod
    def of(cls, who: object, why: object) -> Signed:
        """Make one of what a host gave; raises TypeError for what is no text."""
        for name, value in (("who", who), ("why", why)):
            if not isinstance(value, str):
                raise TypeError(f"`{name}` is a text, not {shown(value)}")
        return cls(str(who), str(why))

    @property
    def words(self) -> str:
        """Both as the end of a line of the log."""
        by = f" by {self.who}" if self.who else ""
        why = f": {self.why}" if self.why else ""
        return by + why


def record_order(
    journal: Journal, action: str, variant: str | None, signed: Signed, for_s: float | None = None
) -> None:
    """Count and record what the operator asked for."""
    journal.count("operator_actions")
    named = "" if variant is None else f" `{variant}`"
    lasting = "" if for_s is None else f" for {for_s:g} s"
    event = OperatorAction(journal.now(), action, variant, signed.who, signed.why, for_s)
    journal.record(event, f"operator: {action}{named}{lasting}{signed.words}")


def end_pin_in_time(journal: Journal, orders: Orders) -> None:
    """End a pin whose time is over."""
    if orders.is_over(journal.now()):
        _end_pin(journal, orders, "its time is over", logging.INFO)


def end_pin_without(journal: Journal, orders: Orders, family: ModelFamily) -> None:
    """End a pin of a variant that the family lacks: the policy chooses again."""
    if orders.pinned is not None and orders.pinned not in family:
        _end_pin(journal, orders, "the family has no such variant any more", logging.WARNING)


def _end_pin(journal: Journal, orders: Orders, why: str, level: int) -> None:
    variant = orders.pinned
    orders.end()
    event = OperatorAction(journal.now(), "pin_ended", variant, why=why)
    journal.record(event, f"the pin of `{variant}` has ended: {why}", level)
