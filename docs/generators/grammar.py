"""Writes the productions of grammar/policy.lark as a reader writes them, by section."""

from __future__ import annotations

import re

from docs.generators.markdown import fenced, joined, table
from edgeadapt.language.grammar import keywords
from edgeadapt.language.pygments_lexer import CLAUSES, CONSTANTS, FUNCTIONS, OPERATORS, SECTIONS
from edgeadapt.shipped import shipped

# A paragraph of the grammar by the first production in it; a new paragraph asks for a title here.
_TITLES = {
    "policy": "The file",
    "head": "Head and sections",
    "family": "Family",
    "input": "Inputs",
    "param": "Parameters and names",
    "rule": "Rules",
    "otherwise": "Choices",
    "guard": "Guard",
    "property": "Properties",
    "test": "Tests",
    "literal": "Literals",
    "expr": "Expressions",
}
_RULE = re.compile(r"\??(_?[a-z_]+)(?:\.\d+)?: ")
_TERMINAL = re.compile(r"([A-Z_]+)(?:\.\d+)?: (.+)")


def productions() -> str:
    """Return the productions by section."""
    rules, fixed = _read()
    return joined(
        part
        for paragraph in rules
        for part in (
            f"## {_TITLES[_first(paragraph)]}",
            _notes(paragraph),
            fenced("text", _readable(paragraph, fixed)),
        )
    )


def keyword_table() -> str:
    """Return the table of keywords."""
    return table(
        ["keywords", ""],
        [
            ["sections", _listed(SECTIONS)],
            ["clauses", _listed(CLAUSES)],
            ["in expressions", _listed((*OPERATORS, *CONSTANTS, *FUNCTIONS))],
        ],
    )


def _read() -> tuple[list[str], dict[str, str]]:
    """Return the paragraphs of productions, and what stands for each terminal that is one fixed text."""
    text = shipped("grammar/policy.lark").read_text("utf-8")
    paragraphs = [part.strip("\n") for part in text.split("\n\n")]
    rules = [part for part in paragraphs if _RULE.search(part) and not _TERMINAL.match(part)]
    fixed = {
        name: pattern.strip()
        for name, pattern in re.findall(_TERMINAL, text)
        if pattern.startswith('"') and pattern.endswith('"')
    }
    return rules, fixed


def _first(paragraph: str) -> str:
    found = _RULE.search(paragraph)
    assert found is not None
    return found[1]


def _notes(paragraph: str) -> str:
    """Return the comments that stand on lines of their own."""
    lines = [line.removeprefix("//").strip() for line in paragraph.splitlines() if line.startswith("//")]
    return "" if any("parser" in line for line in lines) else " ".join(lines)


def _readable(paragraph: str, fixed: dict[str, str]) -> str:
    """Return the productions without what only the parser needs."""
    lines = [line for line in paragraph.splitlines() if not line.startswith("//")]
    text = "\n".join(_production(line) for line in lines)
    return re.sub(r"\b[A-Z]+\b", lambda found: fixed.get(found[0], found[0]), text)


def _production(line: str) -> str:
    line, slashes, note = line.partition("//")
    line = re.sub(r" -> [a-z_]+", "", line)  # names of tree nodes
    line = re.sub(
        r'"[^"]*"|\?(?=[a-z])|\b_(?=[a-z])|(?<=[a-z])_(?![a-z])',
        lambda found: found[0] if found[0][0] == '"' else "",
        line,
    )
    return line.rstrip() + (f"  # {note.strip()}" if slashes else "")


def _listed(words: tuple[str, ...]) -> str:
    assert set(words) <= set(keywords())
    return ", ".join(f"`{word}`" for word in sorted(words))
