"""Serve digits over HTTP by FastAPI: one engine a worker, made and stopped with the application.

    pip install 'edgeadapt[examples]'
    python -m uvicorn examples.fastapi_app:app --timeout-graceful-shutdown 10
    curl -s localhost:8000/readyz
    curl -s localhost:8000/digits -H 'content-type: application/json' -d @examples/three.json

DIGITS_FOLDER=some/folder keeps a state file and a control socket for each worker there, and with DIGITS_METRICS_PORT=9100
worker N of several shows its own metrics at port 9100 + N: `--workers 2` is then all it takes to run two.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Annotated

import numpy as np
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest, start_http_server
from pydantic import BaseModel, Field
from starlette.datastructures import State

import edgeadapt as ea
from edgeadapt.engine.control import ControlSocket
from edgeadapt.observability import ObservabilityCollector
from edgeadapt.observability.sinks.prometheus import PrometheusSink
from examples.worker_place import worker_place

ROOT = Path(__file__).resolve().parents[1]
# What a caller waits for an answer at most, in seconds, the wait for a free thread included.
TIMEOUT_S = 2.0


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Have an engine while the application runs. Not at import: a server may fork after that, and engines don't survive it."""
    registry = CollectorRegistry()
    with ExitStack() as ends:
        collector = ObservabilityCollector(sinks=[PrometheusSink(registry)])
        ends.callback(collector.close)
        place = ends.enter_context(worker_place(os.environ.get("DIGITS_FOLDER")))
        engine = ea.Engine(
            ea.ModelFamily.from_yaml(ROOT / "examples/pixels.yaml"),
            ea.RulePolicy.from_file(ROOT / "policies/gateway.eap"),
            observability=collector,
            state_file=place and place.folder / "state",
        )
        # Loads and stops take their time, and the event loop must not wait for them.
        await asyncio.to_thread(engine.start)
        ends.callback(engine.stop)
        if place:
            ends.enter_context(ControlSocket(engine, place.folder / "control.sock"))
        if place and (port := os.environ.get("DIGITS_METRICS_PORT")):
            server, thread = start_http_server(int(port) + place.number, addr="127.0.0.1", registry=registry)
            for end in (thread.join, server.server_close, server.shutdown):  # the last one first
                ends.callback(end)
        app.state.engine, app.state.registry, app.state.waiting = engine, registry, 0
        try:
            yield
        finally:
            # By now every request has been answered: the server waits for them before this.
            await asyncio.to_thread(ends.close)


app = FastAPI(title="Digits", lifespan=lifespan)

Row = Annotated[list[Annotated[int, Field(ge=0, le=16)]], Field(max_length=64)]


class Image(BaseModel):
    """A handwritten digit: eight rows of eight pixels of 0 to 16."""

    pixels: Annotated[list[Row], Field(max_length=64)]


@app.post("/digits")
async def read_digit(image: Image, request: Request) -> dict[str, object]:
    """Read a digit by whichever variant serves."""
    try:
        pixels = np.array(image.pixels, np.uint8)
    except ValueError:
        raise ea.InputError("`pixels` has rows of different lengths") from None
    with waiting(request.app.state):
        scores = await request.app.state.engine.ainfer(pixels, timeout_s=TIMEOUT_S)
    return {"digit": int(scores.argmax()), "scores": scores[0].tolist()}


@contextmanager
def waiting(state: State) -> Iterator[None]:
    """Count who waits for an answer. The policy takes it as an input: many are a reason for a quicker variant."""
    state.waiting += 1
    state.engine.report(queue_length=state.waiting)
    try:
        yield
    finally:
        state.waiting -= 1
        state.engine.report(queue_length=state.waiting)


@app.get("/healthz")
async def is_alive() -> dict[str, int]:
    """Say that the process answers: whether to restart it does not depend on a model."""
    return {"process": os.getpid()}


@app.get("/readyz")
async def is_ready(request: Request) -> Response:
    """Say which variant serves; 503 while none does, so that a balancer sends requests elsewhere."""
    variant = request.app.state.engine.active_variant
    if variant is None:
        return _problem(503, "no variant serves now")
    return JSONResponse({"variant": variant, "process": os.getpid()})


@app.get("/metrics")
async def metrics(request: Request) -> Response:
    """Show the metrics of the worker that is asked."""
    return Response(generate_latest(request.app.state.registry), media_type=CONTENT_TYPE_LATEST)


@app.exception_handler(ea.InputError)
async def _wrong_input(_request: Request, error: ea.InputError) -> Response:
    return _problem(422, str(error))


@app.exception_handler(ea.InferenceTimeout)
async def _too_late(_request: Request, _error: ea.InferenceTimeout) -> Response:
    return _problem(504, f"there was no answer within {TIMEOUT_S:g} s")


@app.exception_handler(ea.NotServing)
async def _not_serving(_request: Request, error: ea.NotServing) -> Response:
    return _problem(503, str(error))


def _problem(status: int, detail: str) -> Response:
    return JSONResponse({"detail": detail}, status, {"Retry-After": "1"} if status == 503 else None)
