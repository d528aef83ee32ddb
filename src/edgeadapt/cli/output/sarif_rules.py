"""A code's page as code scanners show it."""

from __future__ import annotations

from edgeadapt.diagnostics import CODES, Severity
from edgeadapt.diagnostics.render_sarif import SarifRule
from edgeadapt.language.linting.pages import page
from edgeadapt.language.linting.registry import lints


def sarif_rule(code: str) -> SarifRule:
    """Return what a code's rule says; the page is that of `edgeadapt explain`."""
    text = page(code) or code
    for lint in lints():
        if lint.code == code:
            return SarifRule(code, lint.name, lint.page.splitlines()[0], text, lint.severity)
    about = CODES.get(code, code)
    return SarifRule(code, "", f"{about[:1].upper()}{about[1:]}.", text, Severity.ERROR)
