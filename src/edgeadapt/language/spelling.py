"""Near misses of spelling, found before parsing: each gets a diagnostic of its own with a fix.

The parser reads the repaired text, so that one slip hides no other problem. Comments and strings are left alone.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right

from edgeadapt.diagnostics import Edit, Fix, Span
from edgeadapt.language.grammar import keywords
from edgeadapt.language.number_slips import Slip, is_word_after_number, judge_number
from edgeadapt.language.odd_characters import (
    codepoint,
    look_latin,
    odd_sign,
    other_digits,
    report_misleading,
    strange_letter,
)
from edgeadapt.language.range_slips import bracketed_range
from edgeadapt.language.reporter import Reporter, shorten
from edgeadapt.units.slips import meant_unit
from edgeadapt.values import frozen

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n\f]+)
      | (?P<comment>\#[^\n]*)
      | (?P<string>"[^"\r\n]*")
      | (?P<open>"[^"\r\n]*)
      | (?P<single>'[^'\r\n]*')
      | (?P<note>//[^\n]*|/\*(?s:.*?)\*/)
      | (?P<exponent>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)[eE][+-]?[0-9]+)
      | (?P<grouped>[0-9]+(?:_[0-9]+)+(?:\.[0-9]+)?)
      | (?P<comma>[0-9]+(?:,[0-9]+)+(?:\.[0-9]+)?)
      | (?P<bare_dot>(?<![\w.])\.[0-9]+)
      | (?P<end_dot>[0-9]+\.(?![.0-9]))
      | (?P<unit>[0-9]+(?:\.[0-9]+)?[ \t]*(?:[°º˚][ \t]*[CFcf]?(?!\w)|(?!\d)[\w℃℉]\w*))
      | (?P<number>[0-9]+(?:\.[0-9]+)?(?:[ \t]*%)?)
      | (?P<digits>\d[\d.]*(?:[ \t]*%)?)
      | (?P<word>(?!\d)\w+)
      | (?P<operator>&&?|\|\|?|<>|=<|=>|===|!==|≤|≥|≠|!(?!=)|\u2212|\u2013|\u2014|…|\u00d7|÷|:=)
      | (?P<quoted>[“„«][^”“»\r\n]*[”“»]|[\u2018\u201a\u2039][^\u2018\u2019\u203a\r\n]*[\u2018\u2019\u203a]|`[^`\r\n]*`)
      | (?P<known>\.\.|<=|>=|==|!=|\?\?|[-+*/<>=(){},:.%])
      | (?P<blank>\s+)
      | (?P<other>[^\w\s\x00-\x7f℃℉°º˚“„«\u00d7÷\u2212\u2013\u2014…≤≥≠]+|;+|.)""",
    re.VERBOSE | re.DOTALL,
)
_MEANT = {
    slip: right
    for right, slips in {
        "and": "&& &",
        "or": "|| |",
        "not": "!",
        "==": "===",
        "!=": "<> !== ≠",
        "<=": "=< ≤",
        ">=": "=> ≥",
        "-": "\u2212 \u2013 \u2014",
        "*": "\u00d7",
        "/": "÷",
        "..": "…",
        "=": ":=",
    }.items()
    for slip in slips.split()
}
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_UNIT = re.compile(r"[ \t]*(?:%|[°º˚][ \t]*[CFcf]?(?!\w)|(?!\d)[\w℃℉]\w*)")
_OPENING = re.compile(r"\s*\{")
_NAME = re.compile(r"[a-z_][a-z0-9_]*\Z")
# What a variant may be called without quotes in an author's mind, and a rule.
_LOOSE_NAME = re.compile(r"\w+(?:[-.@+/]\w+)*")
_DASHED_NAME = re.compile(r"\w+(?:-\w+)+")
_MISSPELT_NUMBERS = frozenset(("exponent", "grouped", "comma", "bare_dot", "end_dot"))
_BEFORE_VARIANT = frozenset(("use", "expect", "family", "else"))
_BEFORE_DECLARED = frozenset(("policy", "rule", "property", "test", "let", "param", "input"))
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# Past this many slips a text is no policy.
MOST_SLIPS = 200


@frozen
class Spelled:
    """The repaired text, whether all of it was read, and the way from its offsets back to the author's.

    `renamed` are names that the author spelt another way; `doubtful` is where literals start whose unit is not known.
    """

    text: str
    complete: bool
    renamed: frozenset[str]
    doubtful: frozenset[int]
    _starts: tuple[int, ...]
    _ends: tuple[int, ...]
    _spans: tuple[Span, ...]

    def start(self, offset: int) -> int:
        """Return where the author's text has what starts at an offset of the repaired one."""
        index = bisect_right(self._starts, offset) - 1
        if index < 0:
            return offset
        repaired, span = self._ends[index], self._spans[index]
        return span.start if offset < repaired else offset - repaired + span.end

    def end(self, offset: int) -> int:
        """Return where the author's text has what ends at an offset of the repaired one."""
        index = bisect_right(self._starts, offset - 1) - 1
        if index < 0:
            return offset
        repaired, span = self._ends[index], self._spans[index]
        return span.end if offset <= repaired else offset - repaired + span.end


def spell(text: str, reporter: Reporter) -> Spelled:
    """Repair the near misses of a text and report them; never fails, whatever the text."""
    return _Speller(text, reporter).run()


class _Speller:
    def __init__(self, text: str, reporter: Reporter) -> None:
        self._text = text
        self._reporter = reporter
        self._pieces: list[str] = []
        self._length = 0
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._spans: list[Span] = []
        self._renamed: set[str] = set()
        self._doubtful: set[int] = set()
        # What is reported already and still to be repaired: where it ends, and what is read instead.
        self._pending: dict[int, tuple[int, str]] = {}
        # What stands before: a word after which a variant or a declared name comes, or something else.
        self._before = ""
        self._listing = False

    def run(self) -> Spelled:
        text, position = self._text, 0
        while position < len(text) and len(self._reporter.diagnostics) <= MOST_SLIPS:
            match = _TOKEN.match(text, position)
            assert match is not None, "the last alternative takes any character"
            kind, end = match.lastgroup or "", match.end()
            if self._before == "in" and match.group() in ("[", "("):
                self._take_range(position)
            if position in self._pending:
                end, piece = self._pending.pop(position)
                self._read_instead(Span(position, end), piece)
                position = end
                continue
            if kind == "comma" and any(position < at < end for at in self._pending):
                # Two ends of a range, and no separator of thousands.
                match = _NUMBER.match(text, position) or match
                kind, end = "number", match.end()
            if kind == "unit" and is_word_after_number(match.group()):
                match = _NUMBER.match(text, position) or match
                kind, end = "number", match.end()
            if kind in ("comment", "string"):
                report_misleading(self._reporter, text, Span(position, end))
            end, slip = self._judge(match, kind)
            if slip is None:
                self._pieces.append(text[position:end])
                self._length += end - position
            else:
                self._repair(Span(position, end), slip)
            if kind not in ("space", "comment"):
                self._remember(text[position:end], kind)
            position = end
        return Spelled(
            "".join(self._pieces),
            position >= len(text),
            frozenset(self._renamed),
            frozenset(self._doubtful),
            tuple(self._starts),
            tuple(self._ends),
            tuple(self._spans),
        )

    def _repair(self, span: Span, slip: Slip) -> None:
        fix = None
        if slip.fix is not None:
            title = f"write `{shorten(slip.fix)}`" if slip.fix.strip() else "leave it out"
            fix = Fix(title, (Edit(span, self._apart(span, slip.fix)),), safe=slip.safe)
        self._reporter.report(slip.code, span, slip.names, fix=fix)
        if slip.code == "EAP005":
            self._renamed.add(slip.repaired)
        if slip.is_doubtful:
            self._doubtful.add(span.start)
        # Spaces keep a repaired word from running into its neighbours.
        self._read_instead(span, slip.repaired if slip.is_glue else f" {slip.repaired} ")

    def _take_range(self, start: int) -> None:
        found = bracketed_range(self._text, start)
        if found is not None:
            self._reporter.report("EAP001", found.span, found.names, fix=found.fix)
            self._pending = {span.start: (span.end, piece) for span, piece in found.instead.items()}

    def _read_instead(self, span: Span, piece: str) -> None:
        self._pieces.append(piece)
        self._starts.append(self._length)
        self._length += len(piece)
        self._ends.append(self._length)
        self._spans.append(span)

    def _apart(self, span: Span, right: str) -> str:
        """Keep a word that stands for a sign from running into its neighbours: `!charging` is `not charging`."""
        if right not in ("and", "or", "not"):
            return right
        before, after = self._text[: span.start][-1:], self._text[span.end : span.end + 1]
        left = "" if before in ("", "(", "{") or before.isspace() else " "
        return left + right + ("" if after == "" or after.isspace() else " ")

    def _remember(self, found: str, kind: str) -> None:
        """Note what the next token stands after; commas go on with a list of variants."""
        if kind == "word":
            self._listing = self._before in _BEFORE_VARIANT
            self._before = found
        elif kind == "known" and found == "," and self._listing:
            self._before = "use"
        else:
            self._listing = kind in ("string", "unit", "number") and self._before in _BEFORE_VARIANT
            self._before = ""

    def _judge(self, match: re.Match[str], kind: str) -> tuple[int, Slip | None]:
        """Return where the token ends and what is wrong with it."""
        end, found = match.end(), match.group()
        if kind in ("space", "comment", "string", "known") and found != "%":
            return end, None
        if kind in ("word", "unit", "number"):
            loose = self._loose_name(match.start())
            if loose is not None:
                return loose
        if kind == "word":
            return end, _word(found)
        shown = shorten(found)
        if kind in _MISSPELT_NUMBERS:
            unit = _UNIT.match(self._text, end)
            right = meant_unit(unit.group().strip()) if unit else None
            return (unit.end() if unit and right else end), judge_number(kind, found, right or "")
        if kind in ("unit", "number"):
            return end, judge_number(kind, found)
        if kind in ("single", "quoted"):
            return end, self._other_quotes(found, end)
        if kind == "digits":
            return end, other_digits(found)
        return end, _sign(kind, found, shown)

    def _other_quotes(self, found: str, end: int) -> Slip:
        """Judge a text in other quotes: a variant's name and what a section is for are quoted, words are not."""
        inner = found[1:-1].replace('"', "")
        is_text = self._before in _BEFORE_VARIANT or _OPENING.match(self._text, end) or not _NAME.match(inner)
        right, label = (f'"{inner}"', 'a text stands in `"`') if is_text else (inner, "words are not quoted")
        help_ = f"write `{shorten(right)}`"
        names = {"shown": shorten(found), "what": "is in the wrong quotes", "label": label, "help": help_}
        return Slip("EAP006", right, names, fix=right)

    def _loose_name(self, start: int) -> tuple[int, Slip | None] | None:
        """Take a name with dashes, dots or capitals whole, where a name must come; None where it is a plain one."""
        if self._before in _BEFORE_VARIANT:
            match = _LOOSE_NAME.match(self._text, start)
        elif self._before in _BEFORE_DECLARED:
            match = _DASHED_NAME.match(self._text, start)
        else:
            return None
        found = match.group() if match else ""
        if match is None or _NAME.match(found) or found.partition("-")[0] in ("highest", "lowest"):
            return None
        if self._before in _BEFORE_VARIANT:
            quoted = f'"{found}"'
            names = {
                "shown": shorten(found),
                "what": "is not a name",
                "label": "a name like this is quoted",
                "help": f"write `{quoted}`",
            }
            return match.end(), Slip("EAP005", quoted, names, fix=quoted)
        plain = _plain_name(found)
        return match.end(), _not_a_name(found, plain)


def _word(found: str) -> Slip | None:
    if _NAME.match(found):
        return None
    if found.lower() in keywords():
        names = {
            "shown": shorten(found),
            "what": "is a keyword in capitals",
            "label": "keywords are lower case",
            "help": f"write `{found.lower()}`",
        }
        return Slip("EAP005", found.lower(), names, fix=found.lower())
    latin = look_latin(found)
    return _not_a_name(found, latin if latin in keywords() else _plain_name(found))


def _not_a_name(found: str, plain: str) -> Slip:
    label = strange_letter(found) or "names are `a` to `z`, `0` to `9` and `_`"
    names = {
        "shown": shorten(found),
        "what": "is not a name",
        "label": label,
        "help": f"write `{shorten(plain)}`, or quote a variant's name",
    }
    # Not safe: the name stands in other places too.
    return Slip("EAP005", plain, names, fix=plain, safe=False)


def _plain_name(found: str) -> str:
    ascii_only = (
        unicodedata.normalize("NFKD", look_latin(_HUMP.sub("_", found))).encode("ascii", "ignore").decode()
    )
    plain = re.sub(r"[^a-z0-9_]", "_", ascii_only.lower()) or "name"
    return plain if _NAME.match(plain) and plain not in keywords() else f"_{plain}"


def _sign(kind: str, found: str, shown: str) -> Slip:
    if kind == "operator":
        right = _MEANT[found]
        names = {"shown": shown, "label": f"the language writes `{right}`", "right": right}
        return Slip("EAP002", right, names, fix=right)
    if kind == "note":
        mark = found[:2]
        comment = "\n".join("#" + line for line in found[2:].removesuffix("*/").split("\n"))
        fix = comment if "\n" not in found or mark == "//" else None
        return Slip("EAP019", comment, {"shown": mark}, fix=fix, safe=mark == "//")
    if kind == "open":
        body = found.rstrip()
        # A section's `{` is not part of its text.
        closed = f'{body[:-1].rstrip()}" {{' if body.endswith("{") else f'{body}"'
        names = {
            "shown": shown,
            "what": "has no closing quote",
            "label": "a text ends on its line",
            "help": 'add `"`',
        }
        # Not safe: only its author knows where the text should have ended.
        return Slip("EAP006", closed, names, fix=closed, safe=False)
    if found == "%":
        names = {
            "shown": "%",
            "label": "only a number has a unit",
            "help": "`%` stands right behind a number, such as `20%`",
        }
        return Slip("EAP001", "", names)
    if kind == "blank":
        names = {"shown": codepoint(found[0]), "label": "not a plain space", "help": "write a plain space"}
        return Slip("EAP001", "", names, fix=" ")
    return odd_sign(found)
