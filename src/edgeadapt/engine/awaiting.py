"""One inference on a thread of the pool, awaited by an event loop that goes on meanwhile."""

from __future__ import annotations

from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Any

from edgeadapt.errors import InferenceError, InferenceTimeout

if TYPE_CHECKING:
    from asyncio import Future

    from edgeadapt.engine.inference_pool import InferencePool
    from edgeadapt.swapper import HotSwapper


async def awaited(swapper: HotSwapper, pool: InferencePool, inputs: Any, limit_s: float | None) -> Any:
    """Return the answer; raises InferenceTimeout where there is none after `limit_s`, the wait for a thread included.

    Nobody waits any more for what is given up or cancelled: it is not run, or ends unheard.
    """
    # Imported here: it takes as long as all the rest, and whoever awaits has it already.
    import asyncio

    until = None if limit_s is None else monotonic() + limit_s

    def call() -> Any:
        try:
            return swapper.infer(inputs, None if until is None else max(0.0, until - monotonic()))
        except StopIteration as error:
            # No coroutine can raise it.
            raise InferenceError(swapper.active_variant or "", "it raised StopIteration") from error

    loop = asyncio.get_running_loop()
    # Not asyncio.wrap_future, which complains aloud of a loop that was closed meanwhile.
    ended = loop.create_future()

    def wake(_: object) -> None:
        with suppress(RuntimeError):  # the loop was closed: nobody waits any more
            loop.call_soon_threadsafe(_set, ended)

    submitted = pool.submit(call)
    submitted.add_done_callback(wake)
    try:
        await asyncio.wait({ended}, timeout=limit_s)
        if submitted.done():
            return submitted.result()
        late = swapper.active_variant or ""
    except InferenceTimeout as error:
        late = error.variant
    finally:
        submitted.cancel()
    # One text, whether the limit was met on the way to a thread or on it, where less than all was left.
    raise InferenceTimeout(late, f"there was no answer within {limit_s:g} s")


def _set(ended: Future[None]) -> None:
    if not ended.done():
        ended.set_result(None)
