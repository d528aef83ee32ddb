"""A swapper whose variants may change their definition: it is asked by the family's names, and answers by them.

Inference goes straight to the swapper, as without it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from edgeadapt.backends.base import InferenceBackend
from edgeadapt.engine.revisions import Revisions, plain, plain_event
from edgeadapt.registry.activation import ActivationRules
from edgeadapt.swapper import HotSwapper, SwapEvent, SwapRequest
from edgeadapt.swapper.preparing import Preparing


class RevisedRequest(SwapRequest):
    """A request that speaks of variants by the family's names."""

    @property
    def name(self) -> str:
        """What the swapper calls the revision that was asked for."""
        return super().variant

    @property
    def variant(self) -> str:
        """The variant that was asked for."""
        return plain(super().variant)

    def wait(self, timeout_s: float | None = None) -> SwapEvent | None:
        """Wait until it has ended and return how; None at the time-out."""
        event = super().wait(timeout_s)
        return None if event is None else plain_event(event)


class RevisedSwapper(HotSwapper):
    """Loads the present revision of what it is asked for; what it serves may be an older one until then.

    `loader` and `preparation` are given the swapper's names; see HotSwapper for the rest.
    """

    __slots__ = ("_revisions",)

    def __init__(
        self,
        loader: Callable[..., InferenceBackend],
        initial_variant: str,
        *,
        revisions: Revisions,
        preparation: Preparing,
        rules: ActivationRules,
        on_event: Callable[[SwapEvent], object],
    ) -> None:
        self._revisions = revisions
        super().__init__(
            loader,
            initial_variant,
            preparation=preparation,
            load_timeout_s=rules.load_timeout_s,
            gap_timeout_s=rules.gap_timeout_s,
            probation=rules.probation,
            on_event=lambda event: on_event(plain_event(event)),
        )

    def swap_to(self, variant: str) -> RevisedRequest:
        """Ask for a variant's present revision; raises NotServing once closed."""
        return self._request(super().swap_to(self._revisions.name_of(variant)))

    def preload(self, variant: str) -> RevisedRequest:
        """Have a variant's present revision loaded beside what serves; raises NotServing once closed."""
        return self._request(super().preload(self._revisions.name_of(variant)))

    def rollback(self) -> RevisedRequest:
        """Ask for what served before, as it was; raises ValueError where nothing did, or the family has lost it."""
        previous = self.status()["previous"]
        if previous is not None and previous not in self._revisions.family:
            raise ValueError(f"`{previous}` served before, and the family has no such variant any more")
        return self._request(super().rollback())

    def serves(self, variant: str) -> bool:
        """Whether a variant's present revision serves."""
        return super().active_variant == self._revisions.name_of(variant)

    def is_for(self, request: RevisedRequest, variant: str) -> bool:
        """Whether a request is for a variant's present revision."""
        return request.name == self._revisions.name_of(variant)

    @property
    def active_variant(self) -> str | None:
        """The variant that serves; None in a gap and once closed."""
        name = super().active_variant
        return None if name is None else plain(name)

    def infer_detailed(self, inputs: Any, timeout_s: float | None = None) -> tuple[Any, str, int]:
        """Run the active backend, and return its answer with the variant and the generation that gave it."""
        outputs, name, generation = super().infer_detailed(inputs, timeout_s)
        return outputs, plain(name), generation

    def status(self) -> dict[str, Any]:
        """Say what serves and what is asked for."""
        status = super().status()
        for key in ("active", "requested", "preloading", "previous"):
            status[key] = None if status[key] is None else plain(status[key])
        status["preloaded"] = [plain(name) for name in status["preloaded"]]
        if status["probation"] is not None:
            status["probation"]["variant"] = plain(status["probation"]["variant"])
        return status

    def names_in_use(self) -> frozenset[str]:
        """Return the swapper's names of all that it serves, keeps, loads or may go back to."""
        status = super().status()
        names = [status[key] for key in ("active", "requested", "preloading", "previous")]
        return frozenset(name for name in (*names, *status["preloaded"]) if name is not None)

    def _request(self, request: SwapRequest) -> RevisedRequest:
        return RevisedRequest(request._request, request._swapper)
