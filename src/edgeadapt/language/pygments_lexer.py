"""Colours for `.eap` texts, wherever Pygments highlights: this documentation, a terminal, LaTeX.

It only cuts a text into tokens, and must be quick and never fail on half a policy; what a text means, the parser says.
"""

from __future__ import annotations

from typing import ClassVar

from pygments.lexer import RegexLexer, bygroups, default, words
from pygments.token import (
    Comment,
    Error,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Whitespace,
)

from edgeadapt.registry.variant import VARIANT_ATTRIBUTES
from edgeadapt.state import SIGNALS
from edgeadapt.units.table import UNITS

SECTIONS = (
    "edition", "policy", "family", "input", "param", "let", "rule", "otherwise", "guard", "property", "test",
)  # fmt: skip
CLAUSES = (
    "when", "until", "for", "linger", "hold", "cooldown", "urgent", "use", "else", "where", "then", "tolerance",
    "band", "highest", "lowest", "never", "always", "at", "most", "per", "swap", "swaps", "expect", "stale", "after",
    "one", "of", "ordered",
)  # fmt: skip
OPERATORS = ("and", "or", "not", "in", "is")
CONSTANTS = ("true", "false", "known", "unknown")
FUNCTIONS = ("level", "variant")
KEYWORDS = frozenset((*SECTIONS, *CLAUSES, *OPERATORS, *CONSTANTS, *FUNCTIONS))

# Sections that begin with a name of the author's.
_NAMING = ("policy", "rule", "property", "test", "let", "param", "input")
_END = r"(?![A-Za-z0-9_])"
_NAME = r"[a-z_][a-z0-9_]*" + _END
_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_UNIT = "|".join(sorted((*UNITS, "µs", "μs"), key=len, reverse=True)).replace("|%", "")
# Names that are no keyword: what follows `use` may also be `highest`.
_OWN_NAME = rf"(?!(?:{'|'.join(sorted(KEYWORDS))}){_END}){_NAME}"


class EapLexer(RegexLexer):  # type: ignore[misc] # Pygments ships no types
    """The EdgeAdapt policy language, edition 1.

    >>> from pygments.token import Token
    >>> [text for kind, text in EapLexer().get_tokens("hold 1 min") if kind in Token.Literal.Number]
    ['1']
    """

    name = "EdgeAdapt policy"
    aliases: ClassVar[list[str]] = ["eap", "edgeadapt"]
    filenames: ClassVar[list[str]] = ["*.eap"]
    mimetypes: ClassVar[list[str]] = []
    version_added = ""

    tokens: ClassVar = {
        "root": [
            (r"\ufeff", Whitespace),
            (r"[ \t\r\n\f]+", Whitespace),
            (
                r"(#[ \t]*)(eap:[ \t]*ignore\[)([^\]\n]*)(\])([^\n]*)",
                bygroups(Comment, Comment.Special, Comment.Special, Comment.Special, Comment),
            ),
            (r"#[^\n]*", Comment),
            (words(_NAMING, suffix=_END), Keyword.Declaration, ("title", "declared")),
            (words(("family",), suffix=_END), Keyword.Declaration, "variant"),
            (words(SECTIONS, suffix=_END), Keyword.Declaration),
            (words(("use", "else", "expect"), suffix=_END), Keyword, "variant"),
            (words(CLAUSES, suffix=_END), Keyword),
            (words(OPERATORS, suffix=_END), Operator.Word),
            (words(CONSTANTS, suffix=_END), Keyword.Constant),
            (r"(variant)(\.)(" + _NAME + ")", bygroups(Name.Builtin, Punctuation, Name.Attribute)),
            (words(FUNCTIONS, suffix=_END), Name.Builtin),
            (words(tuple(SIGNALS), suffix=_END), Name.Builtin),
            (words(tuple(VARIANT_ATTRIBUTES), suffix=_END), Name.Attribute),
            (_NAME, Name),
            (rf"({_NUMBER})([ \t]*)(%|(?:{_UNIT}){_END})", bygroups(Number, Whitespace, Keyword.Type)),
            (_NUMBER + r"(?![A-Za-z0-9_°º℃])", Number),
            (_NUMBER + r"[^\s{}()#,]+", Error),
            (r'"[^"\n\r]*"', String),
            (r"<=|>=|==|!=|\?\?|\.\.|[<>=+\-*/]", Operator),
            (r"[{}(),:.]", Punctuation),
            (r"[A-Za-z0-9_]+", Error),
        ],
        # After `rule` and its like: the name that is declared.
        "declared": [
            (r"[ \t\r\n\f]+", Whitespace),
            (r"#[^\n]*", Comment),
            (_OWN_NAME, Name.Class, "#pop"),
            default("#pop"),
        ],
        # After a name: what a policy is for, in its author's words.
        "title": [
            (r"[ \t\r\n\f]+", Whitespace),
            (r"#[^\n]*", Comment),
            (r'"[^"\n\r]*"', String.Doc, "#pop"),
            default("#pop"),
        ],
        # After `use` and its like: one variant, or several with commas between.
        "variant": [
            (r"[ \t\r\n\f]+", Whitespace),
            (r"#[^\n]*", Comment),
            (
                r"(" + _OWN_NAME + r'|"[^"\n\r]*")([ \t\r\n\f]*)(,)',
                bygroups(Name.Label, Whitespace, Punctuation),
            ),
            (_OWN_NAME, Name.Label, "#pop"),
            (r'"[^"\n\r]*"', Name.Label, "#pop"),
            default("#pop"),
        ],
    }
