"""Every message of the checker: code, headline, label and help, filled in by name."""

from __future__ import annotations

import attrs


@attrs.frozen
class Message:
    """Templates for `str.format`; what stands in backticks is the author's own text."""

    headline: str
    label: str = ""
    help: str = ""


MESSAGES: dict[str, Message] = {
    "EAP010": Message("a policy starts with its edition", "no `edition` before this", "write `edition 1` on the first line"),
    "EAP011": Message("edition `{edition}` is not known", "", "this version reads edition 1"),
    "EAP101": Message("`{name}` is not a name here", "unknown name", "{help}"),
    "EAP102": Message("{what} `{name}` is declared twice", "again here", "give one of them another name"),
    "EAP103": Message("`{name}` is already {taken}", "would shadow it", "choose another name"),
    "EAP104": Message("`{name}` is used before its `let`", "declared further down", "move the `let` of `{name}` up"),
    "EAP105": Message("`{name}` speaks of a candidate variant", "no candidate here", "only the `use` of a rule knows candidates"),
    "EAP106": Message("`{name}` is not a kind of input", "", "kinds are number, ratio, temperature, memory, time, power, frequency, bool, or `one of a, b`"),
    "EAP201": Message("{left} and {right} do not go with `{op}`", "{left} against {right}", "{help}"),
    "EAP202": Message("a number and a ratio do not go with `{op}`", "one is a number, the other a ratio", "{help}"),
    "EAP203": Message("a condition is needed here", "this is {found}", "compare it, such as `{text} > …`"),
    "EAP204": Message("a number or quantity is needed here", "this is {found}", "{help}"),
    "EAP205": Message("a temperature can't be {what}", "this is a point on a scale", "differences are written in `K`"),
    "EAP206": Message("`{op}` needs an order, and these words have none", "", "compare with `==` or `!=`"),
    "EAP207": Message("this must be constant", "not a literal or a `param`", "durations, widths and tolerances are fixed before a policy runs"),
    "EAP208": Message("`band` can't stand here", "", "{help}"),
    "EAP209": Message("a {expected} is needed here", "this is {found}", "write it with a unit, such as `{example}`"),
    "EAP210": Message("`{word}` is not one of these words", "", "words are {words}"),
    "EAP211": Message("this number is too large", "", "the largest is about 1.8e308"),
    "EAP301": Message("a policy needs an `otherwise`", "no `otherwise` in here", "add `otherwise use VARIANT` at the end"),
    "EAP302": Message("`{what}` stands twice", "again here", "keep one"),
    "EAP303": Message("rule `{name}` has no `{clause}`", "", "every rule has `when` and `use`"),
    "EAP304": Message("`until` holds wherever `when` does", "so the rule can never start", "`until` says when the rule ends: write the opposite, with some distance"),
    "EAP305": Message("the last choice of `otherwise` has a `where`", "may find nothing", "drop the `where`, or add `else VARIANT`"),
    "EAP306": Message("family `{family}` has no variant `{variant}`", "", "{help}"),
    "EAP307": Message("{what} is negative", "", "a duration is 0 or more"),
    "EAP308": Message("{what} must be more than nothing", "", "write a positive time, such as `1 min`"),
    "EAP309": Message("this range is empty", "the first bound is above the second", "swap the bounds"),
    "EAP310": Message("the default is outside its own range", "", "move the bound or the default"),
    "EAP311": Message("time runs backwards in test `{name}`", "earlier than the step before", "order the steps by time"),
    "EAP312": Message("`{name}` can't be set by a test", "", "a test sets signals and inputs"),
    "EAP313": Message("no variant of family `{family}` has `{name}`", "", "{help}"),
    "EAP314": Message("a whole number is needed here", "", "swaps are counted"),
}  # fmt: skip
