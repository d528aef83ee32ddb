from __future__ import annotations

import pytest

from edgeadapt.wording import in_words


class MuteError(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no text")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("two\n  lines"), "two lines"),
        (KeyError("small"), "small"),
        (KeyError("a", "b"), "('a', 'b')"),
        (OSError("\x1b[31m\ud800"), "\N{REPLACEMENT CHARACTER}[31m\N{REPLACEMENT CHARACTER}"),
        (KeyboardInterrupt(), ""),
        (MuteError(), ""),
        (RuntimeError("x" * 1000), "x" * 299 + "…"),
    ],
)
def test_an_errors_text_is_one_printable_line_whatever_it_holds(error: BaseException, words: str) -> None:
    assert in_words(error) == words
