"""`--why-not NAME`: a rule or a variant, whichever the policy or the family has by that name."""

from __future__ import annotations

import attrs

from edgeadapt.cli.arguments.policy import Given
from edgeadapt.cli.failure import Misuse
from edgeadapt.cli.output.terminal import tell
from edgeadapt.runtime.session import OTHERWISE
from edgeadapt.wording import did_you_mean, shown


@attrs.frozen
class Asked:
    """What was asked for: one of the two is None."""

    rule: str | None = None
    variant: str | None = None


def asked_for(given: Given, name: str) -> Asked:
    """Return what a name stands for; raises Misuse for one that is neither."""
    rules = (*(rule.name for rule in given.program.rules), OTHERWISE)
    if name in rules:
        if name in given.family:
            tell("note", f"{shown(name)} is a rule and a variant; --why-not speaks of the rule")
        return Asked(rule=name)
    if name in given.family:
        return Asked(variant=name)
    remedy = did_you_mean(name, (*rules, *given.family.names), "rules and variants")
    raise Misuse(f"--why-not: {shown(name)} is neither a rule nor a variant", remedy)
