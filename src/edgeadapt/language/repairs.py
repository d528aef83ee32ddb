"""Slips of form that leave no doubt what is meant.

Each is reported with its fix and mended in the token list, so that the rest of the section is still read.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from lark import Token

from edgeadapt.diagnostics import Edit, Fix, Span
from edgeadapt.language.grammar import COMPARISONS, SECTIONS, SIGNS, keywords
from edgeadapt.language.nearness import nearest
from edgeadapt.language.number_slips import join_quantities
from edgeadapt.language.quoted import unquoted
from edgeadapt.language.reporter import Reporter, shorten
from edgeadapt.language.wishes import COMPARED, ELSEWHERE, WISHES
from edgeadapt.units.slips import spelt_right
from edgeadapt.values import frozen

# What a section's own word is followed by: such a word starts a section, whatever it could be otherwise.
_STARTERS = {"FAMILY": ("NAME", "STRING"), "OTHERWISE": ("USE",), "GUARD": ("LBRACE",)}
_SWAPPED = {("EQUAL", "EQ"): "==", ("EQ", "EQUAL"): "=", ("COLON", "EQUAL"): "=", ("EQUAL", "COLON"): ":"}
# In an expression these say what they say, and are no names there.
_NEVER_NAMES = frozenset(("AND", "OR", "NOT", "KNOWN", "UNKNOWN", "USE", "THEN", "ELSE"))
_DECLARED = frozenset(("POLICY", "RULE", "INPUT", "PARAM", "LET", "PROPERTY", "TEST"))
_NAMED = _DECLARED | {"USE", "ELSE", "EXPECT", "FAMILY", "COMMA"}
# What other languages call a value that is not there.
_NOTHING = frozenset(("null", "none", "nil", "undefined"))
_VALUES = ("TRUE", "FALSE", "NAME", "NUMBER", "QUANTITY", "MINUS", "LPAR")


@frozen
class Spot:
    """Where reading stopped: `tokens[index]` can't stand there; `takes` says whether a row of terminals could."""

    tokens: list[Token]
    index: int
    takes: Callable[..., bool]
    span: Callable[[Token], Span]
    reporter: Reporter

    @property
    def token(self) -> Token:
        """The token that can't stand here."""
        return self.tokens[self.index]

    @property
    def before(self) -> Token | None:
        """The token before it."""
        return self.tokens[self.index - 1] if self.index else None

    @property
    def after(self) -> Token | None:
        """The token after it; None at the end of the file."""
        return self.tokens[self.index + 1] if self.index + 1 < len(self.tokens) else None

    def reach(self, first: int, end: int) -> Span:
        """Return the span of the tokens from `first` up to `end`."""
        return self.span(self.tokens[first]).to(self.span(self.tokens[end - 1]))

    def replace(self, first: int, end: int, *words: tuple[str, str]) -> None:
        """Put terminals in the place of the tokens from `first` up to `end`."""
        anchor = self.tokens[first]
        last = self.tokens[max(first, end - 1)]
        new = [Token.new_borrow_pos(kind, text, anchor) for kind, text in words]
        for token in new:
            token.end_pos = last.end_pos
        self.tokens[first:end] = new

    def mend(self, code: str, span: Span, right: str, **names: str) -> None:
        """Report a slip whose whole fix is to write `right` there."""
        fix = Fix(f"write `{shorten(right)}`", (Edit(span, right),))
        self.reporter.report(code, span, {**names, "right": right}, fix=fix)


def repair(spot: Spot) -> bool:
    """Mend the slip at a spot, after its report; False where what is meant is not clear."""
    return any(mended(spot) for mended in _REPAIRS)


def _swapped_sign(spot: Spot) -> bool:
    for (found, wanted), sign in _SWAPPED.items():
        if spot.token.type == found and spot.takes(wanted):
            label = {"EQ": "a comparison is `==`", "EQUAL": "a value is given by `=`"}.get(wanted, "")
            spot.mend("EAP002", spot.span(spot.token), sign, shown=str(spot.token), label=label)
            spot.replace(spot.index, spot.index + 1, (wanted, sign))
            return True
    return False


def _is_not(spot: Spot) -> bool:
    if spot.before is None or spot.before.type != "IS":
        return False
    index, after = spot.index, spot.after
    first = index - 1
    if spot.token.type == "NOT" and after is not None and after.type in ("KNOWN", "UNKNOWN"):
        opposite = {"KNOWN": "unknown", "UNKNOWN": "known"}[after.type]
        label = f"its opposite is `is {opposite}`"
        spot.mend(
            "EAP013", spot.reach(first, index + 2), f"is {opposite}", shown=f"is not {after}", label=label
        )
        spot.replace(index, index + 2, (opposite.upper(), opposite))
        return True
    if spot.token.type == "NOT":
        spot.mend("EAP013", spot.reach(first, index + 1), "!=", shown="is not", label="a comparison is `!=`")
        spot.replace(first, index + 1, ("NE", "!="))
        return True
    if str(spot.token) in _NOTHING and not _is_declared_word(spot):
        reach = spot.reach(first, index + 1)
        label = "whether a value is known is asked by `is`"
        spot.mend("EAP013", reach, "is unknown", shown=f"is {spot.token}", label=label)
        spot.replace(index, index + 1, ("UNKNOWN", "unknown"))
        return True
    if spot.token.type in _VALUES and str(spot.token) not in COMPARED:
        spot.mend("EAP013", spot.span(spot.before), "==", shown="is", label="a comparison is `==`")
        spot.replace(first, index, ("EQ", "=="))
        return True
    return False


def _is_declared_word(spot: Spot) -> bool:
    """Whether an input may list this word: `one of none, some`."""
    word = str(spot.token)
    return any(
        token.type == "NAME" and str(token) == word and before.type in ("OF", "COMMA")
        for before, token in pairwise(spot.tokens)
    )


def _equals_unknown(spot: Spot) -> bool:
    if (
        spot.before is None
        or spot.before.type not in ("EQ", "NE")
        or spot.token.type not in ("KNOWN", "UNKNOWN")
    ):
        return False
    known = (spot.token.type == "KNOWN") == (spot.before.type == "EQ")
    right = "is known" if known else "is unknown"
    first, end = spot.index - 1, spot.index + 1
    label = "whether a value is known is asked by `is`"
    spot.mend("EAP013", spot.reach(first, end), right, shown=f"{spot.before} {spot.token}", label=label)
    spot.replace(first, end, ("IS", "is"), (right[3:].upper(), right[3:]))
    return True


def _chain(spot: Spot) -> bool:
    if spot.token.type not in COMPARISONS:
        return False
    first = spot.index - 1
    while first >= 0 and spot.tokens[first].type not in COMPARISONS:
        first -= 1
    middle = spot.tokens[first + 1 : spot.index]
    if first < 0 or not middle or not spot.takes("AND") or any(token.type in SECTIONS for token in middle):
        return False
    reach = spot.reach(first + 1, spot.index)
    text = spot.reporter.source.text[reach.start : reach.end]
    place = spot.span(spot.token)
    gap = "" if spot.reporter.source.text[place.start - 1].isspace() else " "
    fix = Fix("join two comparisons with `and`", (Edit(Span(place.start, place.start), f"{gap}and {text} "),))
    right = shorten(f"{spot.tokens[first]} {text} and {text} {spot.token} …")
    spot.reporter.error("EAP012", place, fix=fix, right=f"… {right}")
    spot.tokens[spot.index : spot.index] = [Token.new_borrow_pos("AND", "and", spot.token), *middle]
    return True


def _second_quantity(spot: Spot) -> bool:
    if spot.before is None or spot.before.type != "QUANTITY" or spot.token.type not in ("QUANTITY", "NUMBER"):
        return False
    first, end = spot.index - 1, spot.index + 1
    between = Span(spot.span(spot.before).end, spot.span(spot.token).start)
    if spot.reporter.source.text[between.start : between.end].strip():
        return False  # a sign stood there that was left out: to add the two up would be a guess
    parts = [_split(token) for token in spot.tokens[first:end]]
    joined = join_quantities([(number, unit) for number, unit in parts if unit]) if parts[1][1] else None
    reach = spot.reach(first, end)
    fix = Fix(f"write `{joined}`", (Edit(reach, joined),)) if joined else None
    help_ = f"write it in one unit, such as `{joined or '90 s'}`"
    spot.reporter.error("EAP014", reach, fix=fix, help=help_)
    spot.replace(first, end, ("QUANTITY", joined or str(spot.before)))
    return True


def _split(token: Token) -> tuple[str, str]:
    number = str(token).rstrip("%").strip()
    digits = len(number) - len(number.lstrip("0123456789."))
    unit = "%" if str(token).endswith("%") else number[digits:].strip()
    return number[:digits], spelt_right(unit) or ""


def _quoted_word(spot: Spot) -> bool:
    if spot.token.type != "STRING":
        return False
    found = str(spot.token)
    for kind, right, label in unquoted(found[1:-1]):
        if spot.takes(kind):
            names = {"what": "is quoted", "label": label, "help": f"write `{shorten(right)}`"}
            spot.mend("EAP006", spot.span(spot.token), right, shown=shorten(found), **names)
            spot.replace(spot.index, spot.index + 1, (kind, right))
            return True
    return False


def _param_kind(spot: Spot) -> bool:
    """Drop the kind from `param budget: time = 5 ms`, which only an input declares."""
    index, after = spot.index, spot.after
    if spot.token.type != "COLON" or after is None or index < 2 or spot.tokens[index - 2].type != "PARAM":
        return False
    if after.type != "NAME" or spot.tokens[index + 2].type not in ("EQUAL", "EQ"):
        return False
    reach = spot.reach(index, index + 2)
    fix = Fix("leave it out", (Edit(Span(spot.span(spot.tokens[index - 1]).end, reach.end), ""),))
    help_ = f"a param is of its value's kind: write `param {shorten(str(spot.before))} = …`"
    spot.reporter.error(
        "EAP007", reach, fix=fix, shown=f": {shorten(str(after))}", label="unexpected", help=help_
    )
    spot.replace(index, index + 2)
    return True


def _repeated_use(spot: Spot) -> bool:
    """Drop the second `use` of `use a else use b`."""
    if spot.token.type != "USE" or spot.before is None or spot.before.type != "ELSE":
        return False
    place = spot.span(spot.token)
    fix = Fix("leave it out", (Edit(Span(spot.span(spot.before).end, place.end), ""),))
    help_ = "`use` stands once, before the first choice: leave it out after `else`"
    spot.reporter.error("EAP007", place, fix=fix, shown="use", label="unexpected", help=help_)
    spot.replace(spot.index, spot.index + 1)
    return True


def _misspelt_keyword(spot: Spot) -> bool:
    word, after = str(spot.token), spot.after
    if spot.token.type != "NAME" or len(word) < 3 or word in WISHES or word in ELSEWHERE or after is None:
        return False
    possible = {text: kind for text, kind in keywords().items() if spot.takes(kind, after.type)}
    right = nearest(word, possible)
    if right is None:
        return False
    spot.mend("EAP017", spot.span(spot.token), right, shown=word)
    spot.replace(spot.index, spot.index + 1, (possible[right], right))
    return True


def _misspelt_order(spot: Spot) -> bool:
    """Mend `use hihgest accuracy`, where the slip passed for a variant."""
    before = spot.before
    if spot.index < 2 or before is None or before.type != "NAME" or spot.token.type not in _VALUES:
        return False
    right = nearest(str(before), ("highest", "lowest"))
    if right is None or spot.tokens[spot.index - 2].type not in ("USE", "ELSE", "THEN"):
        return False
    spot.mend("EAP017", spot.span(before), right, shown=str(before))
    spot.replace(spot.index - 1, spot.index, (right.upper(), right))
    return True


def _keyword_as_name(spot: Spot) -> bool:
    token, after = spot.token, spot.after
    if token.type in _NEVER_NAMES and (spot.before is None or spot.before.type not in _NAMED):
        return False
    if token.type in SIGNS or after is None or not spot.takes("NAME", after.type):
        return False
    if token.type in SECTIONS and after.type in _STARTERS.get(token.type, ("NAME",)):
        return False
    word, place = str(token), spot.span(token)
    if spot.takes("STRING"):
        fix = Fix(f'write `"{word}"`', (Edit(place, f'"{word}"'),))
        spot.reporter.error(
            "EAP016", place, fix=fix, shown=word, help=f'a name like this is quoted: `"{word}"`'
        )
    else:
        spot.reporter.error("EAP016", place, shown=word, help="choose another name")
    spot.replace(spot.index, spot.index + 1, ("NAME", word))
    return True


def _missing_brace(spot: Spot) -> bool:
    if spot.token.type not in SECTIONS or spot.before is None or not spot.takes("RBRACE", "$END"):
        return False
    place, end = spot.span(spot.token), spot.span(spot.before).end
    fix = Fix("close it with `}`", (Edit(Span(end, end), " }"),), safe=False)
    names = {
        "shown": str(spot.token),
        "label": "still inside the section before",
        "help": "a `}` is missing before it",
    }
    spot.reporter.report("EAP007", place, names, fix=fix)
    spot.tokens.insert(spot.index, Token.new_borrow_pos("RBRACE", "}", spot.before))
    return True


_REPAIRS = (
    _param_kind,  # before its `:` passes for a misspelt `=`
    _repeated_use,
    _swapped_sign,
    _is_not,
    _equals_unknown,
    _chain,
    _second_quantity,
    _quoted_word,
    _misspelt_order,
    _misspelt_keyword,
    _keyword_as_name,
    _missing_brace,
)
