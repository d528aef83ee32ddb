"""Writes the table of metrics from the very sink that gives them to Prometheus."""

from __future__ import annotations

from typing import Any

from docs.generators.markdown import table
from edgeadapt.observability.sinks.prometheus import PrometheusSink

_LABELS = {"active_variant": "`variant`", "signal": "`signal`", "load_seconds": "`variant`"}


class _Registry:
    """Takes a sink in, so that it can be asked for its metrics."""

    def register(self, collector: Any) -> None:
        """Take it."""


def metrics() -> str:
    """Return the table."""
    return table(
        ["metric", "kind", "labels", "is"],
        [
            [
                f"`{family.name}{'_total' if family.type == 'counter' else ''}`",
                family.type,
                _LABELS.get(family.name.removeprefix("edgeadapt_"), ""),
                family.documentation,
            ]
            for family in PrometheusSink(_Registry()).collect()
        ],
    )
