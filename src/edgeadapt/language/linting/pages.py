"""A code's page: a lint's own docstring, or what the tables say of an error. Read offline, by `edgeadapt explain`."""

from __future__ import annotations

import re

from edgeadapt.diagnostics.codes import CODES
from edgeadapt.language.linting.registry import Lint, lints
from edgeadapt.language.messages import MESSAGES

_EXAMPLE = re.compile(r"```eap\n(.*?)```", re.DOTALL)
_PLACEHOLDER = re.compile(r"\{[a-z_]+\}")
_GROUPS = {"0": "syntax", "1": "names", "2": "types and units", "3": "meaning"}


def page(wanted: str) -> str | None:
    """Return the page of a code or of a lint's name, as Markdown; None for what is neither."""
    code = wanted.upper()
    for lint in lints():
        if wanted.lower() == lint.name or code == lint.code:
            return f"# {lint.code} {lint.name} ({lint.severity.value})\n\n{lint.page.strip()}\n"
    return _error_page(code) if code in CODES else None


def known() -> tuple[str, ...]:
    """Return every code and every lint's name that has a page."""
    return (*CODES, *(lint.code for lint in lints()), *(lint.name for lint in lints()))


def summaries() -> tuple[tuple[str, str], ...]:
    """Return every code with one line on it."""
    return (*CODES.items(), *((lint.code, f"{lint.name}: {lint.page.splitlines()[0]}") for lint in lints()))


def examples(lint: Lint) -> tuple[str, ...]:
    """Return the policies on a lint's page: the failing one, then the better one."""
    return tuple(_EXAMPLE.findall(lint.page))


def _error_page(code: str) -> str:
    about = CODES[code]
    lines = [
        f"# {code} (error)",
        "",
        f"{about[:1].upper()}{about[1:]}.",
        "",
        f"One of the errors of {_GROUPS.get(code[3], 'policies')}: a policy with one is not compiled.",
    ]
    message = MESSAGES.get(code)
    if message is not None:
        # A template that is all placeholder says nothing without a policy.
        said = [("Says", message.headline), ("At the place", message.label), ("Help", message.help)]
        told = [
            (what, _PLACEHOLDER.sub("…", text))
            for what, text in said
            if _PLACEHOLDER.sub("", text).strip("` ")
        ]
        lines += ["", *(f"- {what}: {text}" for what, text in told)]
    return "\n".join(lines) + "\n"
