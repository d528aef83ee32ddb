"""From a request to what the engine is asked, and from what comes of it to an answer."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

import attrs

from edgeadapt.engine.control.protocol import FAILED, REFUSED, Answer, Request
from edgeadapt.errors import EdgeAdaptError, NotServing
from edgeadapt.observability import OperatorAction, SwapStage
from edgeadapt.swap_codes import SWAP_COMMITTED, SWAP_PRELOADED, SWAP_ROLLED_BACK
from edgeadapt.wording import in_words

if TYPE_CHECKING:
    from edgeadapt.engine.engine import Engine
    from edgeadapt.swapper import SwapRequest

# How long an answer waits for a load that an order leads to; it goes on in any case.
SETTLE_S = 10.0
_LOOK_S = 0.02

_LOG = logging.getLogger("edgeadapt.engine.control")


def carry_out(engine: Engine, request: Request, who: str) -> Answer:
    """Do what is asked; whatever the engine raises is in the answer."""
    try:
        result = _result(engine, request, who)
        return Answer({**result, "status": status_data(engine)})
    except NotServing as error:
        text = str(error) if engine.status().running else "the engine does not run"
        return _answer(REFUSED, request, who, text)
    except TimeoutError as error:
        return _answer(FAILED, request, who, str(error))
    except (EdgeAdaptError, ValueError) as error:
        return _answer(REFUSED, request, who, in_words(error))
    except Exception as error:  # noqa: BLE001 - a host's own parts may raise anything, and the operator must hear of it
        _LOG.warning("control: %s failed", request.order, exc_info=error)
        return _answer(FAILED, request, who, in_words(error) or type(error).__name__)


def status_data(engine: Engine) -> dict[str, Any]:
    """Return the engine's status as plain data, with the order in force: who gave it and why, as far as that is known."""
    status = attrs.asdict(engine.status())
    return {**status, "pin": _pin(engine, status["pinned_variant"])}


def _result(engine: Engine, request: Request, who: str) -> dict[str, Any]:
    signed = {"who": who, "why": request.why}
    match request.order:
        case "pin":
            engine.pin(request.variant, for_s=request.for_s, **signed)
            return _after_pin(engine, request.variant)
        case "unpin":
            engine.unpin(**signed)
        case "freeze":
            engine.freeze(**signed)
            return _outcome(engine.active_variant or "", "serves")
        case "rollback":
            return _awaited(engine.rollback(**signed), "serves")
        case "preload":
            return _awaited(engine.preload(request.variant, **signed), "ready")
        case "reload":
            return {"files": [attrs.asdict(file) for file in engine.reload(**signed)]}
    return {}


def _after_pin(engine: Engine, variant: str) -> dict[str, str]:
    """Wait a while for a pinned variant to serve, and say what came of it."""
    until = time.monotonic() + SETTLE_S
    while (status := engine.status()).pending_variant == variant and time.monotonic() < until:
        time.sleep(_LOOK_S)
    if status.active_variant == variant:
        return _outcome(variant, "serves")
    if status.pending_variant == variant:
        return _outcome(variant, "loading")
    return _outcome(variant, "failed", _last_error(engine, variant) or status.last_swap_reason)


def _last_error(engine: Engine, variant: str) -> str:
    for event in reversed(engine.observability.events(SwapStage.kind)):
        if isinstance(event, SwapStage) and event.variant == variant:
            return event.error or event.code
    return ""


def _awaited(request: SwapRequest, done: str) -> dict[str, str]:
    """Wait a while for a load, and say what came of it; `done` is what to call a success."""
    event = request.wait(SETTLE_S)
    if event is None:
        # What is there already needs no load, and ends without an event.
        return _outcome(request.variant, done if request.done else "loading")
    if event.code in (SWAP_COMMITTED, SWAP_PRELOADED, SWAP_ROLLED_BACK):
        return _outcome(request.variant, done)
    error = "" if event.error is None else in_words(event.error)
    return _outcome(request.variant, "failed", error or event.code)


def _outcome(variant: str, outcome: str, detail: str = "") -> dict[str, str]:
    return {"variant": variant, "outcome": outcome, "detail": detail}


def _pin(engine: Engine, variant: str | None) -> dict[str, str] | None:
    if variant is None:
        return None
    for event in reversed(engine.observability.events(OperatorAction.kind)):
        if isinstance(event, OperatorAction) and event.variant == variant and event.action != "preload":
            return {"who": event.who, "why": event.why}
    # It was given before a restart.
    return {"who": "", "why": ""}


def _answer(problem: str, request: Request, who: str, text: str) -> Answer:
    _LOG.info("control: %s by %s: %s: %s", request.order, who, problem, text)
    return Answer({}, problem, text)
