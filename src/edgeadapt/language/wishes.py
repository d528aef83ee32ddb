"""What authors wish for and edition 1 lacks: the words that show the wish, and what to do instead."""

from __future__ import annotations

from edgeadapt.values import frozen


@frozen
class Wish:
    """What is not in edition 1, and what to do instead."""

    what: str
    instead: str


TIME_OF_DAY = Wish(
    "time of day and calendar are not in edition 1",
    "feed them from the host, such as `input hour: number in 0 .. 24`",
)
AVERAGES = Wish(
    "averages are not in edition 1", "feed one as an `input`; `for` and `linger` filter short peaks"
)
RATES = Wish("rates of change are not in edition 1", "feed one as an `input`")
COUNTS = Wish(
    "m of n samples is not in edition 1", "feed the count as an `input`; `for` asks for all samples of a time"
)
IMPORTS = Wish("imports are not in edition 1", "one policy a file: copy what is shared")
OVER_VARIANTS = Wish(
    "`any` and `all` over variants are not in edition 1",
    "rank the candidates, such as `use highest accuracy where latency <= 40 ms`",
)
SETS = Wish(
    "sets of variants are not in edition 1", "name one, and the others after `else`, such as `use a else b`"
)
STEPS = Wish(
    "a step down from the active variant is not in edition 1",
    "name the variant, or rank the candidates, such as `use lowest power`",
)
STRINGS = Wish(
    "string values are not in edition 1", "declare the words, such as `input scene: one of indoor, outdoor`"
)
VARIABLES = Wish(
    "variables that change are not in edition 1",
    "`let` names an expression, `param` a constant; timers such as `for` and `hold` remember",
)
FUNCTIONS = Wish("there is no function but `level(…)`", "write it with `+ - * /`, or feed it as an `input`")

_WORDS = {
    TIME_OF_DAY: "hour hours time now clock date day weekday weekend night month today time_of_day daytime",
    AVERAGES: "avg average mean median ewma ema smooth smoothed moving_average rolling percentile stddev",
    RATES: "rate delta derivative slope trend change increase decrease",
    COUNTS: "count samples times_of",
    IMPORTS: "import include require extends using from",
    OVER_VARIANTS: "any all every each some exists forall",
    STEPS: "next previous lower higher smaller larger bigger downgrade upgrade step down up",
    VARIABLES: "var set mut assign const define def",
    FUNCTIONS: "min max abs clamp round floor ceil sqrt sum log exp",
}
WISHES: dict[str, Wish] = {word: wish for wish, words in _WORDS.items() for word in words.split()}

# Words of other languages for what this one says another way.
ELSEWHERE: dict[str, str] = {
    "if": "a condition starts with `when`",
    "unless": "write `when not …`",
    "while": "a condition starts with `when`",
    "default": "the last resort is `otherwise use VARIANT`",
    "fallback": "the last resort is `otherwise use VARIANT`",
    "select": "a rule chooses with `use`",
    "choose": "a rule chooses with `use`",
    "sort": "candidates are ranked by `highest` or `lowest`",
    "maximize": "write `highest`",
    "minimize": "write `lowest`",
    "between": "write `x in a .. b`",
    "to": "a range is written `a .. b`",
    "null": "write `is unknown`",
    "none": "write `is unknown`",
}

_ORDERS = {
    "lowest": "low lower min minimum minimal least less smallest cheapest minimize",
    "highest": "high higher max maximum maximal most more best largest biggest maximize",
}
# What a ranking is called elsewhere, in a `use` that goes on with what is ranked by.
ORDERS: dict[str, str] = {word: right for right, words in _ORDERS.items() for word in words.split()}

_COMPARED = {
    "<": "below under less lower smaller lt",
    ">": "above over greater higher more larger exceeds gt",
    "==": "equals equal eq",
}
# Comparisons in words.
COMPARED: dict[str, str] = {word: sign for sign, words in _COMPARED.items() for word in words.split()}

# Truths in other words.
TRUTHS = {"yes": "true", "on": "true", "no": "false", "off": "false"}

_KINDS = {
    "bool": "boolean flag truth",
    "number": "int integer float double real decimal num numeric",
    "ratio": "percent percentage",
    "temperature": "temp",
    "memory": "size",
    "time": "duration timespan",
    "one of": "enum string str text word choice",
}
# Kinds of values elsewhere, and the kind of input that each is here.
KINDS: dict[str, str] = {slip: right for right, slips in _KINDS.items() for slip in slips.split()}
