"""Writes what was measured into the family file that it was measured of, and nothing else."""

from __future__ import annotations

from typing import Any

import attrs

from edgeadapt.benchmark.report import BenchmarkReport, Measured
from edgeadapt.errors import FamilyYamlError
from edgeadapt.registry.family import ModelFamily
from edgeadapt.registry.variant import VariantMetadata
from edgeadapt.registry.yaml_edit import CannotKeep
from edgeadapt.registry.yaml_writer import kept_text, put_text

# A variant that adds less than its pages' rounding has not been measured to need nothing.
_LEAST_MB = 0.1


def update_family_file(path: str, report: BenchmarkReport) -> tuple[str, ...]:
    """Write each measured variant's median latency and steady memory into a family file; return the changed figures.

    Comments, order and layout stay, and so does all that was not measured. Raises FamilyYamlError where the file has
    changed meanwhile, or is written in a way that a figure can't be put in its place, and OSError.
    """
    family = ModelFamily.from_yaml(path)
    metadata: dict[str, VariantMetadata] = {}
    changed: list[str] = []
    for variant in report.variants:
        if variant.measured is None:
            continue
        if variant.name not in family:
            raise FamilyYamlError(
                path, None, "variants", f"`{variant.name}` is gone since it was measured", "measure again"
            )
        before = family.variant(variant.name).metadata
        figures = _figures(variant.measured)
        metadata[variant.name] = attrs.evolve(before, **figures)
        for key, value in figures.items():
            old = getattr(before, key)
            if old != value:
                changed.append(
                    f"{variant.name} {key}: {value:.15g} (was {'unknown' if old is None else format(old, '.15g')})"
                )
    try:
        text = kept_text(family.with_metadata(metadata), path)
    except CannotKeep as error:
        raise FamilyYamlError(
            path,
            None,
            "",
            f"the figures can't be put into it: {error}",
            "write each variant's `metadata` out",
        ) from None
    if changed:
        put_text(path, text)
    return tuple(changed)


def _figures(measured: Measured) -> dict[str, Any]:
    """Return the metadata that was measured, to three digits: there is no more in them."""
    figures: dict[str, Any] = {"memory_footprint_mb": round(max(_LEAST_MB, measured.memory_mb.steady), 1)}
    if measured.latency_ms.p50 is not None:
        figures["expected_latency_ms"] = float(f"{measured.latency_ms.p50:.3g}")
    return figures
