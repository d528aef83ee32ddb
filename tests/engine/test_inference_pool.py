"""The threads of `ainfer`, where the system has none left to give."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from typing import NoReturn

import pytest

from edgeadapt.engine.inference_pool import InferencePool

PATIENCE_S = 20.0


@pytest.fixture
def pool() -> Iterator[InferencePool]:
    made = InferencePool("pool-under-test", size=2)
    yield made
    assert made.close(PATIENCE_S)


def refuse(_: threading.Thread) -> NoReturn:
    raise RuntimeError("can't start new thread")


def threads() -> int:
    return sum(thread.name.startswith("pool-under-test") for thread in threading.enumerate())


def test_the_thread_that_runs_answers_what_a_second_one_would_have(
    pool: InferencePool, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    first = pool.submit(lambda: gate.wait(PATIENCE_S))
    monkeypatch.setattr(threading.Thread, "start", refuse)
    second = pool.submit(lambda: "second")
    gate.set()
    assert first.result(PATIENCE_S) is True
    assert second.result(PATIENCE_S) == "second"
    assert threads() == 1


def futures() -> int:
    gc.collect()
    return sum(type(each) is Future for each in gc.get_objects())


def test_without_any_thread_the_caller_is_told_and_nothing_is_kept_of_the_call(pool: InferencePool) -> None:
    before = futures()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        for _ in range(3):
            with pytest.raises(RuntimeError, match="can't start new thread"):
                pool.submit(lambda: None)
    assert futures() == before
    assert pool.submit(lambda: "answered").result(PATIENCE_S) == "answered"
