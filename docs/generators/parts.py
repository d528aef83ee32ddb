"""Which parts and pictures are generated, by what, and where the parts stand: between two comments, in any page."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from docs.generators import (
    architecture,
    cli,
    diagnostics,
    grammar,
    hysteresis,
    lifecycle,
    lints,
    metrics,
    python_api,
    reason_codes,
    signals,
)

DOCS = Path(__file__).resolve().parents[1]
PARTS: dict[str, Callable[[], str]] = {
    "attributes": signals.attributes,
    "codes": reason_codes.codes,
    "commands": cli.commands,
    "comparison": hysteresis.comparison,
    "counters": reason_codes.counters,
    "errors": diagnostics.errors,
    "events": reason_codes.events,
    "grammar": grammar.productions,
    "keywords": grammar.keyword_table,
    "lifecycle": lifecycle.lifecycle,
    "lints": lints.all_lints,
    "metrics": metrics.metrics,
    "python": python_api.names,
    "signals": signals.signals,
    "units": signals.units,
}
# Drawn line by line; the plot of hysteresis is matplotlib's, and carries a digest instead.
PICTURES: dict[str, Callable[[], str]] = {
    "architecture.svg": architecture.picture,
    "swap-lifecycle.svg": lifecycle.picture,
}
_MARKED = re.compile(r"(<!-- generated: (\w+) -->\n).*?(\n<!-- end -->)", re.DOTALL)


def with_generated(page: str) -> str:
    """Return a page with each marked part made anew; raises KeyError for a part that nothing makes."""
    return _MARKED.sub(lambda found: f"{found[1]}\n{PARTS[found[2]]().strip()}\n{found[3]}", page)


def names_in(page: str) -> list[str]:
    """Return the names of a page's marked parts."""
    return [name for _, name, _ in _MARKED.findall(page)]


def marked_pages() -> list[Path]:
    """Return the pages that have a marked part."""
    return [page for page in sorted(DOCS.rglob("*.md")) if names_in(page.read_text(encoding="utf-8"))]


def write_all() -> None:
    """Write every part and every picture but the plot anew."""
    for page in marked_pages():
        page.write_text(with_generated(page.read_text(encoding="utf-8")), encoding="utf-8")
    for name, picture in PICTURES.items():
        (DOCS / "images" / name).write_text(picture(), encoding="utf-8")
