"""`--select` and `--ignore`: codes and their prefixes → which problems a command is about."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from edgeadapt.cli.failure import Misuse
from edgeadapt.diagnostics import CODES, Diagnostic
from edgeadapt.wording import shown

_PREFIX = "EAP"


@attrs.frozen
class Chosen:
    """Prefixes of codes that are wanted, or all where there are none, and of those that are not."""

    selected: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()

    def has(self, problem: Diagnostic) -> bool:
        """Whether a problem is wanted. Errors always are: a policy with one is not linted, and would look clean."""
        if problem.is_error:
            return True
        is_selected = not self.selected or problem.code.startswith(self.selected)
        return is_selected and not (self.ignored and problem.code.startswith(self.ignored))


def chosen(select: Sequence[str], ignore: Sequence[str], known: Sequence[str]) -> Chosen:
    """Read both options, whose values may list several codes with commas; raises Misuse for an unknown one."""
    selected = _prefixes("--select", select, known)
    ignored = _prefixes("--ignore", ignore, known)
    for prefix in ignored:
        if all(code in CODES for code in known if code.startswith(prefix)):
            raise Misuse(
                f"{shown(prefix)} stands for errors, which can't be ignored", "a policy with one does not run"
            )
    return Chosen(selected, ignored)


def _prefixes(option: str, given: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """Return the codes and prefixes in capitals."""
    wanted = [part.strip() for value in given for part in value.split(",")]
    for part in wanted:
        prefix = part.upper()
        if not prefix.startswith(_PREFIX) or not any(code.startswith(prefix) for code in known):
            raise Misuse(
                f"{option}: there is no code {shown(part)}",
                "give codes or their beginnings, such as EAP404 or EAP4; `edgeadapt explain` lists all",
            )
    return tuple(part.upper() for part in wanted)
