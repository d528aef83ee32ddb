"""The config entries that a variant's session is opened with, whichever way it is opened."""

from __future__ import annotations

from edgeadapt.registry.variant import ModelVariant

CPU = "CPUExecutionProvider"

# With it begin the entries by which the runtime reads a model in its own format where it lies, instead of copying it.
IN_PLACE = "session.use_ort_model_bytes"

# Threads that spin between inferences cost five times the CPU at the same median latency.
_DEVICE = {"session.force_spinning_stop": "1"}
# Weights of their own file stay mapped as they are, instead of being copied for speed.
_STANDBY = {"session.disable_prepacking": "1"}


def config_entries(variant: ModelVariant, *, standby: bool) -> tuple[tuple[str, str], ...]:
    """Return keys and values; the variant's own word counts."""
    entries = {**_DEVICE, **(_STANDBY if standby else {}), **dict(variant.session.config_entries)}
    return tuple(entries.items())
