"""Writes the lints' table and pages from their own docstrings."""

from __future__ import annotations

import re

from docs.generators.markdown import joined, table
from edgeadapt.language.linting.registry import Lint, lints


def all_lints() -> str:
    """Return the table of lints, then each one's page."""
    rows = [
        [
            f"[`{lint.code}`](#{lint.code.lower()}-{lint.name})",
            lint.name,
            lint.severity.value,
            lint.page.splitlines()[0].rstrip("."),
        ]
        for lint in lints()
    ]
    return joined([table(["code", "name", "severity", "finds"], rows), *(_about(lint) for lint in lints())])


def _about(lint: Lint) -> str:
    text = re.sub(r"^## (.+)$", r"**\1.**", lint.page.strip(), flags=re.MULTILINE)
    return f"## {lint.code} {lint.name}\n\n{text}"
