"""`ainfer` holds up no event loop, on threads that come and go with the engine."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from typing import Any

import pytest

from edgeadapt.errors import InferenceError, InferenceTimeout, InputError, NotServing

PATIENCE_S = 20.0


def pool_threads() -> int:
    return sum("-infer-" in thread.name for thread in threading.enumerate())


class Gate:
    """Holds inferences up; `entered` counts those inside."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self.entered = threading.Semaphore(0)

    def __call__(self, inputs: Any) -> None:
        self.entered.release()
        self.opened.wait(PATIENCE_S)

    async def wait_for(self, count: int) -> None:
        for _ in range(count):
            await asyncio.to_thread(self.entered.acquire, timeout=PATIENCE_S)


def test_it_answers_and_the_loop_goes_on_meanwhile(bench: Any) -> None:
    gate = Gate()
    bench.loader.script("medium", on_infer=gate)
    engine = bench.running(50)

    async def main() -> Any:
        answer = asyncio.ensure_future(engine.ainfer(0))
        await gate.wait_for(1)
        gate.opened.set()
        return await answer

    assert asyncio.run(main()) == "medium"


def test_no_thread_is_made_before_it_is_used_and_none_is_left_after_a_stop(bench: Any) -> None:
    engine = bench.running(50)
    engine.infer(0)
    assert pool_threads() == 0

    async def main() -> None:
        await asyncio.gather(*(engine.ainfer(0) for _ in range(50)))

    asyncio.run(main())
    assert pool_threads() >= 1
    engine.stop()
    assert pool_threads() == 0


def test_its_calls_count_as_any_others(bench: Any) -> None:
    engine = bench.running(50, 50)

    async def main() -> None:
        await asyncio.gather(*(engine.ainfer(0) for _ in range(30)))

    asyncio.run(main())
    bench.poll(engine)
    assert engine.status().calls == 30


def test_several_event_loops_share_an_engine(bench: Any) -> None:
    engine = bench.running(50)
    answers: list[Any] = []

    async def main() -> None:
        answers.extend(await asyncio.gather(*(engine.ainfer(0) for _ in range(20))))

    threads = [threading.Thread(target=lambda: asyncio.run(main())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert answers == ["medium"] * 60


def test_an_error_of_the_model_comes_through(bench: Any) -> None:
    bench.loader.script("medium", infer_error=InputError("a wrong shape"))
    engine = bench.running(50)
    with pytest.raises(InputError, match="a wrong shape"):
        asyncio.run(engine.ainfer(0))


def test_what_no_coroutine_can_raise_comes_as_an_inference_error(bench: Any) -> None:
    bench.loader.script("medium", infer_error=StopIteration("scripted"))
    engine = bench.running(50)

    async def main() -> None:
        for timeout_s in (None, PATIENCE_S):
            with pytest.raises(InferenceError, match=r"`medium`.*StopIteration"):
                await asyncio.wait_for(engine.ainfer(0, timeout_s), PATIENCE_S)

    asyncio.run(main())


def test_an_event_loop_that_was_closed_meanwhile_hears_of_no_answer(
    bench: Any, caplog: pytest.LogCaptureFixture
) -> None:
    gate = Gate()
    bench.loader.script("medium", on_infer=gate)
    engine = bench.running(50)
    loop = asyncio.new_event_loop()
    waiting = engine.ainfer(0)
    # As far as its wait, by hand: no task of the loop's is left that would complain of its end.
    loop.call_soon(lambda: waiting.send(None))
    loop.run_until_complete(gate.wait_for(1))
    loop.close()
    gate.opened.set()
    engine.stop()
    # Whatever went wrong on the pool's thread, or here, would be a warning or in the log.
    waiting.close()
    assert caplog.text == ""


def test_one_that_takes_too_long_is_given_up_and_the_next_one_answers(bench: Any) -> None:
    gate = Gate()
    bench.loader.script("medium", on_infer=gate)
    engine = bench.running(50)

    async def main() -> Any:
        with pytest.raises(InferenceTimeout, match=r"`medium`.*within 0.05 s"):
            await engine.ainfer(0, timeout_s=0.05)
        gate.opened.set()
        return await engine.ainfer(0, timeout_s=PATIENCE_S)

    assert asyncio.run(main()) == "medium"


def test_a_time_out_counts_the_wait_for_a_thread_too_and_the_call_is_not_made(bench: Any) -> None:
    gate, seen = Gate(), []

    def infer(inputs: Any) -> None:
        seen.append(inputs)
        gate(inputs)

    bench.loader.script("medium", on_infer=infer)
    engine = bench.running(50)

    async def main() -> None:
        size = engine._serving.pool._size
        busy = [asyncio.ensure_future(engine.ainfer("busy")) for _ in range(size)]
        await gate.wait_for(size)
        with pytest.raises(InferenceTimeout):
            await engine.ainfer("late", timeout_s=0.05)
        gate.opened.set()
        await asyncio.gather(*busy)

    asyncio.run(main())
    assert "late" not in seen


def test_a_cancelled_await_disturbs_nothing(bench: Any) -> None:
    gate = Gate()
    bench.loader.script("medium", on_infer=gate)
    engine = bench.running(50)

    async def main() -> Any:
        given_up = asyncio.ensure_future(engine.ainfer(0))
        await gate.wait_for(1)
        given_up.cancel()
        with pytest.raises(asyncio.CancelledError):
            await given_up
        gate.opened.set()
        return await asyncio.gather(*(engine.ainfer(0) for _ in range(10)))

    assert asyncio.run(main()) == ["medium"] * 10


def test_a_stop_is_bounded_by_an_inference_that_hangs_and_its_await_ends(bench: Any) -> None:
    gate = Gate()
    bench.loader.script("medium", on_infer=gate)
    engine = bench.running(50)

    async def main() -> float:
        size = engine._serving.pool._size
        answers = [asyncio.ensure_future(engine.ainfer(0)) for _ in range(size + 3)]
        await gate.wait_for(size)
        before = time.monotonic()
        await asyncio.to_thread(engine.stop, 0.3)
        took = time.monotonic() - before
        for answer in answers:
            with pytest.raises(NotServing):
                await answer
        return took

    took = asyncio.run(main())
    gate.opened.set()
    assert took < 3.0


def test_before_a_start_and_after_a_stop_nothing_serves(bench: Any) -> None:
    engine = bench.engine(50)
    with pytest.raises(NotServing):
        asyncio.run(engine.ainfer(0))
    engine.start()
    engine.stop()
    with pytest.raises(NotServing):
        asyncio.run(engine.ainfer(0))


@pytest.mark.parametrize("timeout_s", ["soon", -1, True, float("nan")])
def test_a_time_out_is_a_number_of_seconds(bench: Any, timeout_s: Any) -> None:
    engine = bench.running(50)
    with pytest.raises((TypeError, ValueError), match="`timeout_s`"):
        asyncio.run(engine.ainfer(0, timeout_s))


PROGRAM = """
import asyncio, sys, threading
from edgeadapt.backends.fake import FakeLoader
from edgeadapt.engine import Engine
from edgeadapt.profiler.recorded import RecordedProfiler
from edgeadapt.registry import ModelFamily
from edgeadapt.state import DeviceState

family = ModelFamily("digits")
family.add_variant("tiny", "tiny.onnx")
loader = FakeLoader("tiny")
inside = threading.Semaphore(0)
if "hanging" in sys.argv:
    loader.script("tiny", on_infer=lambda x: (inside.release(), threading.Event().wait()))
engine = Engine(
    family,
    lambda state, family: "tiny",
    profiler=RecordedProfiler([DeviceState(50.0, None, None, None, None, None, None, 0.0)]),
    loader=loader,
)
engine.start()

async def main():
    if "hanging" in sys.argv:
        asyncio.ensure_future(engine.ainfer(0))
        await asyncio.to_thread(inside.acquire)
    else:
        await engine.ainfer(0)

asyncio.run(main())
print("served")
"""


@pytest.mark.parametrize("arguments", [[], ["hanging"]])
def test_a_process_ends_cleanly_without_a_stop(arguments: list[str]) -> None:
    ran = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-X", "dev", "-c", PROGRAM, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (0, "served\n"), ran.stderr
    assert "Fatal" not in ran.stderr
    assert "Exception" not in ran.stderr
