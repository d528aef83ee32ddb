"""One problem as a value. What codes mean is decided where they are issued; how they look, in the renderers."""

from __future__ import annotations

from enum import Enum

from edgeadapt.diagnostics.source import Source, Span
from edgeadapt.values import frozen


class Severity(Enum):
    """How bad a problem is; errors keep a policy from being compiled."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@frozen
class Related:
    """Another place that explains a problem, with what is true there."""

    span: Span
    label: str


@frozen
class Edit:
    """Replace the text of a span."""

    span: Span
    text: str


@frozen
class Fix:
    """Edits that mend a problem; `safe` ones may be applied without asking."""

    title: str
    edits: tuple[Edit, ...]
    safe: bool = True


@frozen
class Diagnostic:
    """A problem: stable code, severity, message in the author's terms, place, label, help and fix."""

    code: str
    severity: Severity
    message: str
    source: Source
    span: Span
    label: str = ""
    help: str = ""
    related: tuple[Related, ...] = ()
    fix: Fix | None = None

    @property
    def is_error(self) -> bool:
        """Whether the problem keeps the policy from being compiled."""
        return self.severity is Severity.ERROR
