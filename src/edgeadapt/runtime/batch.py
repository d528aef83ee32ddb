"""Many steps at once: one device over a long trace, or a fleet of devices, over columns of numbers.

A column has a float64 a step: canonical units, a word's place, 0 or 1, NaN for unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from edgeadapt import _core
from edgeadapt.program.program import Program
from edgeadapt.registry.family import ModelFamily
from edgeadapt.runtime.native import REASONS, NativeSession
from edgeadapt.runtime.plan import make_plan
from edgeadapt.runtime.session import OTHERWISE
from edgeadapt.wording import did_you_mean, shown

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@attrs.frozen(eq=False)
class Decisions:
    """What each step decided, as arrays of one shape: [steps], or [steps, devices] of a fleet.

    `target` and `active` index `variants` (-1 for none), `rule` indexes `rules`, `reason` indexes `reasons`.
    """

    target: npt.NDArray[np.int16]
    active: npt.NDArray[np.int16]
    rule: npt.NDArray[np.int16]
    reason: npt.NDArray[np.uint8]
    variants: tuple[str, ...]
    rules: tuple[str, ...]
    reasons: tuple[str, ...] = REASONS


def columns_of(program: Program) -> tuple[str, ...]:
    """Return the names of the columns a program reads: its signals, then its inputs."""
    return (*program.signals, *(declared.name for declared in program.inputs))


def run_trace(
    session: NativeSession, columns: Mapping[str, npt.ArrayLike], seconds: npt.ArrayLike
) -> Decisions:
    """Decide for consecutive steps of a session, each committing its own swap; the GIL is free meanwhile.

    Each column has one entry a step, as `seconds` (timestamps). A column left out is unknown throughout. Raises
    ValueError for a column that the policy does not read, and for one of another length.
    """
    import numpy as np

    times = np.ascontiguousarray(seconds, np.float64)
    found = session.run_trace(_columns(session.program, columns, times.shape), times)
    return Decisions(*found, session.family.names, _rule_names(session.program))


class Fleet:
    """Many devices under one policy, each with a memory of its own, which lasts from run to run."""

    def __init__(self, program: Program, family: ModelFamily, devices: int) -> None:
        if devices < 1:
            raise ValueError(f"a fleet has at least one device, not {shown(devices)}")
        self._program = program
        self._family = family
        self._devices = devices
        self._native = _core.Fleet(make_plan(program, family), devices)

    def run(
        self, columns: Mapping[str, npt.ArrayLike], seconds: npt.ArrayLike, *, threads: int = 1
    ) -> Decisions:
        """Decide for every device at each of `seconds`; columns are [steps, devices], the result likewise.

        Raises ValueError as `run_trace` does.
        """
        import numpy as np

        times = np.ascontiguousarray(seconds, np.float64)
        shape = (*times.shape, self._devices)
        found = self._native.run(_columns(self._program, columns, shape), times, threads)
        return Decisions(*found, self._family.names, _rule_names(self._program))


def _columns(program: Program, given: Mapping[str, npt.ArrayLike], shape: Sequence[int]) -> list[Any]:
    import numpy as np

    names = columns_of(program)
    for name in given:
        if name not in names:
            raise ValueError(
                f"policy `{program.name}` reads no {shown(name)}; {did_you_mean(name, names, 'it reads')}"
            )
    columns = []
    for name in names:
        column = given.get(name)
        array = np.full(shape, np.nan) if column is None else np.ascontiguousarray(column, np.float64)
        if array.shape != tuple(shape):
            raise ValueError(f"column `{name}` has shape {array.shape}, not {tuple(shape)}")
        columns.append(array)
    return columns


def _rule_names(program: Program) -> tuple[str, ...]:
    return (*(rule.name for rule in program.rules), OTHERWISE)
