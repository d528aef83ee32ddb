"""Which known name an author meant: the nearest one, at most two slips away."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

_FAR = 3
# No one's typo is found in longer names, and comparing them would take long.
_LONGEST = 40
_MOST_COMPARED = 600
_LONGEST_LIST = 160


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name nearest to `name`, at most two slips away (one for short names), None without one."""
    if len(name) > _LONGEST:
        return None
    reach = 2 if len(name) > 3 else 1
    best: tuple[int, str] | None = None
    for candidate in islice(known, _MOST_COMPARED):
        if abs(len(candidate) - len(name)) > reach or candidate == name:
            continue
        slips = _distance(name, candidate)
        if slips <= reach and slips < len(candidate) and (best is None or slips < best[0]):
            best = (slips, candidate)
    return best[1] if best else None


def meant(name: str, known: Iterable[str], what: str) -> str:
    """Say which known name is meant, or list them where they are few."""
    names = list(islice(known, _MOST_COMPARED))
    near = nearest(name, names)
    if near is not None:
        return f"did you mean `{near}`?"
    listed = ", ".join(names)
    return f"{what}: {listed}" if 0 < len(listed) <= _LONGEST_LIST else ""


def _distance(one: str, other: str) -> int:
    """Count insertions, deletions, replacements and swapped neighbours; anything from _FAR on is far."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, char in enumerate(one, 1):
        previous, row = row, [i, *([_FAR] * len(other))]
        for j, against in enumerate(other, 1):
            row[j] = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (char != against))
            if i > 1 and j > 1 and char == other[j - 2] and one[i - 2] == against:
                row[j] = min(row[j], before[j - 2] + 1)
        if min(row) >= _FAR:
            return _FAR
        before = previous
    return row[-1]
