"""Problems in a user's text: where, what, why and how to mend them."""

from edgeadapt.diagnostics.codes import CODES
from edgeadapt.diagnostics.diagnostic import Diagnostic, Edit, Fix, Related, Severity
from edgeadapt.diagnostics.fixing import safe_fix
from edgeadapt.diagnostics.policy_error import PolicyError
from edgeadapt.diagnostics.render_concise import render_concise
from edgeadapt.diagnostics.render_full import render_full
from edgeadapt.diagnostics.render_github import render_github
from edgeadapt.diagnostics.render_report import left_out, render_report
from edgeadapt.diagnostics.source import Source, Span

__all__ = [
    "CODES",
    "Diagnostic",
    "Edit",
    "Fix",
    "PolicyError",
    "Related",
    "Severity",
    "Source",
    "Span",
    "left_out",
    "render_concise",
    "render_full",
    "render_github",
    "render_report",
    "safe_fix",
]
