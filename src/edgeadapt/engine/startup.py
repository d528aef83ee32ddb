"""How an engine comes to serve: which variants are tried, in which order, and what is said when none can."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping

import attrs

from edgeadapt.engine.availability import Refusal
from edgeadapt.engine.journal import described
from edgeadapt.engine.revised_swapper import RevisedSwapper
from edgeadapt.errors import ActivationError
from edgeadapt.registry import ModelFamily


@attrs.frozen
class Started:
    """The swapper that serves, and the variants that were tried before and failed."""

    swapper: RevisedSwapper
    failed: Mapping[str, BaseException]


def start_order(
    family: ModelFamily, first: Iterable[str | None], refusals: Mapping[str, Refusal]
) -> tuple[str, ...]:
    """Return the variants to try: `first` as far as known, then the others by memory, those in quarantine last.

    A variant that the host's gate refused, or that ended the process in its activation, is not tried at all.
    """
    by_memory = sorted(family, key=lambda variant: _unknown_last(variant.metadata.memory_footprint_mb))
    wanted = [name for name in first if name is not None and name in family]
    order = dict.fromkeys([*wanted, *(variant.name for variant in by_memory)])
    tried = [name for name in order if name not in refusals or not refusals[name].final]
    # Sorting is stable: among equals the order stays.
    return tuple(sorted(tried, key=lambda name: name in refusals))


def bring_up(
    order: Iterable[str],
    activate: Callable[[str], RevisedSwapper],
    refusals: Mapping[str, Refusal],
    on_failed: Callable[[str, BaseException], object],
) -> Started:
    """Activate the first variant that can be; raises ActivationError that lists every failure when none can."""
    failed: dict[str, BaseException] = {}
    for variant in order:
        try:
            return Started(activate(variant), failed)
        except ActivationError as error:  # noqa: PERF203 - a load takes a million times as long as a `try`
            failed[variant] = error
            on_failed(variant, error)
    raise _nothing_serves(failed, refusals)


def _nothing_serves(failed: Mapping[str, BaseException], refusals: Mapping[str, Refusal]) -> ActivationError:
    words = [described(error) for error in failed.values()]
    words += [
        f"variant `{name}`: {refusal.reason}" for name, refusal in refusals.items() if name not in failed
    ]
    first = next(iter(failed.values()), None)
    if isinstance(first, ActivationError):
        reason = "; ".join([first.reason, *words[1:]])
        error = ActivationError(first.variant, first.stage, reason)
        error.__cause__ = first
        return error
    name, refusal = next(iter(refusals.items()))
    return ActivationError(name, "checking", "; ".join([refusal.reason, *words[1:]]))


def _unknown_last(memory_mb: float | None) -> float:
    return math.inf if memory_mb is None else memory_mb
