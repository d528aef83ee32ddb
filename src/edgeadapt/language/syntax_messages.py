"""What a syntax error says.

Wishes and slips that can be recognised get words of their own; of the rest is said what could come next.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from lark import Token

from edgeadapt.diagnostics import Span
from edgeadapt.language.grammar import in_words
from edgeadapt.language.reporter import Reporter, shorten
from edgeadapt.language.wishes import (
    COMPARED,
    COUNTS,
    ELSEWHERE,
    FUNCTIONS,
    ORDERS,
    SETS,
    STRINGS,
    TIME_OF_DAY,
    WISHES,
    Wish,
)
from edgeadapt.units import UNITS


def report_unexpected(
    reporter: Reporter,
    tokens: Sequence[Token],
    index: int,
    expected: Collection[str],
    span: Callable[[Token], Span],
) -> None:
    """Report a token that can't stand where it does; the last token is the end of the file."""
    token = tokens[index]
    before = tokens[index - 1] if index else None
    if token.type == "$END":
        if before is None:
            names = {
                "what": "the file has no policy in it",
                "label": "",
                "help": "a policy starts with `edition 1`",
            }
            reporter.report("EAP015", span(token), names)
            return
        help_ = f"expected {in_words(expected)}"
        if "RBRACE" in expected:
            help_ = "a `}` is missing"
        names = {"what": "the file ends too early", "label": "the last thing in it", "help": help_}
        reporter.report("EAP015", span(token), names)
        return
    wish = _wish(tokens, index, expected)
    if wish is not None:
        reporter.error("EAP018", span(token), what=wish.what, label="", help=wish.instead)
        return
    shown = shorten(str(token))
    if _is_unit_place(tokens, index):
        label = "after a number stands a unit or nothing"
        reporter.error("EAP004", span(token), shown=shown, label=label, help=f"units are {', '.join(UNITS)}")
        return
    help_ = _advice(tokens, index) or _listing(tokens, index) or f"expected {in_words(expected)}"
    reporter.error("EAP007", span(token), shown=shown, label="unexpected", help=help_)


def _wish(tokens: Sequence[Token], index: int, expected: Collection[str]) -> Wish | None:
    token = tokens[index]
    before = tokens[index - 1] if index else token
    if token.type == "LPAR" and before.type == "NAME":
        return WISHES.get(str(before), FUNCTIONS)
    if token.type == "COLON" and before.type == "NUMBER":
        return TIME_OF_DAY
    if token.type == "OF" and before.type == "NUMBER":
        return COUNTS
    if token.type == "STRING":
        return STRINGS if before.type in ("EQ", "NE", "EQUAL") else None
    if before.type == "USE" and token.type == "LBRACE":
        return SETS
    chooses = index > 1 and tokens[index - 2].type in ("USE", "ELSE") and before.type in ("NAME", "STRING")
    if chooses and token.type in ("COMMA", "OR", "AND") and not _in_promise(tokens, index):
        return SETS
    wish = WISHES.get(str(token)) if token.type == "NAME" else None
    # A function shows in its `(` alone, and where one word must come, nothing else was wished for.
    misread = wish is FUNCTIONS or len(expected) == 1 or _order(tokens, index) or _is_compared(tokens, index)
    return None if misread else wish


def _order(tokens: Sequence[Token], index: int) -> str:
    """Return the ranking that `use low power` means, where reading stopped at `power`."""
    if index < 2 or tokens[index].type not in ("NAME", "VARIANT", "LEVEL"):
        return ""
    is_choice = tokens[index - 2].type in ("USE", "ELSE", "THEN") and not _in_promise(tokens, index)
    return ORDERS.get(str(tokens[index - 1]), "") if is_choice else ""


def _is_compared(tokens: Sequence[Token], index: int) -> bool:
    before = tokens[index - 1] if index else tokens[index]
    return str(tokens[index]) in COMPARED and before.type in ("NAME", "RPAR", "IS")


def _is_unit_place(tokens: Sequence[Token], index: int) -> bool:
    token = tokens[index]
    before = tokens[index - 1] if index else None
    if token.type != "NAME" or str(token) in ELSEWHERE:
        return False
    return before is not None and before.type == "NUMBER" and token.line == before.line


def _advice(tokens: Sequence[Token], index: int) -> str:
    """Say what is meant where that can be told from the word itself."""
    token = tokens[index]
    before = tokens[index - 1] if index else token
    if token.type == "NAME" and str(token) in ELSEWHERE:
        return ELSEWHERE[str(token)]
    if (order := _order(tokens, index)) != "":
        what = shorten(str(token)) if token.type == "NAME" else "…"
        return f"candidates are ranked by `highest` or `lowest`: write `{order} {what}`"
    if _is_compared(tokens, index):
        return f"a comparison is written with a sign: `{COMPARED[str(token)]}`"
    if before.type == "EDITION":
        return "this version reads edition 1"
    if token.type == "TOLERANCE":
        return (
            "`tolerance` stands right after the ranking, before `where`"
            if _after_where(tokens, index)
            else ""
        )
    if token.type == "NOT" and before.type in ("NAME", "RPAR", "QUANTITY", "NUMBER"):
        return "`not` stands before a whole condition, such as `not x in a .. b`"
    if token.type == "BAND":
        return "`band` follows a comparison, such as `battery < 20% band 5%`"
    if token.type in ("PLUS", "MINUS", "STAR", "SLASH") and _in_constant(tokens, index):
        return "a test and a param take one literal: write the result"
    if before.type == "THEN":
        return "after `then` stands another ranking, `highest …` or `lowest …`, for ties; another choice follows `else`"
    if token.type == "DOT" and before.type == "NAME":
        return "names have no parts; only `variant.KEY` has"
    if token.type == "MINUS" and before.type == "NAME":
        return "a name with `-` in it is quoted"
    return ""


def _in_constant(tokens: Sequence[Token], index: int) -> bool:
    """Return whether a value is being given by `=`, to a param or in a test."""
    return (
        index > 1 and tokens[index - 1].type in ("NUMBER", "QUANTITY") and tokens[index - 2].type == "EQUAL"
    )


def _listing(tokens: Sequence[Token], index: int) -> str:
    """Say how several things are written in a row where the token shows another way."""
    token, before = tokens[index], tokens[index - 1] if index else tokens[index]
    after = tokens[index + 1] if index + 1 < len(tokens) else token
    if token.type in ("COMMA", "AND", "OR") and after.type in ("HIGHEST", "LOWEST"):
        return (
            "another ranking, for ties, follows `then`; another choice, where none qualifies, follows `else`"
        )
    if token.type == "COMMA" and index > 1 and tokens[index - 2].type == "IN":
        return "a range is written `a .. b`"
    if str(before) == "enum" and token.type == "NAME":
        return "an input's words are declared by `one of a, b`"
    if token.type in ("AND", "OR") and _in_promise(tokens, index):
        return "the variants of a property are separated by `,`"
    return ""


def _in_promise(tokens: Sequence[Token], index: int) -> bool:
    """Return whether the variants of `never use a, b` are being listed."""
    first = index - 1
    while first > 0 and tokens[first].type in ("NAME", "STRING", "COMMA"):
        first -= 1
    return first > 0 and tokens[first].type == "USE" and tokens[first - 1].type in ("NEVER", "ALWAYS")


def _after_where(tokens: Sequence[Token], index: int) -> bool:
    for token in reversed(tokens[max(0, index - 60) : index]):
        if token.type in ("WHERE", "USE", "ELSE"):
            return token.type == "WHERE"
    return False
