"""Whether a variant's load fits the memory that is left, and in which of three ways it comes into service.

Predictions are by size: it measures nothing and loads nothing. What is available is told by whoever asks.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from enum import Enum

import attrs

from edgeadapt.backends.external_data import external_files
from edgeadapt.errors import MemoryRefused
from edgeadapt.registry.activation import ActivationRules
from edgeadapt.registry.variant import ModelVariant

_MB = 1e6
# Resident memory at the highest point of a load, measured on models of 100 MB: the file's bytes, the weights
# taken from them, and a second, repacked copy of those that matrix products use.
_PEAK_BY_SIZE = 1.7


class Transition(Enum):
    """How a variant comes into service."""

    BESIDE = "beside"
    """It is loaded while the old one serves, which is released afterwards."""
    STANDBY = "standby"
    """Beside, but mapped and un-prepacked: little memory, slower answers."""
    GAP = "gap"
    """The old one is released first; nothing serves meanwhile."""


@attrs.frozen
class Need:
    """What a variant's load is predicted to take at its highest point, in MB of 10^6 bytes."""

    beside_mb: float
    standby_mb: float

    @classmethod
    def of(cls, variant: ModelVariant) -> Need | None:
        """Predict by the sizes of the variant's files; None where there is neither a file nor a declared footprint.

        A declared `memory_footprint_mb` is what stays while it serves: a peak can't be below it. Mapped weights are pages
        that the system can drop, so that a standby load needs only what lies in the model file itself.
        """
        own = _size(variant.path)
        declared = variant.metadata.memory_footprint_mb or 0.0
        if own is None:
            return cls(declared, declared) if declared else None
        weights = sum(_size(path) or 0 for path in external_files(variant.path))
        by_size = _PEAK_BY_SIZE * (own + weights) / _MB
        return cls(max(by_size, declared), _PEAK_BY_SIZE * own / _MB)


class Ledger:
    """The memory promised to loads that are under way, however many engines a process has. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._promised: dict[object, float] = {}
        # A child forked during a load inherits promises, and maybe a closed lock, that nobody would give back.
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        self._lock = threading.Lock()
        self._promised = {}

    def reserve(self, owner: object, size_mb: float, available_mb: float) -> bool:
        """Promise memory to an owner if it is there besides what others were promised."""
        with self._lock:
            others = sum(size for key, size in self._promised.items() if key is not owner)
            if size_mb > available_mb - others:
                return False
            self._promised[owner] = size_mb
            return True

    def promise(self, owner: object, size_mb: float) -> None:
        """Promise memory, there or not."""
        with self._lock:
            self._promised[owner] = size_mb

    def release(self, owner: object) -> None:
        """Take a promise back; does nothing where there is none."""
        with self._lock:
            self._promised.pop(owner, None)

    def promised_mb(self, besides: object = None) -> float:
        """Sum up what is promised, to all owners but one."""
        with self._lock:
            return sum(size for key, size in self._promised.items() if key is not besides)


LEDGER = Ledger()


def admit(
    owner: object,
    variant: ModelVariant,
    active: ModelVariant | None,
    rules: ActivationRules,
    *,
    available_mb: Callable[[], float | None],
    can_standby: bool = True,
    is_return: bool = False,
    ledger: Ledger = LEDGER,
) -> Transition:
    """Choose how `variant` comes into service beside or after `active`, and reserve its peak for `owner`.

    Raises MemoryRefused with the figures where it can't. Where the need or the memory is unknown, it goes beside, and so
    does one that served before and returns (`is_return`) where nothing else does: a prediction must not end the service.
    """
    is_mapped = can_standby and variant.standby
    wish = Transition.STANDBY if is_mapped else Transition.BESIDE
    need, available = Need.of(variant), available_mb()
    if need is None or available is None:
        return wish
    wanted_mb = need.standby_mb if is_mapped else need.beside_mb
    if ledger.reserve(owner, wanted_mb, available):
        return wish
    is_auto = rules.transition == "auto"
    held = None if active is None else _held_mb(active)
    if active is None:
        # Nothing to be beside or after: slow answers are better than none.
        if is_auto and can_standby and ledger.reserve(owner, need.standby_mb, available):
            return Transition.STANDBY
        if is_return:
            ledger.promise(owner, wanted_mb)
            return wish
    elif is_auto:
        # Not held against the figures: it takes little of its own, and keeping the larger one would not save memory.
        if can_standby and held is not None and _settled_mb(variant, need) < held:
            ledger.promise(owner, need.standby_mb)
            return Transition.STANDBY
        if rules.gap == "allowed" and (held is None or ledger.reserve(owner, wanted_mb, available + held)):
            return Transition.GAP
    raise MemoryRefused(
        variant.name,
        "checking",
        f"loading it takes about {wanted_mb:.3g} MB, and {_left(available, ledger.promised_mb(owner))}; "
        + _remedy(rules, active, wanted_mb, available, held),
    )


def _left(available: float, promised: float) -> str:
    if not promised:
        return f"{available:.3g} MB are available"
    return f"of {available:.3g} MB available, {promised:.3g} MB are promised to other loads"


def _remedy(
    rules: ActivationRules, active: ModelVariant | None, wanted: float, available: float, held: float | None
) -> str:
    if active is None:
        return "free memory, or start with a smaller variant"
    if held is not None and wanted > available + held:
        return f"free memory: even without `{active.name}`, about {held:.3g} MB, it would not fit"
    if rules.transition != "auto":
        return f"free memory, or let `transition: auto` and `gap: allowed` release `{active.name}` first"
    if rules.gap != "allowed":
        return f"free memory, or let `gap: allowed` release `{active.name}` first"
    return "free memory"


def _settled_mb(variant: ModelVariant, need: Need) -> float:
    declared = variant.metadata.memory_footprint_mb
    return need.beside_mb / _PEAK_BY_SIZE if declared is None else declared


def _held_mb(active: ModelVariant) -> float | None:
    """Return what the active variant holds, and would give back."""
    need = Need.of(active)
    return None if need is None else _settled_mb(active, need)


def _size(path: str) -> int | None:
    try:
        return os.path.getsize(path) if os.path.isfile(path) else None
    except (OSError, ValueError):
        return None
