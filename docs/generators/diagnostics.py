"""Writes the errors: what each code stands for, and a recorded example of each that the corpus has."""

from __future__ import annotations

import re
from pathlib import Path

from docs.generators.markdown import fenced, joined
from edgeadapt.diagnostics import CODES
from edgeadapt.language.messages import MESSAGES

_CORPUS = Path(__file__).resolve().parents[2] / "tests" / "corpus" / "invalid"
_GROUPS = {
    "0": ("Syntax", "What the text looks like."),
    "1": ("Names", "What a word stands for."),
    "2": ("Types and units", "What goes together."),
    "3": ("Meaning", "What a policy must say to run."),
}


def errors() -> str:
    """Return the errors by group, each with its example."""
    examples = _examples()
    parts: list[str] = []
    for digit, (title, what) in _GROUPS.items():
        parts += [f"## {title}", what]
        for code, about in CODES.items():
            if code[3] == digit:
                parts += [
                    f"### {code}",
                    f"{about[:1].upper()}{about[1:]}.",
                    examples.get(code) or _said(code),
                ]
    return joined(parts)


def _said(code: str) -> str:
    """Return the words of an error that no short example shows."""
    message = MESSAGES[code]
    return f"Says: {message.headline.format(count='…')}; {message.help}."


def _examples() -> dict[str, str]:
    """Return the shortest recorded diagnostic of each code; the file's name there is of no interest."""
    found: dict[str, str] = {}
    for path in sorted(_CORPUS.glob("*.diagnostics")):
        for told in path.read_text("utf-8").strip("\n").split("\n\n"):
            head = re.match(r"error\[(EAP\d+)\]", told)
            if head is None or len(told) > 900:
                continue
            told = re.sub(r"--> [^:\n]+:", "--> policy.eap:", told)
            if len(told) < len(found.get(head[1], told + " ")):
                found[head[1]] = told
    return {code: fenced("text", told) for code, told in found.items()}
