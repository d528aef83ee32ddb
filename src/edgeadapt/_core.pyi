"""
EdgeAdapt's native core: the evaluator, and the slot that serves with its leases and its loader.
"""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

import numpy
from numpy.typing import NDArray
from typing_extensions import Self


def op_code_names() -> list[str]:
    """List the plan's operations in the order of their codes."""

def to_ns(seconds: float) -> int:
    """Round a time in seconds once to whole nanoseconds, half to even."""

class Stepper:
    """
    One device's session under a plan; `edgeadapt.runtime.native` completes it.
    """

    def __init__(self, plan: object, state_type: object, rows: object, auto_commit: bool) -> None: ...

    def step(self, state: object, inputs: object | None = None, variants: object | None = None, explain: bool = False) -> object:
        """Decide for one state; see `edgeadapt.runtime.Session.step`."""

    def run_trace(self, columns: Sequence[Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)]], seconds: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)]) -> tuple[NDArray[numpy.int16], NDArray[numpy.int16], NDArray[numpy.int16], NDArray[numpy.uint8]]:
        """
        Decide for consecutive steps, each committing its own swap; returns target, active, rule and reason.
        """

    @property
    def active_index(self) -> int:
        """The active variant's place in the family, -1 for none."""

    @property
    def phase_codes(self) -> list[int]:
        """Each rule's phase after the last step."""

    @property
    def steps_back(self) -> int:
        """How often a timestamp was earlier than the one before it."""

    @property
    def waits_for_reference(self) -> bool:
        """
        Whether the next step is the reference's, which finds a restored memory's place on the clock.
        """

    @waits_for_reference.setter
    def waits_for_reference(self, arg: bool, /) -> None: ...

    @property
    def memory_row(self) -> tuple[int | None, list[bool], list[tuple[int, int | None, int | None, int | None, int | None]], int, list[int]]:
        """
        The memory as (last, bands, rules, active, commits); a rule is (phase, since, ended, entry, exit).
        """

    @memory_row.setter
    def memory_row(self, arg: tuple[int | None, Sequence[bool], Sequence[tuple[int, int | None, int | None, int | None, int | None]], int, Sequence[int]], /) -> None: ...

    def commit(self, variant: int, at: int) -> None:
        """Take notice that a variant serves since `at`, in ns."""

class Fleet:
    """Many devices under one plan, each with a memory of its own."""

    def __init__(self, plan: object, devices: int) -> None: ...

    def run(self, columns: Sequence[Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu', writable=False)]], seconds: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], threads: int = 1) -> tuple[NDArray[numpy.int16], NDArray[numpy.int16], NDArray[numpy.int16], NDArray[numpy.uint8]]:
        """
        Decide for every device at each of the steps; returns target, active, rule and reason, [steps, devices].
        """

def lifecycle_states() -> list[str]:
    """List the states of a swap request."""

def lifecycle_triggers() -> list[str]:
    """List what moves a swap request from state to state."""

def lifecycle_transitions() -> list[tuple[str, str, str]]:
    """List the legal moves as (from, trigger, to)."""

class Lifecycle:
    """One swap request's place in the table."""

    def __init__(self) -> None: ...

    @property
    def state(self) -> str: ...

    def apply(self, trigger: str) -> bool:
        """Follow the table; return False and stay when it has no such move."""

class Event:
    """What happened to a swap request: accepted (state `idle`), or ended."""

    @property
    def variant(self) -> str: ...

    @property
    def state(self) -> str: ...

    @property
    def stage(self) -> str: ...

    @property
    def previous(self) -> str | None: ...

    @property
    def generation(self) -> int: ...

    @property
    def load_time_s(self) -> float: ...

    @property
    def reason(self) -> str: ...

    @property
    def error(self) -> BaseException | None: ...

class Request:
    """One swap request, to wait on."""

    @property
    def variant(self) -> str: ...

    @property
    def done(self) -> bool: ...

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until it has ended; False at the time-out."""

    def outcome(self) -> Event | None:
        """Return how it ended, or None while it is open."""

class Lease:
    """
    Keeps one generation serving until it is released: the same model for a sequence of inputs.
    """

    @property
    def variant(self) -> str: ...

    @property
    def generation(self) -> int: ...

    @property
    def backend(self) -> Any:
        """
        The backend itself; it is unloaded some time after the lease has ended.
        """

    @property
    def is_held(self) -> bool: ...

    def infer(self, inputs: object) -> Any:
        """Run the leased backend."""

    def release(self) -> None:
        """End the lease; once more does nothing."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: object) -> None: ...

class Swapper:
    """
    One slot that serves, and the threads that load into it and clear up behind it.
    """

    def __init__(self, activation: object, observer: Callable[[Event], object], max_resident: int) -> None: ...

    def swap_to(self, variant: str) -> Request:
        """
        Ask for a variant; joins the request for the same one, supersedes any other.
        """

    def infer(self, inputs: object) -> Any:
        """Run what serves now, and keep it until the answer is there."""

    def lease(self) -> Lease:
        """Keep what serves now until the lease is released."""

    @property
    def active_variant(self) -> str | None: ...

    @property
    def generation(self) -> int: ...

    @property
    def is_loader_thread(self) -> bool: ...

    def counters(self) -> dict[str, int]: ...

    def status(self) -> dict[str, Any]: ...

    def close(self, timeout_s: float) -> bool:
        """Stop; True if by the time-out nothing is left but held leases."""
