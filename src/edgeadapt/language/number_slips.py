"""Numbers and units spelt another way than the language's: what is wrong, and the spelling that is right."""

from __future__ import annotations

import re
from fractions import Fraction

from edgeadapt.language.grammar import keywords
from edgeadapt.language.reporter import shorten
from edgeadapt.units import UNITS
from edgeadapt.units.slips import in_own_unit, meant_unit, spelt_right
from edgeadapt.values import frozen

_MAX_EXPONENT = 300
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_RUN = re.compile(r"[0-9]+(?:\.[0-9]+)?[ \t]*[^\W\d]+")


@frozen
class Slip:
    """A wrong token: its code, what the parser reads instead, the message's names, and the mending edit's text.

    `is_glue` where what is read instead joins its neighbours.
    """

    code: str
    repaired: str
    names: dict[str, str]
    fix: str | None = None
    safe: bool = True
    is_doubtful: bool = False
    is_glue: bool = False


def judge_number(kind: str, found: str, unit: str = "") -> Slip | None:
    """Return what is wrong with a token that starts like a number, with the unit after it; None for a right one."""
    match kind:
        case "unit":
            return _unit(found)
        case "exponent":
            return _exponent(found, unit)
        case "grouped":
            return _number(found, "has `_` in it", "digits stand together", found.replace("_", ""), unit)
        case "comma":
            return _comma(found, unit)
        case "bare_dot":
            return _number(
                found, "has no digit before the point", "a number starts with a digit", f"0{found}", unit
            )
        case "end_dot":
            return _number(
                found, "has no digit after the point", "a number ends with a digit", found[:-1], unit
            )
    return None


def _number(found: str, what: str, label: str, plain: str, unit: str, *, safe: bool = True) -> Slip:
    right = f"{plain}%" if unit == "%" else f"{plain} {unit}".rstrip()
    names = {"shown": shorten(found), "what": what, "label": label, "help": f"write `{shorten(right)}`"}
    return Slip("EAP003", right, names, fix=right, safe=safe)


def _exponent(found: str, unit: str) -> Slip:
    mantissa, exponent = re.split("[eE]", found)
    if len(exponent) > 5 or abs(int(exponent)) > _MAX_EXPONENT or len(mantissa) > _MAX_EXPONENT:
        help_ = "write the number out, as digits with an optional fraction"
        names = {
            "shown": shorten(found),
            "what": "has an exponent",
            "label": "numbers have none",
            "help": help_,
        }
        return Slip("EAP003", f"1 {unit}", names, is_doubtful=True)
    value = Fraction(f"0{mantissa}") * Fraction(10) ** int(exponent)
    return _number(found, "has an exponent", "numbers have none", decimal(value), unit)


def _comma(found: str, unit: str) -> Slip:
    head, *groups = found.split(",")
    if all(len(group.partition(".")[0]) == 3 for group in groups) and head != "0":
        # `1,000` is a thousand to some and one to others.
        plain = head + "".join(groups)
        return _number(found, "has `,` in it", "digits stand together", plain, unit, safe=False)
    plain = f"{head}.{groups[0]}" if len(groups) == 1 and "." not in groups[0] else found.replace(",", "")
    return _number(found, "has `,` in it", "the decimal sign is `.`", plain, unit, safe=False)


def decimal(value: Fraction) -> str:
    """Write a fraction whose denominator divides a power of ten as `digits[.digits]`."""
    digits = 0
    while (value * 10**digits).denominator != 1:
        digits += 1
    text = str(int(value * 10**digits)).rjust(digits + 1, "0")
    return text if digits == 0 else f"{text[:-digits]}.{text[-digits:]}"


def is_word_after_number(found: str) -> bool:
    """Return whether what follows a number is a word in its own right, such as `4 swaps`, on which the grammar decides."""
    match = _NUMBER.match(found)
    rest = found[match.end() :] if match else found
    unit = rest.lstrip(" \t")
    if unit in keywords():
        return True
    if spelt_right(unit) is not None or meant_unit(unit) is not None or in_own_unit(unit) is not None:
        return False
    # A word of the language has no capitals: `5 TOPS` was meant as a unit.
    return rest != unit and unit.isascii() and unit == unit.lower()


def _unit(found: str) -> Slip | None:
    match = _NUMBER.match(found)
    assert match is not None, "the token starts with a number"
    number, rest = match.group(), found[match.end() :]
    unit = rest.lstrip(" \t")
    if spelt_right(unit) is not None:
        return None
    right = meant_unit(unit)
    if right is not None:
        joined = f"{number}%" if right == "%" else f"{number} {right}"
        also = "; for metres or milli there is no unit" if unit == "m" else ""
        names = {
            "shown": shorten(unit),
            "label": f"did you mean `{right}`?",
            "help": f"write `{joined}`{also}",
        }
        return Slip("EAP004", joined, names, fix=joined, safe=unit not in ("m", "M"))
    own = in_own_unit(unit)
    if own is not None:
        return _scaled(number, unit, *own)
    return _several(found) or _no_unit(number, unit)


def _scaled(number: str, unit: str, factor: int, own: str) -> Slip:
    if len(number) > _MAX_EXPONENT:
        return _no_unit(number, unit)
    right = f"{decimal(Fraction(number) * factor)} {own}"
    names = {
        "shown": shorten(unit),
        "label": f"the largest one is `{own}`",
        "help": f"write `{shorten(right)}`",
    }
    return Slip("EAP004", right, names, fix=right)


def _several(found: str) -> Slip | None:
    """Judge `1min30s`, a quantity in several units."""
    parts = _RUN.findall(found)
    if len(parts) < 2 or "".join(parts) != found:
        return None
    quantities: list[tuple[str, str]] = []
    for part in parts:
        number = _NUMBER.match(part)
        unit = meant_unit(part[number.end() :].lstrip()) if number else None
        if number is None or unit is None:
            return None
        quantities.append((number.group(), unit))
    joined = join_quantities(quantities)
    help_ = f"write it in one unit, such as `{joined or '90 s'}`"
    return Slip("EAP014", joined or " ".join(quantities[0]), {"help": help_}, fix=joined)


def join_quantities(quantities: list[tuple[str, str]]) -> str | None:
    """Add quantities up exactly, in their smallest unit: `1 min`, `30 s` is `90 s`; None where they differ in kind."""
    units = [UNITS[unit] for _, unit in quantities]
    # INVARIANT: within a dimension a larger unit is a finite decimal of a smaller one; only °F is not, and it is shifted.
    small = min(units, key=lambda unit: unit.factor)
    if any(unit.dimension is not small.dimension or unit.offset for unit in units):
        return None
    if any(len(number) > _MAX_EXPONENT for number, _ in quantities):
        return None
    total = sum((Fraction(number) * UNITS[unit].factor for number, unit in quantities), Fraction(0))
    return f"{decimal(total / small.factor)}{'' if small.name == '%' else ' '}{small.name}"


def _no_unit(number: str, unit: str) -> Slip:
    names = {
        "shown": shorten(unit),
        "label": "after a number stands a unit or nothing",
        "help": f"units are {', '.join(UNITS)}",
    }
    return Slip("EAP004", number, names, is_doubtful=True)
