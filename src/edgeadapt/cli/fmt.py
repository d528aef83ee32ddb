"""`edgeadapt fmt`: policies in their canonical form; a file with syntax errors is told of and left as it is."""

from __future__ import annotations

import sys
from difflib import unified_diff

import attrs
import click

from edgeadapt.cli.arguments.options import PATH
from edgeadapt.cli.arguments.policy_text import STDIN, policy_paths, read_text
from edgeadapt.cli.failure import GOOD, MISUSE, PROBLEMS, Misuse, report
from edgeadapt.cli.output.terminal import printable, say
from edgeadapt.errors import PolicyFileError
from edgeadapt.wording import shown


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=PATH)
@click.option("--check", "only_check", is_flag=True, help="Write nothing; tell which files would change.")
@click.option("--diff", "as_diff", is_flag=True, help="Write nothing; show what would change.")
def fmt(paths: tuple[str, ...], only_check: bool, as_diff: bool) -> int:
    r"""Write policies in their one canonical form; comments keep their places, and no meaning changes.

    PATH is a policy, a folder that is searched for *.eap files, or - for stdin, which is written to stdout. A file
    with syntax errors is reported and left as it is.

    \b
    Examples:
      edgeadapt fmt policies/
      edgeadapt fmt --check policies/
      edgeadapt fmt - < phone.eap

    Exit codes: 0 all is formatted; 1 a file has syntax errors, or would change under --check or --diff; 2 something
    could not be read or written.
    """
    run = _Fmt(writes=not (only_check or as_diff), as_diff=as_diff)
    for path in policy_paths(paths):
        if isinstance(path, Misuse):
            run.refuse(path)
        else:
            run.format(path)
    return run.finish()


@attrs.define
class _Fmt:
    """One run: how many files are as they should be, changed, broken, or out of reach."""

    writes: bool
    as_diff: bool
    good: int = 0
    changed: int = 0
    broken: int = 0
    refused: int = 0
    _only_stdin: bool = True

    def format(self, path: str) -> None:
        """Format one policy."""
        # The parser's dependency takes a while to load, and is not needed to refuse a path.
        from edgeadapt.cli.output.diagnostics import show_diagnostics
        from edgeadapt.diagnostics import PolicyError
        from edgeadapt.language.formatter import format_policy
        from edgeadapt.language.parser import parse

        self._only_stdin = self._only_stdin and path == STDIN
        try:
            source = read_text(path)
            text = format_policy(parse(source))
        except PolicyFileError as error:
            self.refuse(error)
            return
        except PolicyError as error:
            show_diagnostics(error.diagnostics, err=True)
            self.broken += 1
            return
        is_good = text == source.text
        try:
            self._put(path, source.name, source.text, text)
        except OSError as error:
            self.refuse(Misuse(f"cannot write {shown(path)}: {(error.strerror or str(error)).lower()}"))
            return
        self.good += is_good
        self.changed += not is_good

    def _put(self, path: str, name: str, before: str, after: str) -> None:
        """Write, show or tell of what a file becomes."""
        if path == STDIN and self.writes:
            sys.stdout.buffer.write(after.encode("utf-8"))
        elif before == after:
            return
        elif self.as_diff:
            lines = unified_diff(before.split("\n"), after.split("\n"), name, name, lineterm="")
            say("\n".join(printable(line) for line in lines))
        elif self.writes:
            from edgeadapt.registry.file_replacement import replace_file

            replace_file(path, after.encode("utf-8"))
            say(f"formatted {name}")
        else:
            say(f"would format {name}")

    def refuse(self, error: Exception) -> None:
        """Tell of an input that can't be read or written, and go on."""
        report(error)
        self.refused += 1

    def finish(self) -> int:
        """Tell what was done; return the exit code."""
        counts = (
            (self.changed, "formatted" if self.writes else "would change"),
            (self.good, "as it should be" if self.good == 1 else "as they should be"),
            (
                self.broken,
                "with syntax errors, left as it is"
                if self.broken == 1
                else "with syntax errors, left as they are",
            ),
        )
        told = [f"{count} {'file' if count == 1 else 'files'} {what}" for count, what in counts if count]
        if told and not self._only_stdin:
            say("; ".join(told), err=self.as_diff)
        if self.refused:
            return MISUSE
        return PROBLEMS if self.broken or (self.changed and not self.writes) else GOOD
