"""What a policy is to the engine, and how one is written in Python.

A policy gives out sessions, one a device; a session remembers and decides, and never loads anything.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from edgeadapt.policy.history import SwapHistory
from edgeadapt.program.decision import Decision
from edgeadapt.program.status import VariantStatus
from edgeadapt.registry.family import ModelFamily
from edgeadapt.runtime.inputs import Given, HostInput
from edgeadapt.state import DeviceState

if TYPE_CHECKING:
    from edgeadapt.policy.select_session import SelectSession
    from edgeadapt.policy.selection import Selection

__all__ = ["BasePolicy", "LambdaPolicy", "PolicySession", "SwapHistory", "as_policy"]

SelectFunction = Callable[[DeviceState, ModelFamily], str]


@runtime_checkable
class PolicySession(Protocol):
    """One device's memory of a policy; see `edgeadapt.runtime.Session` for what each member means."""

    @property
    def active(self) -> str | None:
        """The variant that serves, as far as the session was told."""

    @property
    def inputs(self) -> tuple[HostInput, ...]:
        """The inputs that the policy takes from the host."""

    @property
    def phases(self) -> dict[str, str]:
        """Each rule's phase after the last step."""

    @property
    def refused(self) -> str:
        """Why a snapshot was refused; empty where none was."""

    @property
    def clamped(self) -> dict[str, int]:
        """How often a value of each signal or input was out of its range."""

    def step(
        self,
        state: DeviceState,
        inputs: Mapping[str, Given] | None = None,
        variants: Mapping[str, VariantStatus] | None = None,
        explain: bool = False,
    ) -> Decision:
        """Decide for one state."""

    def committed(self, variant: str, timestamp: float) -> None:
        """Take notice that a variant serves since `timestamp`."""

    def snapshot(self) -> dict[str, Any]:
        """Return the memory as JSON-able data."""


class BasePolicy(ABC):
    """A policy written in Python: override `select`, or `session` for one with a memory of its own."""

    @property
    def name(self) -> str:
        """What logs and decisions call the policy."""
        return type(self).__name__

    @property
    def has_guard(self) -> bool:
        """Whether the policy limits its own swaps; the engine puts a StabilityGuard around one that does not."""
        return False

    @property
    def policy_file(self) -> str | None:
        """The file that the policy was read from, and can be read from again; None where there is none."""
        return None

    def reread(self) -> BasePolicy:
        """Read the policy from its file again, with the parameters of the first time, and return what is there now.

        Raises what reading it raised, ValueError where `policy_file` is None.
        """
        raise ValueError(f"policy `{self.name}` did not come from a file")

    def is_urgent(self, rule: str) -> bool:  # noqa: ARG002 - a hook: a policy without rules has no urgent ones
        """Whether a swap that this rule wants passes a guard around the policy."""
        return False

    @abstractmethod
    def select(self, state: DeviceState, family: ModelFamily, history: SwapHistory) -> str:
        """Return the name of the variant that should serve.

        `family` holds the variants that are available now, `history` the committed swaps.
        """

    def select_with_explanation(
        self, state: DeviceState, family: ModelFamily, history: SwapHistory | None = None
    ) -> tuple[str, Selection]:
        """Return what `select` returns, and why; without a `history`, as if nothing served yet."""
        from edgeadapt.policy.selection import selection_by_name

        variant = self.select(state, family, SwapHistory() if history is None else history)
        return variant, selection_by_name(variant, self.name, family)

    def session(
        self,
        family: ModelFamily,
        *,
        auto_commit: bool = True,
        snapshot: Mapping[str, Any] | None = None,
        elapsed_s: float = 0.0,
    ) -> PolicySession:
        """Return one device's session; see `edgeadapt.runtime.Session` for the arguments."""
        from edgeadapt.policy.select_session import SelectSession

        made: SelectSession = SelectSession(
            self, family, auto_commit=auto_commit, snapshot=snapshot, elapsed_s=elapsed_s
        )
        return made


class LambdaPolicy(BasePolicy):
    """A policy made of a function `(state, family) -> name`.

    >>> policy = LambdaPolicy(lambda state, family: family.names[0])
    """

    def __init__(self, function: SelectFunction, name: str = "") -> None:
        if not callable(function):
            raise TypeError("a policy is a BasePolicy or a callable `(state, family) -> name`")
        self._function = function
        self._name = name or getattr(function, "__name__", type(function).__name__)

    @property
    def name(self) -> str:
        """The function's name, or the one given."""
        return self._name

    def select(self, state: DeviceState, family: ModelFamily, history: SwapHistory) -> str:  # noqa: ARG002 - the function has no use for it
        """Ask the function."""
        return self._function(state, family)


def as_policy(policy: BasePolicy | SelectFunction) -> BasePolicy:
    """Return a policy as it is, and a callable as a LambdaPolicy; raises TypeError for anything else."""
    if isinstance(policy, BasePolicy):
        return policy
    # A class is callable, and would be asked for a name at each step.
    if isinstance(policy, type):
        raise TypeError(
            f"`{policy.__name__}` is a class of policies; give one of them: `{policy.__name__}(…)`"
        )
    return LambdaPolicy(policy)
