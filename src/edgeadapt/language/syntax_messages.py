"""What a syntax error says: the slips that the grammar can't name get words of their own, the rest names what could
come next."""

from __future__ import annotations

from collections.abc import Collection

from lark import Token

_ENGLISH = {
    "NAME": "a name",
    "STRING": "a quoted text",
    "NUMBER": "a number",
    "QUANTITY": "a number with a unit",
    "LBRACE": "`{`",
    "RBRACE": "`}`",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "COMMA": "`,`",
    "COLON": "`:`",
    "DOT": "`.`",
    "EQUAL": "`=`",
    "$END": "the end of the file",
    "__ANON_0": "`..`",
    "__ANON_1": "`??`",
}
_COMPARISONS = ("LT", "LE", "GT", "GE", "EQ", "NE")
_ARITHMETIC = ("PLUS", "MINUS", "STAR", "SLASH", "__ANON_1", "__ANON_0", "DOT")
_SYMBOLS = {"LT": "<", "LE": "<=", "GT": ">", "GE": ">=", "EQ": "==", "NE": "!="}
_MOST = 6

_WISHES = {
    "avg": "averages are not in edition 1: feed one as an `input`",
    "average": "averages are not in edition 1: feed one as an `input`",
    "import": "imports are not in edition 1: one policy a file",
    "if": "a rule's condition starts with `when`",
    "then": "`then` joins rankings; a rule says `use`",
    "default": "the last resort is `otherwise use …`",
}


def explain_unexpected(
    token: Token, previous: Token | None, expected: Collection[str]
) -> tuple[str, str, str]:
    """Return message, label and help for a token that can't stand where it does."""
    shown = _show(token)
    if token.type in _COMPARISONS and previous is not None:
        return (
            "comparisons do not chain",
            "a second comparison",
            "join two with `and`, or write `x in a .. b`",
        )
    if token.type == "NOT" and previous is not None and previous.type == "IS":
        return "`is not` is not a form of the language", "", "write `is unknown`, or `is known`"
    if token.type in ("NUMBER", "QUANTITY") and previous is not None and previous.type == "QUANTITY":
        return (
            "a quantity has one unit",
            "a second number",
            "write it in one unit, such as `90 s` for `1 min 30 s`",
        )
    if token.type == "$END":
        return "the file ends too early", "here", f"expected {_list(expected)}"
    wish = _WISHES.get(str(token))
    if (
        token.type not in ("NAME", "STRING", "NUMBER", "QUANTITY")
        and "NAME" in expected
        and str(token).isalpha()
    ):
        return (
            f"{shown} is a keyword here",
            "not a name",
            f"expected {_list(expected)}; a keyword can't be a name",
        )
    return f"{shown} can't stand here", "unexpected", wish or f"expected {_list(expected)}"


def _show(token: Token) -> str:
    text = str(token)
    return f"`{text if len(text) <= 40 else text[:37] + '…'}`"


def _list(expected: Collection[str]) -> str:
    """Name what could come next; operators that could go on with an expression are one item."""
    words = [name for name in sorted(expected) if name not in _COMPARISONS and name not in _ARITHMETIC]
    named = [_ENGLISH.get(name, f"`{name.lower()}`") for name in words]
    if any(name in expected for name in _COMPARISONS):
        named.append("a comparison")
    if not named:
        named = [
            f"`{_SYMBOLS.get(name, '..' if name == '__ANON_0' else name.lower())}`"
            for name in sorted(expected)
        ]
    if len(named) > _MOST:
        named = [*named[:_MOST], "or others"]
        return ", ".join(named)
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} or {named[-1]}"
