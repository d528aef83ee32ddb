"""Diagnostics as SARIF 2.1.0, the exchange format of code scanners (OASIS standard, sections given as §).

What a code's page says is given by the caller: this file does not know where pages come from.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from edgeadapt.diagnostics.diagnostic import Diagnostic, Fix, Severity
from edgeadapt.diagnostics.plain_lines import plain_lines
from edgeadapt.diagnostics.printable import printable
from edgeadapt.diagnostics.source import Source, Span
from edgeadapt.values import frozen

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


@frozen
class SarifRule:
    """What a viewer shows of a code: a name or none, one sentence, a page of Markdown, its usual severity."""

    code: str
    name: str
    summary: str
    page: str
    severity: Severity


def render_sarif(
    diagnostics: Sequence[Diagnostic],
    rule_of: Callable[[str], SarifRule],
    *,
    version: str,
    unreadable: Sequence[str] = (),
) -> str:
    """Render what a run found; `unreadable` are inputs that could not be read, each as a sentence."""
    codes = sorted({diagnostic.code for diagnostic in diagnostics})
    indices = {code: index for index, code in enumerate(codes)}
    driver = {"name": "EdgeAdapt", "version": version, "rules": [_rule(rule_of(code)) for code in codes]}
    run = {
        "tool": {"driver": driver},
        "invocations": [
            {
                "executionSuccessful": not unreadable,
                "toolExecutionNotifications": [
                    {"level": "error", "message": {"text": printable(text)}} for text in unreadable
                ],
            }
        ],
        # What most viewers count in, whatever is declared.
        "columnKind": "utf16CodeUnits",
        "results": [_result(diagnostic, indices[diagnostic.code]) for diagnostic in diagnostics],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(rule: SarifRule) -> dict[str, Any]:
    named = {"name": rule.name} if rule.name else {}
    return {
        "id": rule.code,
        **named,
        "shortDescription": {"text": rule.summary},
        "help": {"text": rule.page, "markdown": rule.page},
        "defaultConfiguration": {"level": rule.severity.value},
    }


def _result(diagnostic: Diagnostic, rule_index: int) -> dict[str, Any]:
    source = diagnostic.source
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule_index,
        "level": diagnostic.severity.value,
        "message": {"text": plain_lines(diagnostic)},
        "locations": [_location(source, diagnostic.span)],
    }
    if diagnostic.related:
        result["relatedLocations"] = [
            {"id": number, **_location(source, related.span), "message": {"text": printable(related.label)}}
            for number, related in enumerate(diagnostic.related, 1)
        ]
    if diagnostic.fix is not None and diagnostic.fix.edits:
        result["fixes"] = [_fix(source, diagnostic.fix)]
    return result


def _fix(source: Source, fix: Fix) -> dict[str, Any]:
    replacements = [
        {"deletedRegion": _region(source, edit.span), "insertedContent": {"text": edit.text}}
        for edit in fix.edits
    ]
    change = {"artifactLocation": {"uri": _uri(source.name)}, "replacements": replacements}
    return {"description": {"text": printable(fix.title)}, "artifactChanges": [change]}


def _location(source: Source, span: Span) -> dict[str, Any]:
    where = {"artifactLocation": {"uri": _uri(source.name)}, "region": _region(source, span)}
    return {"physicalLocation": where}


def _region(source: Source, span: Span) -> dict[str, int]:
    """Return a text region; its end column is that of the character after it (§3.30.8), as a span's end is."""
    start_line, start_column = _utf16_place(source, span.start)
    end_line, end_column = _utf16_place(source, max(span.start, span.end))
    return {
        "startLine": start_line,
        "startColumn": start_column,
        "endLine": end_line,
        "endColumn": end_column,
    }


def _utf16_place(source: Source, offset: int) -> tuple[int, int]:
    """Return a 1-based line and column; a character outside the basic plane is two columns wide."""
    line, col = source.line_col(offset)
    end = max(0, min(offset, len(source.text)))
    before = source.text[end - col + 1 : end]
    return line, col + sum(char > "\uffff" for char in before)


def _uri(name: str) -> str:
    """Return a path as a URI (§3.4.3): relative if it was given so or lies in the present folder, else absolute."""
    path = os.path.normpath(name)
    if os.path.isabs(path):
        try:
            relative = os.path.relpath(path)
        except ValueError:  # another drive on Windows
            return Path(path).as_uri()
        if relative.split(os.sep, 1)[0] == os.pardir:
            return Path(path).as_uri()
        path = relative
    # A first part such as `a:b` would read as a scheme: quoting the colon keeps it a path (RFC 3986, 4.2).
    return quote(os.fsencode(path.replace(os.sep, "/")), safe="/")
