"""The order in which a policy is written: sections and clauses by kind, and within a kind as the author has them."""

from __future__ import annotations

import attrs

from edgeadapt.language import tree as t

_SECTIONS: tuple[type, ...] = (
    t.Ident,
    t.InputDecl,
    t.ParamDecl,
    t.LetDecl,
    t.RuleDecl,
    t.OtherwiseDecl,
    t.GuardDecl,
    t.PropertyDecl,
    t.TestDecl,
)
_CLAUSES = ("when", "until", "for", "linger", "hold", "cooldown", "urgent", "use")


def canonical(tree: t.PolicyTree) -> t.PolicyTree:
    """Return the tree with its sections, and the clauses of its rules, in the order of the page."""
    sections = (
        attrs.evolve(section, clauses=tuple(sorted(section.clauses, key=clause_place)))
        if isinstance(section, t.RuleDecl)
        else section
        for section in tree.sections
    )
    return attrs.evolve(tree, sections=tuple(sorted(sections, key=section_place)))


def section_place(section: t.Section) -> int:
    """Return where a section's kind comes."""
    return _SECTIONS.index(type(section))


def clause_place(clause: t.Clause) -> int:
    """Return where a clause's kind comes."""
    return _CLAUSES.index(clause.word)
