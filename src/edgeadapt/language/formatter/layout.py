"""A tree and its author's comments → lines: what stands where, and where an empty line parts it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from edgeadapt.diagnostics import Span
from edgeadapt.language import tree as t
from edgeadapt.language.formatter import units
from edgeadapt.language.formatter.canonical import clause_place, section_place
from edgeadapt.language.formatter.comments import Comments, Share
from edgeadapt.language.formatter.doc import WIDTH, Doc, Row, attach, flat, render
from edgeadapt.language.formatter.page import Page
from edgeadapt.language.formatter.steps import step_rows
from edgeadapt.values import frozen

_SECTION, _CLAUSE = 2, 4
# Between sections of these kinds an empty line is the author's choice; all others have one.
_CLOSE: tuple[set[type], ...] = (
    {t.InputDecl},
    {t.ParamDecl},
    {t.InputDecl, t.ParamDecl},
    {t.LetDecl},
    {t.PropertyDecl},
)
_END = 1 << 62


@frozen
class _Placed:
    """A section with its comments, in the order of the page; `one_line` where it may stand beside its like."""

    section: t.Section
    share: Share
    one_line: bool


def lay_out(tree: t.PolicyTree, comments: Comments) -> list[Row]:
    """Return the lines of a whole policy."""
    layout = _Layout(comments)
    layout.policy(tree)
    return layout.page.rows


class _Layout:
    def __init__(self, comments: Comments) -> None:
        self.page = Page()
        self._comments = comments

    def policy(self, tree: t.PolicyTree) -> None:
        # The span of a tree is the whole text's, with what stands around `policy … { … }`.
        head = 0 if tree.edition is None else tree.edition.span.end
        spans = [Span(self._comments.next_code(head), self._comments.end())]
        if tree.edition is not None:
            spans.insert(0, Span(self._comments.next_code(0), head))
        _, shares, below = self._comments.share(0, _END, spans)
        if tree.edition is not None:
            self._unit(f"edition {tree.edition.digits}", shares[0], 0)
        assert tree.name is not None  # only a text with syntax errors has none
        header = f"policy {tree.name.text}" + (f' "{tree.doc}"' if tree.doc else "")
        sections = [section.span for section in tree.sections]
        self._block(
            header,
            spans[-1],
            shares[-1],
            0,
            sections,
            lambda inner: self._sections(tree.sections, inner),
            apart=tree.edition is not None,
        )
        self.page.comments(below, 0)

    def _sections(self, sections: Sequence[t.Section], shares: Sequence[Share]) -> None:
        placed = [
            _Placed(section, share, _is_one_line(section, share))
            for section, share in zip(sections, shares, strict=True)
        ]
        placed.sort(key=lambda it: section_place(it.section))
        widths = _name_widths(placed)
        for index, it in enumerate(placed):
            apart = index > 0 and _are_apart(placed[index - 1], it)
            self._section(it, widths[index], apart=apart)

    def _section(self, placed: _Placed, name_width: int, *, apart: bool) -> None:
        section, share = placed.section, placed.share
        match section:
            case t.Ident() | t.InputDecl() | t.ParamDecl() | t.LetDecl():
                self._unit(units.declaration(section, name_width), share, _SECTION, apart=apart)
            case t.OtherwiseDecl():
                self._unit(units.use("otherwise use", section.choices), share, _SECTION, apart=apart)
            case t.RuleDecl():
                self._rule(section, share)
            case t.GuardDecl():
                self._guard(section, share)
            case t.TestDecl():
                self._test(section, share)
            case t.PropertyDecl() if placed.one_line:
                name = section.name.text.ljust(name_width)
                row = Row(_SECTION, f"property {name} {{ {flat(_promised(section))} }}")
                self.page.add([row], share.above, share.after, apart=apart, after_blank=share.after_blank)
            case t.PropertyDecl():
                self._clauses(
                    f"property {section.name.text}",
                    section.span,
                    share,
                    [(_promised(section), section.body.span)],
                )

    def _rule(self, rule: t.RuleDecl, share: Share) -> None:
        header = f"rule {rule.name.text}" + (f' "{rule.doc}"' if rule.doc else "")
        clauses = [(units.clause(clause), clause.span) for clause in rule.clauses]
        places = [clause_place(clause) for clause in rule.clauses]
        self._clauses(header, rule.span, share, clauses, places)

    def _guard(self, guard: t.GuardDecl, share: Share) -> None:
        parts: list[tuple[Doc, Span, int]] = [
            *((units.clause(cooldown), cooldown.span, 0) for cooldown in guard.cooldowns),
            *((units.at_most(limit), limit.span, 1) for limit in guard.limits),
        ]
        parts.sort(key=lambda part: part[1].start)
        self._clauses("guard", guard.span, share, [part[:2] for part in parts], [part[2] for part in parts])

    def _test(self, test: t.TestDecl, share: Share) -> None:
        def steps(shares: Sequence[Share]) -> None:
            lines = step_rows(test.steps, [inner.inside for inner in shares], _CLAUSE)
            for inner, (rows, left) in zip(shares, lines, strict=True):
                self.page.add(rows, inner.above, left + inner.after, after_blank=inner.after_blank)

        spans = [step.span for step in test.steps]
        self._block(f"test {test.name.text}", test.span, share, _SECTION, spans, steps, apart=True)

    def _clauses(
        self,
        header: str,
        span: Span,
        share: Share,
        parts: Sequence[tuple[Doc, Span]],
        places: Sequence[int] = (),
    ) -> None:
        """Write a block with a part on each line, sorted by their places."""

        def write(shares: Sequence[Share]) -> None:
            order = sorted(range(len(parts)), key=lambda index: places[index] if places else 0)
            for index in order:
                self._unit(parts[index][0], shares[index], _CLAUSE)

        self._block(header, span, share, _SECTION, [span for _, span in parts], write, apart=True)

    def _unit(self, doc: Doc, share: Share, indent: int, *, apart: bool = False) -> None:
        left = attach(doc, share.inside)
        rows = render(doc, indent)
        self.page.add(rows, share.above, left + share.after, apart=apart, after_blank=share.after_blank)

    def _block(
        self,
        header: str,
        span: Span,
        share: Share,
        indent: int,
        spans: Sequence[Span],
        write: Callable[[Sequence[Share]], None],
        *,
        apart: bool,
    ) -> None:
        """Write `HEADER { … }` around what `write` writes, given the comments of each of the parts at `spans`."""
        brace = self._comments.brace(span)
        opening, shares, below = self._comments.share(brace + 1, span.end - 1, spans)
        head = [comment for comment in share.inside if comment.start < brace] + opening
        after = share.after
        if not (spans or head or below):
            row = Row(indent, f"{header} {{}}")
            self.page.add([row], share.above, after, apart=apart, after_blank=share.after_blank)
            return
        if after and self._comments.is_one_line(span):
            # It was about the whole, and would seem to be about a brace.
            head, after = head + after, []
        row = Row(indent, f"{header} {{")
        self.page.add([row], share.above, head, apart=apart, after_blank=share.after_blank)
        write(shares)
        self.page.comments(below, indent + 2)
        self.page.add([Row(indent, "}")], after=after)


def _promised(section: t.PropertyDecl) -> Doc:
    body = section.body
    return units.promise(body) if isinstance(body, t.Promise) else units.at_most(body)


def _is_one_line(section: t.Section, share: Share) -> bool:
    if not isinstance(section, t.PropertyDecl):
        return isinstance(section, t.ParamDecl)
    length = len(f"property {section.name.text} {{ {flat(_promised(section))} }}")
    return not share.inside and _SECTION + length <= WIDTH


def _are_apart(above: _Placed, below: _Placed) -> bool:
    """Whether an empty line parts two sections, whatever the author wrote."""
    sections = (above, below)
    if any(isinstance(it.section, t.PropertyDecl) and not it.one_line for it in sections):
        return True
    return {type(it.section) for it in sections} not in _CLOSE


def _name_widths(placed: Sequence[_Placed]) -> list[int]:
    """Return how wide each section's name is, so that params and properties on neighbouring lines have columns."""
    widths: list[int] = []
    run: list[_Placed] = []
    for it in [*placed, None]:
        if run and (it is None or not _are_neighbours(run[-1], it)):
            widths += [_common_width(run)] * len(run)
            run = []
        if it is not None:
            run.append(it)
    return widths


def _are_neighbours(above: _Placed, below: _Placed) -> bool:
    same = type(above.section) is type(below.section) and above.one_line and below.one_line
    # Of two comments on one line the second one would come between them.
    comments = len(above.share.inside) + len(above.share.after)
    return same and comments <= 1 and not below.share.above and not below.share.after_blank


def _common_width(run: Sequence[_Placed]) -> int:
    sections = [it.section for it in run]
    named = [it for it in sections if isinstance(it, (t.ParamDecl, t.PropertyDecl))]
    width = max((len(it.name.text) for it in named), default=0)
    for it in named:
        text = flat(_promised(it)) if isinstance(it, t.PropertyDecl) else flat(units.declaration(it, width))
        length = len(f"property {' ' * width} {{ {text} }}") if isinstance(it, t.PropertyDecl) else len(text)
        if _SECTION + length > WIDTH:
            return 0
    return width
