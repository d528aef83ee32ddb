"""Characters that are none of the language's: what was meant by each, and those that make a text look like another one.

A reviewer reads what an editor shows; so nothing may be read here as what it is not shown as.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from edgeadapt.diagnostics import Edit, Fix, Span
from edgeadapt.language.number_slips import Slip
from edgeadapt.language.reporter import Reporter, shorten

_SIGNS = re.compile(r"[-+*/<>=(){},:.%]+")
# Letters of Cyrillic and Greek that look like the Latin ones below them.
_STRANGE = (
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04bb\u03bf\u03b1\u03bd\u03c1\u03b9"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0406\u0408\u0405"
)
_LATIN = "aeopcyxijsdhoavpiABEKMHOPCTXIJS"
_LOOK_ALIKES = str.maketrans(_STRANGE, _LATIN)
# What turns the order of the text that follows, and what is shown as the end of a line and is none here.
_MISLEADING = re.compile(r"[\u202a-\u202e\u2066-\u2069]|\r(?!\r*(?:\n|\Z))|[\x0b\x0c\x85\u2028\u2029]")
_LINE_ENDS = re.compile(r"[\r\x0b\x0c]")
_ELSEWHERE = {
    "^": "there are no powers: write a product, such as `x * x`",
    "?": "there is no choice inside an expression: write a rule for each case",
}


def odd_sign(found: str) -> Slip:
    """Return what is wrong with characters that have no meaning, and what is read instead: mostly nothing."""
    meant = unicodedata.normalize("NFKC", found)
    if meant != found and _SIGNS.fullmatch(meant):
        names = {
            "shown": shorten(found),
            "label": f"{codepoint(found[0])} only looks like `{meant[0]}`",
            "help": f"write `{shorten(meant)}`",
        }
        return Slip("EAP001", meant, names, fix=meant)
    if _is_invisible(found):
        # What no one sees keeps nothing apart: `bat\u200btery` is read as it looks.
        names = {"shown": codepoint(found[0]), "label": "not visible", "help": "leave it out"}
        return Slip("EAP001", "", names, fix="", is_glue=True)
    if meant.startswith(";"):
        names = {
            "shown": shorten(found),
            "label": "",
            "help": "a line needs no sign at its end: leave it out",
        }
        return Slip("EAP001", "", names, fix=" ")
    shown = shorten(found) if shorten(found).isprintable() else codepoint(found[0])
    if found in _ELSEWHERE:
        return Slip("EAP001", "", {"shown": shown, "label": "", "help": _ELSEWHERE[found]})
    help_ = "a range is written `a .. b`, and `(` groups: leave it out" if found in "[]" else "leave it out"
    # Not safe: only its author knows what it should have said.
    return Slip("EAP001", "", {"shown": shown, "label": "", "help": help_}, fix=" ", safe=False)


def other_digits(found: str) -> Slip:
    """Return what is wrong with a number in the digits of another script."""
    right = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in found)
    right = right.replace(" ", "").replace("\t", "")
    names = {
        "shown": shorten(found),
        "label": "digits are `0` to `9`",
        "help": f"write `{shorten(right)}`",
    }
    return Slip("EAP001", right, names, fix=right)


def look_latin(word: str) -> str:
    """Return a word with the Latin letters that its strange ones look like."""
    return word.translate(_LOOK_ALIKES)


def strange_letter(word: str) -> str:
    """Name the first letter of a word that only looks Latin; an empty text where there is none."""
    strange = next((char for char in word if char in _STRANGE), "")
    return f"{codepoint(strange)} only looks like `{look_latin(strange)}`" if strange else ""


def report_misleading(reporter: Reporter, text: str, place: Span) -> None:
    """Report what makes a comment or a quoted text look like something else than it is: the first, and all in its fix."""
    found = tuple(_misleading(text, place))
    if not found:
        return
    char, span = found[0].group(), Span(found[0].start(), found[0].end())
    names = {"shown": codepoint(char)}
    if _is_invisible(char):
        edits = tuple(Edit(Span(m.start(), m.end()), "") for m in found if _is_invisible(m.group()))
        names |= {"label": "shows what follows in another order", "help": "leave it out"}
        reporter.report("EAP001", span, names, fix=Fix("leave it out", edits))
    else:
        names |= {"label": "shown as the end of a line, and is none", "help": "end lines with LF or CRLF"}
        reporter.report("EAP001", span, names)


def _misleading(text: str, place: Span) -> Iterator[re.Match[str]]:
    # Searched in the whole text: whether a carriage return ends a line is seen behind the comment.
    inner = text[place.start : place.end]
    if inner.isascii() and not _LINE_ENDS.search(inner):
        return
    for match in _MISLEADING.finditer(text, place.start):
        if match.start() >= place.end:
            return
        yield match


def _is_invisible(text: str) -> bool:
    return all(unicodedata.category(char) == "Cf" for char in text)


def codepoint(char: str) -> str:
    """Name a character by its number and its name."""
    named = unicodedata.name(char, "carriage return" if char == "\r" else "")
    return f"U+{ord(char):04X} {named.lower()}".rstrip()
