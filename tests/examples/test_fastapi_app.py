"""The HTTP example, in this process: its answers, and what each failure is to a client."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from edgeadapt.engine.engine import Engine
from edgeadapt.observability import Event, Sink
from edgeadapt.observability.policy_events import PolicyStep
from examples import fastapi_app
from examples.fastapi_app import app

ROOT = Path(__file__).resolve().parents[2]
THREE = json.loads((ROOT / "examples/three.json").read_text(encoding="utf-8"))

_T = TypeVar("_T")


def served(ask: Callable[[httpx.AsyncClient, Engine], Awaitable[_T]]) -> _T:
    """Return what `ask` makes of the running application."""

    async def run() -> _T:
        # HTTPX's transport does not start and stop an application: its lifespan is entered here.
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://digits") as client,
        ):
            return await ask(client, app.state.engine)

    return asyncio.run(run())


def answer_to(pixels: Any) -> httpx.Response:
    return served(lambda client, _engine: client.post("/digits", json={"pixels": pixels}))


def test_a_digit_is_read() -> None:
    answer = answer_to(THREE["pixels"])
    assert answer.status_code == 200
    assert answer.json()["digit"] == 3
    assert len(answer.json()["scores"]) == 10


@pytest.mark.parametrize(
    ("pixels", "told"),
    [
        ([[1, 2], [3, 4]], "`pixels` was given the shape [2, 2]"),
        ([[1, 2], [3]], "`pixels` has rows of different lengths"),
        ([[17]], "less than or equal to 16"),
        ([[0] * 65], "at most 64 items"),
    ],
)
def test_an_input_that_does_not_fit_is_the_callers_fault(pixels: Any, told: str) -> None:
    answer = answer_to(pixels)
    assert answer.status_code == 422
    assert told in json.dumps(answer.json(), ensure_ascii=False)


def test_a_late_answer_is_told_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fastapi_app, "TIMEOUT_S", 1e-9)
    answer = answer_to(THREE["pixels"])
    assert (answer.status_code, answer.json()) == (504, {"detail": "there was no answer within 1e-09 s"})


def test_what_serves_is_alive_and_ready_and_says_what_it_did() -> None:
    async def ask(client: httpx.AsyncClient, engine: Engine) -> None:
        await client.post("/digits", json=THREE)
        assert (await client.get("/healthz")).status_code == 200
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["variant"]) == (200, engine.active_variant)
        engine.poll()
        assert engine.observability.flush(5)
        metrics = await client.get("/metrics")
        assert f'edgeadapt_active_variant{{variant="{engine.active_variant}"}} 1.0' in metrics.text

    served(ask)


def test_what_does_not_serve_is_alive_but_not_ready_and_says_when_to_come_again() -> None:
    async def ask(client: httpx.AsyncClient, engine: Engine) -> list[httpx.Response]:
        engine.stop()
        assert (await client.get("/healthz")).status_code == 200
        return [await client.get("/readyz"), await client.post("/digits", json=THREE)]

    for answer in served(ask):
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


def test_the_policy_is_told_how_many_wait() -> None:
    class Steps(Sink):
        """Keeps what each step was told."""

        def __init__(self) -> None:
            self.inputs: list[Any] = []

        def wants(self, event: Event) -> bool:
            return isinstance(event, PolicyStep)

        def take(self, event: Event) -> None:
            assert isinstance(event, PolicyStep)
            self.inputs.append(event.inputs["queue_length"])

    async def ask(client: httpx.AsyncClient, engine: Engine) -> list[Any]:
        steps = Steps()
        engine.observability.add_sink(steps)
        engine.poll()
        answers = await asyncio.gather(*(client.post("/digits", json=THREE) for _ in range(8)))
        assert {answer.status_code for answer in answers} == {200}
        engine.poll()
        assert engine.observability.flush(5)
        return steps.inputs

    first, *_, last = served(ask)
    assert (first, last) == (None, 0)
