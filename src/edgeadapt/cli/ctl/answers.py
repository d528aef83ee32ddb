"""What an engine answers to an order, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from edgeadapt.cli.ctl.status_table import status_lines
from edgeadapt.cli.output.columns import columns, wrapped
from edgeadapt.cli.output.terminal import printable
from edgeadapt.cli.output.words import span

if TYPE_CHECKING:
    from edgeadapt.engine.control.protocol import Request


def lines(request: Request, result: Mapping[str, Any]) -> Iterable[str]:
    """Return the lines that tell what came of a request."""
    if request.order == "status":
        return status_lines(result["status"])
    if request.order == "reload":
        return _files(result["files"])
    return wrapped("", printable(_said(request, result)))


def _said(request: Request, result: Mapping[str, Any]) -> str:
    serving = result["status"]["active_variant"] or "nothing"
    if request.order == "unpin":
        return f"the policy chooses again, from its next step on; {serving} serves"
    variant, outcome, detail = result["variant"], result["outcome"], result["detail"]
    if request.order == "preload":
        return {
            "ready": f"{variant} is ready",
            "loading": f"{variant} is still being loaded",
            "failed": f"{variant} could not be made ready: {detail}",
        }[outcome]
    lasting = "" if request.for_s is None else f" for {span(request.for_s)}"
    if request.order == "rollback":
        return {
            "serves": f"{variant} serves again",
            "loading": f"{variant} is still being loaded again; {serving} serves until then",
            "failed": f"{variant} could not be loaded again: {detail}; {serving} serves",
        }[outcome]
    return {
        "serves": f"{variant} is pinned{lasting}, and serves",
        "loading": f"{variant} is pinned{lasting}, and still being loaded; {serving} serves until then",
        "failed": f"{variant} is pinned{lasting}, but could not be loaded: {detail}; {serving} serves",
    }[outcome]


def _files(files: Iterable[Mapping[str, Any]]) -> list[str]:
    return columns(
        [[file["what"], file["outcome"], printable(_about(file))] for file in files],
    )


def _about(file: Mapping[str, Any]) -> str:
    detail = f": {file['detail']}" if file["detail"] else ""
    return f"{file['path']}{detail}"
