"""Every message of the language: headline, label and help by code, filled in by name.

What stands in backticks is the author's own text. What a code stands for is said in `edgeadapt.diagnostics.codes`.
"""

from __future__ import annotations

from edgeadapt.values import frozen


@frozen
class Message:
    """Templates for `str.format`."""

    headline: str
    label: str = ""
    help: str = ""


MESSAGES: dict[str, Message] = {
    "EAP001": Message("`{shown}` has no meaning in a policy", "{label}", "{help}"),
    "EAP002": Message("`{shown}` is not an operator here", "{label}", "write `{right}`"),
    "EAP003": Message("`{shown}` {what}", "{label}", "{help}"),
    "EAP004": Message("`{shown}` is not a unit", "{label}", "{help}"),
    "EAP005": Message("`{shown}` {what}", "{label}", "{help}"),
    "EAP006": Message("`{shown}` {what}", "{label}", "{help}"),
    "EAP007": Message("`{shown}` can't stand here", "{label}", "{help}"),
    "EAP008": Message("this is nested too deeply", "deeper than {most} levels", "give its parts names with `let`"),
    "EAP009": Message("this file is too long for a policy", "", "one policy a file, of at most a million characters"),
    "EAP010": Message("a policy starts with its edition", "no `edition` before this", "write `edition 1` on the first line; this version reads edition 1"),
    "EAP011": Message("edition `{edition}` is not known", "not one that this version reads", "this version reads edition 1"),
    "EAP012": Message("comparisons do not chain", "a second comparison", "write `{right}`"),
    "EAP013": Message("`{shown}` is not a form of the language", "{label}", "write `{right}`"),
    "EAP014": Message("a quantity has one unit", "a second quantity right after the first", "{help}"),
    "EAP015": Message("{what}", "{label}", "{help}"),
    "EAP016": Message("`{shown}` is a keyword", "can't be a name", "{help}"),
    "EAP017": Message("`{shown}` is not a keyword", "did you mean `{right}`?", "write `{right}`"),
    "EAP018": Message("{what}", "{label}", "{help}"),
    "EAP019": Message("a comment starts with `#`", "not with `{shown}`", "write `#`"),
    "EAP020": Message("reading stopped after {count} slips", "", "mend those above first; what follows here was not read"),
    "EAP101": Message("`{name}` is not a name here", "unknown name", "{help}"),
    "EAP102": Message("{what} `{name}` is declared twice", "again here", "{help}"),
    "EAP103": Message("`{name}` is already {taken}", "would shadow it", "choose another name"),
    "EAP104": Message("`{name}` is used before its `let`", "declared further down", "move the `let` of `{name}` up"),
    "EAP105": Message("`{name}` speaks of a candidate variant", "no candidate here", "{help}"),
    "EAP106": Message("`{name}` is not a kind of input", "", "{help}"),
    "EAP107": Message("`{name}` is defined by itself", "its own `let`", "a `let` may use only what stands above it"),
    "EAP108": Message("`{name}` is not a value", "", "write `{right}`"),
    "EAP109": Message("`{word}` is a word, but nothing here says of what", "{label}", "compare it, such as `{owner} == {word}`"),
    "EAP201": Message("{left} and {right} do not go with `{op}`", "{label}", "{help}"),
    "EAP202": Message("a number and a ratio do not go with `{op}`", "one is a number, the other a ratio", "{help}"),
    "EAP203": Message("a condition is needed here", "this is {found}", "{help}"),
    "EAP204": Message("a number or quantity is needed here", "this is {found}", "{help}"),
    "EAP205": Message("a temperature can't be {what}", "{label}", "differences of temperature are written in `K`"),
    "EAP206": Message("`{op}` needs an order, and {found} has none", "", "compare with `==` or `!=`"),
    "EAP207": Message("this must be constant", "{label}", "{help}"),
    "EAP208": Message("`band` can't stand here", "", "{help}"),
    "EAP209": Message("{expected} is needed here", "this is {found}", "{help}"),
    "EAP210": Message("`{word}` is not one of these words", "{label}", "{help}"),
    "EAP211": Message("this number is too {what}", "", "{help}"),
    "EAP212": Message("`level` needs an ordered word", "this is {found}", "such as `level(power)`"),
    "EAP301": Message("a policy needs an `otherwise`", "no `otherwise` in here", "add `otherwise use VARIANT` at the end"),
    "EAP302": Message("`{what}` stands twice", "again here", "keep one"),
    "EAP303": Message("rule `{name}` has no `{clause}`", "", "every rule has a `when` and a `use`"),
    "EAP304": Message("`until` holds wherever `when` does", "so the rule can never start", "`until` says when the rule ends: write the opposite, at some distance"),
    "EAP305": Message("the last choice of `otherwise` has a `where`", "may find nothing", "drop the `where`, or add `else VARIANT`"),
    "EAP306": Message("family {family} has no variant {variant}", "", "{help}"),
    "EAP307": Message("{what} is negative", "", "it must be 0 or more"),
    "EAP308": Message("{what} must be more than nothing", "", "write a positive time, such as `1 min`"),
    "EAP309": Message("this range is empty", "the first bound is above the second", "swap the bounds"),
    "EAP310": Message("the default is outside its own range", "", "move the bound or the default"),
    "EAP311": Message("time runs backwards in test `{name}`", "earlier than the step before", "order the steps by time"),
    "EAP312": Message("`{name}` can't be set by a test", "{label}", "a test sets signals and inputs"),
    "EAP313": Message("no variant of family {family} has `{name}`", "", "{help}"),
    "EAP314": Message("a whole number is needed here", "", "swaps are counted"),
    "EAP315": Message("{what} has no value", "a division by zero, or too large", "write it out as a literal"),
    "EAP316": Message("`{name}` can't be this", "out of its range", "`{name}` is in {low} .. {high}"),
    "EAP317": Message("`{name}` is never unknown", "always measured", "assign a value"),
    "EAP318": Message("one word is no choice", "the only word", "name at least two, such as `one of day, night`"),
}  # fmt: skip
