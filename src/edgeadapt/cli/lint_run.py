"""One run of `lint`: checks and mends files one by one, and keeps what was found and what could not be read."""

from __future__ import annotations

import attrs

from edgeadapt.cli.arguments.codes import Chosen
from edgeadapt.cli.arguments.family import FamiliesRead, family_not_found, find_family
from edgeadapt.cli.arguments.policy_text import read_text
from edgeadapt.cli.failure import Misuse, report
from edgeadapt.cli.output.lint_output import LintResult, show_fixed
from edgeadapt.cli.output.terminal import tell
from edgeadapt.diagnostics import Diagnostic, Source
from edgeadapt.diagnostics.fixing import fix_all
from edgeadapt.errors import PolicyFileError
from edgeadapt.registry.family import ModelFamily
from edgeadapt.wording import shown


@attrs.define
class LintRun:
    """How a run checks, and what it has come to; `family_path` replaces the family that each policy names."""

    form: str
    chosen: Chosen
    fixes: bool
    family_path: str | None
    files: int = 0
    fixed: int = 0
    problems: list[Diagnostic] = attrs.field(factory=list)
    refused: list[str] = attrs.field(factory=list)
    _families: FamiliesRead = attrs.field(init=False)
    _told: set[str] = attrs.field(factory=set)

    def __attrs_post_init__(self) -> None:
        self._families = FamiliesRead(self.unreadable)

    def check(self, path: str) -> tuple[Diagnostic, ...]:
        """Check one policy, mended first where that is wanted; return and keep the problems that are chosen."""
        try:
            source = read_text(path)
        except PolicyFileError as error:
            self.unreadable(error)
            return ()
        problems = self._mend(path, source) if self.fixes else self._problems(path, source)
        kept = tuple(problem for problem in problems if self.chosen.has(problem))
        self.files += 1
        self.problems.extend(kept)
        return kept

    def load(self, path: str) -> ModelFamily | None:
        """Read a family; None, and told to the user once, where it is wrong."""
        return self._families.load(path)

    def unreadable(self, error: Exception) -> None:
        """Tell of an input that can't be read or written, and go on."""
        report(error)
        self.refused.append(str(error))

    @property
    def result(self) -> LintResult:
        """What the run came to."""
        return LintResult(self.files, self.problems, self.refused, self.fixed)

    def _problems(self, path: str, source: Source) -> tuple[Diagnostic, ...]:
        # The parser's dependency takes a while to load, and is not needed to refuse a path.
        from edgeadapt.language.compiler import lint as problems_of
        from edgeadapt.language.parser import parse

        parsed = parse(source)
        if self.family_path is not None:
            return problems_of(parsed, self.load(self.family_path))
        name = parsed.family
        return problems_of(parsed, None if name is None else self._named(path, source.name, name))

    def _named(self, path: str, source_name: str, name: str) -> ModelFamily | None:
        """Return the family that a policy names."""
        found = find_family(path, name)
        if found is not None:
            return self.load(found)
        problem, remedy = family_not_found(path, name)
        note = f"{source_name}: {problem}, so its variants are unchecked; {remedy}"
        # A file is checked again after each round of fixes.
        if note not in self._told:
            self._told.add(note)
            tell("note", note)
        return None

    def _mend(self, path: str, source: Source) -> tuple[Diagnostic, ...]:
        """Apply the safe fixes of the chosen problems, and write the file where that changed it."""
        from edgeadapt.registry.file_replacement import replace_file

        fixed = fix_all(source, lambda text: self._problems(path, text), self.chosen.has)
        if fixed.source.text == source.text:
            return fixed.problems
        try:
            replace_file(path, fixed.source.text.encode("utf-8"))
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            self.unreadable(Misuse(f"cannot write {shown(path)}: {reason}"))
            return self._problems(path, source)
        self.fixed += fixed.applied
        show_fixed(self.form, source.name, fixed.applied)
        return fixed.problems
