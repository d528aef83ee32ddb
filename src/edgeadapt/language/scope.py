"""The one namespace that signals, inputs, params, lets and candidate attributes share, and what a wrong name gets told."""

from __future__ import annotations

from collections.abc import Collection

from edgeadapt.diagnostics import Edit, Fix, Span
from edgeadapt.language import tree as t
from edgeadapt.language.grammar import keywords
from edgeadapt.language.nearness import meant, nearest
from edgeadapt.language.reporter import Reporter, shorten
from edgeadapt.language.wishes import ELSEWHERE, STRINGS, TRUTHS, WISHES
from edgeadapt.program.expr import AttributeRef, Expr, InputRef, LetRef, ParamRef, SignalRef
from edgeadapt.program.kind import Boolean, Kind, Numeric, Word
from edgeadapt.registry.variant import VARIANT_ATTRIBUTES
from edgeadapt.state.schema import SIGNALS
from edgeadapt.state.signal import Signal, SignalKind
from edgeadapt.units import Dimension
from edgeadapt.units.slips import meant_unit
from edgeadapt.values import frozen

# What the host's `DeviceState` calls the signals.
_BY_ATTRIBUTE = {signal.attribute: name for name, signal in SIGNALS.items() if signal.attribute != name}
_MEANT_OUTSIDE_USE = {"memory": "memory_available", "latency": "inference_latency", "power": "power_draw"}


@frozen
class Entry:
    """What a name stands for; `kind` is None where its own declaration is wrong, and it then spoils nothing else."""

    what: str
    node: Expr
    kind: Kind | None
    span: Span | None = None


class Scope:
    """The names of a policy; it starts with the device's signals and the candidates' attributes."""

    def __init__(self, reporter: Reporter, lost: Collection[str]) -> None:
        self._reporter = reporter
        self._lost = lost
        self._entries = _device_entries()
        self._lets: frozenset[str] = frozenset()
        self._let = ""
        self._owners: dict[str, str] = {}
        self._places: dict[int, dict[str, int]] = {}
        for name, entry in self._entries.items():
            self._own(name, entry.kind)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def get(self, name: str) -> Entry | None:
        """Return what a name stands for; None for an unknown one."""
        return self._entries.get(name)

    def declare(self, what: str, name: t.Ident, kind: Kind | None) -> None:
        """Add an input, a param or a let."""
        refs: dict[str, type[InputRef | ParamRef | LetRef]] = {
            "an input": InputRef,
            "a param": ParamRef,
            "a let": LetRef,
        }
        self._entries[name.text] = Entry(what, refs[what](name.text), kind, name.span)
        self._own(name.text, kind)

    def _own(self, name: str, kind: Kind | None) -> None:
        if isinstance(kind, Word) and id(kind) not in self._places:
            # Kinds live as long as their entries, so an id stands for one kind.
            self._places[id(kind)] = {word: index for index, word in enumerate(kind.words)}
            for word in kind.words:
                self._owners.setdefault(word, name)

    def expect_lets(self, names: Collection[str]) -> None:
        """Tell the names of all lets, so that one used too early is called that."""
        self._lets = frozenset(names)

    def enter_let(self, name: str) -> None:
        """Tell which let is being defined; an empty name for none."""
        self._let = name

    def settable(self) -> tuple[str, ...]:
        """List the names that a test may set."""
        return tuple(
            name for name, entry in self._entries.items() if isinstance(entry.node, (SignalRef, InputRef))
        )

    def is_lost(self, name: str) -> bool:
        """Return whether a section that could not be read may declare a name."""
        return name in self._lost

    def owner_of(self, word: str) -> str | None:
        """Return a name whose enumeration has a word."""
        return self._owners.get(word)

    def index_of(self, word: str, kind: Kind) -> int | None:
        """Return a word's place in an enumeration of this scope; None where it has no such word."""
        return self._places.get(id(kind), {}).get(word)

    def report_unknown(self, name: str, span: Span, *, candidate: bool, word: str = "") -> None:
        """Report a name that nothing declares, with the likeliest remedy; it is compared with `word` where that is given."""
        if name == self._let:
            self._reporter.error("EAP107", span, name=name)
        elif name in self._lets:
            self._reporter.error("EAP104", span, name=name)
        elif name in self._lost or name in keywords():
            return  # a keyword in the place of a name has had its report
        elif name in TRUTHS:
            self.report_truth(name, span)
        elif (owner := self.owner_of(name)) is not None:
            self._reporter.error("EAP109", span, word=name, owner=owner, label="a word alone")
        elif name in WISHES and self._proposal(name, candidate=candidate) is None:
            wish = WISHES[name]
            self._reporter.error("EAP018", span, what=wish.what, label="", help=wish.instead)
        else:
            self._unknown(name, span, candidate=candidate, word=word)

    def report_truth(self, name: str, span: Span) -> None:
        """Report `yes` and its like."""
        right = TRUTHS[name]
        fix = Fix(f"write `{right}`", (Edit(span, right),))
        self._reporter.error("EAP108", span, name=name, right=right, fix=fix)

    def report_no_candidate(self, name: str, span: Span) -> None:
        """Report a candidate's attribute where there is no candidate."""
        help_ = "only the `use` of a rule knows candidates"
        instead = _MEANT_OUTSIDE_USE.get(name)
        if instead is not None:
            help_ += f"; the device's own is `{instead}`"
        self._reporter.error("EAP105", span, name=name, help=help_)

    def report_word(self, word: str, kind: Word, span: Span) -> None:
        """Report a word that an enumeration lacks."""
        right = nearest(word, kind.words) if self._reporter.may_propose else None
        fix = Fix(f"write `{right}`", (Edit(span, right),), safe=False) if right else None
        help_ = meant(word, kind.words, "words") if self._reporter.may_propose else ""
        help_ = help_ or "see its declaration for the words"
        label = "words have no quotes" if self.is_quoted(span) else ""
        self._reporter.error("EAP210", span, word=shorten(word), label=label, help=help_, fix=fix)

    def is_quoted(self, span: Span) -> bool:
        """Whether the author quoted what stands there."""
        return self._reporter.source.text[span.start : span.start + 1] in ('"', "'")

    def _unknown(self, name: str, span: Span, *, candidate: bool, word: str) -> None:
        right = self._proposal(name, candidate=candidate)
        if right is None and self.is_quoted(span):
            self._reporter.error("EAP018", span, what=STRINGS.what, label="", help=STRINGS.instead)
            return
        right = right or _BY_ATTRIBUTE.get(name)
        help_ = f"did you mean `{right}`?" if right else ELSEWHERE.get(name, "")
        fix = Fix(f"write `{right}`", (Edit(span, right),), safe=False) if right else None
        unit = meant_unit(name) if len(name) > 1 else None
        help_ = help_ or (f"a unit follows its number, such as `1 {unit}`" if unit else "")
        if word:
            help_ = (
                help_
                or f"declare it with its words, such as `input {shorten(name)}: one of {shorten(word)}, other`"
            )
        help_ = help_ or "declare it as an `input`, a `param` or a `let`, or use a signal such as `battery`"
        self._reporter.error("EAP101", span, name=shorten(name), help=help_, fix=fix)

    def _proposal(self, name: str, *, candidate: bool) -> str | None:
        if not self._reporter.may_propose:
            return None
        return nearest(
            name, (n for n, e in self._entries.items() if candidate or not isinstance(e.node, AttributeRef))
        )


def signal_kind(signal: Signal) -> Kind:
    """Return the kind of a device signal."""
    if signal.kind is SignalKind.BOOLEAN:
        return Boolean()
    if signal.kind is SignalKind.WORD:
        return Word(signal.words, signal.ordered)
    return Numeric(signal.dimension or Dimension.NUMBER)


def _device_entries() -> dict[str, Entry]:
    entries = {
        name: Entry("a signal", SignalRef(name), signal_kind(signal)) for name, signal in SIGNALS.items()
    }
    for name, row in VARIANT_ATTRIBUTES.items():
        kind: Kind = Word(row.words, True) if row.words else Numeric(row.dimension or Dimension.NUMBER)
        entries[name] = Entry("a candidate's attribute", AttributeRef(name), kind)
    return entries
