"""Each generation notes how long its own calls took, whichever way they came."""

from __future__ import annotations

import pytest

from edgeadapt.backends.fake import FakeBackend, FakeLoader
from edgeadapt.errors import InferenceError
from edgeadapt.swapper import HotSwapper


def test_every_way_to_infer_is_counted_once() -> None:
    with HotSwapper(FakeLoader("a"), "a") as swapper:
        times = swapper.call_times
        assert times is not None
        assert (times.calls, times.percentile(0.95)) == (0, None)
        swapper.infer(1)
        swapper.infer(1, timeout_s=10)
        swapper.infer_detailed(1)
        swapper.infer_detailed(1, timeout_s=10)
        swapper.get_backend().infer(1)
        with swapper.lease() as lease:
            lease.infer(1)
        assert times.calls == 6
        slowest = times.percentile(1.0)
        assert slowest is not None
        assert 0 < slowest < 10


def test_a_call_that_fails_is_not_counted() -> None:
    broken = InferenceError("a", "it broke")
    with HotSwapper(lambda name: FakeBackend(name, infer_error=broken), "a") as swapper:
        for timeout_s in (None, 10.0):
            with pytest.raises(InferenceError):
                swapper.infer(1, timeout_s)
        assert swapper.call_times is not None
        assert swapper.call_times.calls == 0


def test_what_an_older_generation_answers_is_its_own() -> None:
    with HotSwapper(FakeLoader("a", "b"), "a") as swapper:
        first = swapper.call_times
        with swapper.lease() as lease:
            assert swapper.swap_to("b").wait() is not None
            lease.infer(1)
        second = swapper.call_times
        assert first is not None
        assert second is not None
        assert (first.calls, second.calls) == (1, 0)
        swapper.infer(1)
        assert swapper.swap_to("a").wait() is not None
        third = swapper.call_times
        assert third is not None
        assert (first.calls, second.calls, third.calls) == (1, 1, 0)


def test_nothing_is_told_once_nothing_serves() -> None:
    swapper = HotSwapper(FakeLoader("a"), "a")
    times = swapper.call_times
    swapper.infer(1)
    swapper.close()
    assert swapper.call_times is None
    assert times is not None
    assert times.calls == 1
