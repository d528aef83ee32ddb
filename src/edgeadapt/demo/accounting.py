"""What a replay's requests came to: each request's record, and the sums. It measures nothing itself."""

from __future__ import annotations

from collections.abc import Sequence

import attrs


@attrs.frozen
class Request:
    """One request: when it arrived and was answered (seconds of the replay), by whom, how well and at what cost.

    `answered_s` is None where it was not; `error` is what was raised instead. `same`: the answer is the serving
    variant's own, bit for bit. `right`: its digit is the label.
    """

    image: int
    arrived_s: float
    answered_s: float | None = None
    variant: str = ""
    same: bool = False
    right: bool = False
    cpu_s: float = 0.0
    error: str = ""

    @property
    def latency_s(self) -> float | None:
        """From the intended arrival to the answer, waiting included; None where there is none."""
        return None if self.answered_s is None else self.answered_s - self.arrived_s


@attrs.frozen
class Totals:
    """A replay in numbers. Shares are 0 to 1; `effective_accuracy` is the share right and within the deadline."""

    name: str
    requests: int
    dropped: int
    late: int
    differing: int
    accuracy: float
    effective_accuracy: float
    cpu_s: float
    strained_cpu_s: float


def total(name: str, requests: Sequence[Request], deadline_s: float, strained: Sequence[bool]) -> Totals:
    """Sum up a replay; `strained` says of each request whether the device was hot or nearly empty as it came.

    A request that was never answered is dropped, and not late besides. Accuracy is of those answered, effective
    accuracy of all.
    """
    answered = [request for request in requests if request.answered_s is not None]
    late = sum(_is_late(request, deadline_s) for request in answered)
    in_time = sum(is_useful(request, deadline_s) for request in answered)
    return Totals(
        name=name,
        requests=len(requests),
        dropped=len(requests) - len(answered),
        late=late,
        differing=sum(not request.same for request in answered),
        accuracy=sum(request.right for request in answered) / max(1, len(answered)),
        effective_accuracy=in_time / max(1, len(requests)),
        cpu_s=sum(request.cpu_s for request in requests),
        strained_cpu_s=sum(request.cpu_s for request, hard in zip(requests, strained, strict=True) if hard),
    )


def is_useful(request: Request, deadline_s: float) -> bool:
    """Whether the request was answered, right and in time."""
    return request.right and request.answered_s is not None and not _is_late(request, deadline_s)


def _is_late(request: Request, deadline_s: float) -> bool:
    latency_s = request.latency_s
    return latency_s is not None and latency_s > deadline_s
