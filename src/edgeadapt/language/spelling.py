"""Near misses of spelling, found before parsing: each gets a diagnostic of its own with a fix, and the parser reads the
repaired text, so that one slip hides no other problem. Comments and strings are left alone."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from fractions import Fraction

import attrs

from edgeadapt.diagnostics import Diagnostic, Edit, Fix, Severity, Source, Span
from edgeadapt.units import UNITS

_TOKEN = re.compile(
    r"""(?P<skip>\#[^\n]*|"[^"\r\n]*")
      | (?P<open>"[^"\r\n]*)
      | (?P<exponent>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)[eE][+-]?[0-9]+)
      | (?P<grouped>[0-9]+(?:_[0-9]+)+(?:\.[0-9]+)?)
      | (?P<bare_dot>(?<![\w.])\.[0-9]+)
      | (?P<end_dot>[0-9]+\.(?![.0-9]))
      | (?P<number>[0-9]+(?:\.[0-9]+)?)(?P<gap>[ \t]*)(?P<unit>[A-Za-z_°º℃℉µμ˚][A-Za-z_0-9°]*)
      | (?P<plain_number>[0-9]+(?:\.[0-9]+)?(?:[ \t]*%)?)
      | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<operator>&&?|\|\|?|<>|=<|=>|===|!==|≤|≥|≠|!(?!=)|−|…|“[^”\r\n]*”)
      | (?P<known>\.\.|<=|>=|==|!=|\?\?|[-+*/<>=(){},:.])
      | (?P<space>[ \t\r\n\f]+)
      | (?P<other>[^\sA-Za-z0-9_"\#(){},:%.<>=+*/-]+|.)""",
    re.VERBOSE | re.DOTALL,
)
_OPERATORS = {"&&": "and", "&": "and", "||": "or", "|": "or", "<>": "!=", "=<": "<=", "=>": ">=", "===": "=="}
_OPERATORS |= {"!==": "!=", "≤": "<=", "≥": ">=", "≠": "!=", "!": "not", "−": "-", "…": ".."}
_MISSPELLED = {
    "m": "min",
    "mn": "min",
    "C": "°C",
    "c": "°C",
    "F": "°F",
    "f": "°F",
    "º": "°C",
    "ºC": "°C",
    "ºF": "°F",
}
_MISSPELLED |= {
    "°": "°C",
    "°c": "°C",
    "°f": "°F",
    "deg": "°C",
    "degc": "°C",
    "℃": "°C",
    "℉": "°F",
    "˚C": "°C",
    "˚F": "°F",
}
_MISSPELLED |= {
    "Mb": "MB",
    "mb": "MB",
    "M": "MB",
    "KB": "kB",
    "Kb": "kB",
    "kb": "kB",
    "k": "kB",
    "Gb": "GB",
    "gb": "GB",
}
_MISSPELLED |= {
    "G": "GB",
    "mib": "MiB",
    "gib": "GiB",
    "kib": "KiB",
    "MIB": "MiB",
    "sec": "s",
    "secs": "s",
    "second": "s",
}
_MISSPELLED |= {
    "seconds": "s",
    "S": "s",
    "msec": "ms",
    "millis": "ms",
    "Ms": "ms",
    "MS": "ms",
    "usec": "us",
    "mins": "min",
}
_MISSPELLED |= {
    "minute": "min",
    "minutes": "min",
    "hr": "h",
    "hrs": "h",
    "hour": "h",
    "hours": "h",
    "H": "h",
    "w": "W",
}
_MISSPELLED |= {
    "mw": "mW",
    "MW": "mW",
    "hz": "Hz",
    "HZ": "Hz",
    "khz": "kHz",
    "KHz": "kHz",
    "mhz": "MHz",
    "ghz": "GHz",
}
_MISSPELLED |= {"percent": "%", "pct": "%", "bytes": "B", "b": "B", "bytes_": "B", "k_": "K"}
_MAX_EXPONENT = 300


@attrs.frozen
class Spelled:
    """The repaired text, what was wrong, and the way from its offsets back to the author's."""

    text: str
    diagnostics: tuple[Diagnostic, ...]
    _repaired_at: tuple[int, ...]
    _shifts: tuple[int, ...]

    def original(self, offset: int) -> int:
        """Return the author's offset for an offset of the repaired text."""
        return offset + self._shifts[bisect_right(self._repaired_at, offset) - 1]


def spell(source: Source) -> Spelled:
    """Repair the near misses of a text; never fails, whatever the text."""
    pieces: list[str] = []
    diagnostics: list[Diagnostic] = []
    repaired_at, shifts = [0], [0]
    length = 0
    for match in _TOKEN.finditer(source.text):
        found = match.group()
        problem = _judge(match)
        if problem is None:
            pieces.append(found)
            length += len(found)
            continue
        code, message, replacement, note = problem
        span = Span(match.start(), match.end())
        fix = (
            Fix(f"write `{replacement.strip()}`", (Edit(span, replacement.strip()),))
            if replacement.strip()
            else None
        )
        diagnostics.append(Diagnostic(code, Severity.ERROR, message, source, span, note[0], note[1], fix=fix))
        # Spaces keep a repaired word from running into its neighbours.
        pieces.append(f" {replacement.strip()} ")
        length += len(pieces[-1])
        repaired_at.append(length)
        shifts.append(match.end() - length)
    return Spelled("".join(pieces), tuple(diagnostics), tuple(repaired_at), tuple(shifts))


Problem = tuple[str, str, str, tuple[str, str]]


def _judge(match: re.Match[str]) -> Problem | None:
    """Return code, message, replacement and (label, help) of a wrong token, None for a right one."""
    kind = match.lastgroup
    text = match.group()
    shown = text if len(text) <= 40 else text[:37] + "…"
    if kind in _JUDGES:
        return _JUDGES[kind](match, shown)
    return None


def _unit(match: re.Match[str], shown: str) -> Problem | None:
    number, gap, unit = match.group("number", "gap", "unit")
    if unit.replace("µ", "u").replace("μ", "u") in UNITS:
        return None
    right = _MISSPELLED.get(unit)
    if right is not None:
        joined = f"{number}%" if right == "%" else f"{number} {right}"
        also = "; for metres or milli there is no unit" if unit == "m" else ""
        return (
            "EAP004",
            f"`{unit}` is not a unit",
            joined,
            (f"did you mean `{right}`?", f"write `{joined}`{also}"),
        )
    if gap and unit.isascii() and unit == unit.lower():
        return None  # a number followed by a word, such as `4 swaps`: the grammar decides
    return (
        "EAP004",
        f"`{unit[:40]}` is not a unit",
        f"{number} ",
        ("after a number stands a unit or nothing", f"units are {', '.join(UNITS)}"),
    )


def _word(match: re.Match[str], shown: str) -> Problem | None:
    if shown in ("AND", "OR", "NOT", "TRUE", "FALSE", "True", "False"):
        return (
            "EAP005",
            f"keywords are lower case: `{shown}`",
            shown.lower(),
            ("", f"write `{shown.lower()}`"),
        )
    if match.group() == match.group().lower():
        return None
    lower = match.group().lower()
    return (
        "EAP005",
        f"a name is lower case: `{shown}`",
        lower,
        ("", f"write `{lower[:40]}`, or quote a variant's name"),
    )


def _exponent(match: re.Match[str], shown: str) -> Problem:
    mantissa, exponent = re.split("[eE]", match.group())
    help_ = "write the number out, as digits with an optional fraction"
    if len(exponent) > 5 or abs(int(exponent)) > _MAX_EXPONENT or len(mantissa) > _MAX_EXPONENT:
        return "EAP003", f"`{shown}` has an exponent", "1", ("numbers have no exponent", help_)
    plain = _decimal(
        Fraction(("0" + mantissa) if mantissa.startswith(".") else mantissa) * Fraction(10) ** int(exponent)
    )
    return (
        "EAP003",
        f"`{shown}` has an exponent",
        plain,
        ("numbers have no exponent", f"write `{plain}`" if len(plain) < 60 else help_),
    )


def _decimal(value: Fraction) -> str:
    digits = 0
    while (value * 10**digits).denominator != 1:
        digits += 1
    text = str(int(value * 10**digits)).rjust(digits + 1, "0")
    return text if digits == 0 else f"{text[:-digits]}.{text[-digits:]}"


def _simple(
    code: str, message: str, repair: Callable[[str], str], label: str, help_: str
) -> Callable[[re.Match[str], str], Problem]:
    return lambda match, shown: (code, message.format(shown), repair(match.group()), (label, help_))


def _operator(match: re.Match[str], shown: str) -> Problem:
    right = _OPERATORS.get(match.group()) or f'"{match.group()[1:-1]}"'
    return (
        "EAP002",
        f"`{shown}` is not an operator here",
        right,
        (f"the language writes `{right}`", f"write `{right}`"),
    )


_JUDGES: dict[str, Callable[[re.Match[str], str], Problem | None]] = {
    "open": _simple(
        "EAP006",
        "this text has no closing quote",
        lambda text: text.rstrip() + '"',
        "a text ends on its line",
        'add `"`',
    ),
    "exponent": _exponent,
    "grouped": _simple(
        "EAP003",
        "`{}` has `_` in it",
        lambda text: text.replace("_", ""),
        "digits stand together",
        "leave out the `_`",
    ),
    "bare_dot": _simple(
        "EAP003",
        "`{}` has no digit before the point",
        lambda text: "0" + text,
        "",
        "write a `0` before the point",
    ),
    "end_dot": _simple(
        "EAP003", "`{}` has no digit after the point", lambda text: text[:-1], "", "leave out the point"
    ),
    "unit": _unit,
    "word": _word,
    "operator": _operator,
    "other": _simple("EAP001", "`{}` has no meaning in a policy", lambda _: "", "", "leave it out"),
}
