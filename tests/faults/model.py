"""What a HotSwapper is to do, in plain Python: one load at a time, no threads, no memory to run out of."""

from __future__ import annotations

import attrs

from edgeadapt import swap_codes as codes

ENDED_AS = {
    "swap": (codes.SWAP_COMMITTED, "succeeded"),
    "rollback": (codes.SWAP_ROLLED_BACK, "succeeded"),
    "preload": (codes.SWAP_PRELOADED, ""),
}


@attrs.define(eq=False)
class Wish:
    """An open request."""

    variant: str
    kind: str
    is_done: bool = False


@attrs.frozen
class Told:
    """What an event is to say."""

    code: str
    variant: str
    kind: str
    generation: int


@attrs.define
class Serving:
    """A generation: its number, and which of the loads it came from."""

    variant: str
    load: int
    number: int


@attrs.define
class SwapperModel:
    """`probation`: the inferences and errors of one, None: none. Loads are numbered as they begin."""

    probation: tuple[int, int] | None
    active: Serving = attrs.field(factory=lambda: Serving("", 0, 0))
    previous: str | None = None
    kept: Serving | None = None
    trial: list[int] = attrs.field(factory=lambda: [0, 0])
    preloaded: dict[str, int] = attrs.field(factory=dict)
    waiting: Wish | None = None
    waiting_preload: Wish | None = None
    begun: Wish | None = None
    loads: int = 0
    numbers: int = 0
    told: list[Told] = attrs.field(factory=list)
    counters: dict[str, int] = attrs.field(
        factory=lambda: dict.fromkeys(
            (
                "attempted",
                "succeeded",
                "failed",
                "superseded",
                "cancelled",
                "joined",
                "preloaded",
                "rolled_back",
            ),
            0,
        )
    )

    @property
    def open_swap(self) -> Wish | None:
        begun = self.begun
        is_open = begun is not None and not begun.is_done and begun.kind != "preload"
        return self.waiting or (begun if is_open else None)

    @property
    def open_preload(self) -> Wish | None:
        begun = self.begun
        is_open = begun is not None and not begun.is_done and begun.kind == "preload"
        return self.waiting_preload or (begun if is_open else None)

    def swap_to(self, variant: str) -> None:
        if self._joins_or_supersedes(variant):
            return
        if self.active.variant == variant:
            self.counters["joined"] += 1
        elif (load := self._resident(variant)) is not None:
            self._accept(variant, "swap")
            self._serve(variant, load, "swap")
        else:
            self._enter(variant, "swap")

    def rollback(self) -> bool:
        """Return False where there is nothing to go back to."""
        target = self.previous
        if target is None:
            return False
        if self._joins_or_supersedes(target):
            return True
        if (load := self._resident(target)) is not None:
            self._accept(target, "rollback")
            self._serve(target, load, "rollback")
        else:
            self._enter(target, "rollback")
        return True

    def preload(self, variant: str) -> None:
        wish = self.open_swap
        if wish is None or wish.variant != variant:
            wish = self.open_preload
        if wish is not None and wish.variant == variant:
            self.counters["joined"] += 1
            return
        if wish is not None:
            self._leave(wish, codes.SWAP_SUPERSEDED, "superseded")
        if variant in self.preloaded or variant == self.active.variant:
            self.counters["joined"] += 1
            return
        self._accept(variant, "preload")
        if (load := self._resident(variant)) is not None:
            self.preloaded[variant] = load
            self._end(variant, "preload", *ENDED_AS["preload"])
        else:
            self.waiting_preload = Wish(variant, "preload")

    def cancel(self) -> bool:
        wish = self.open_swap or self.open_preload
        if wish is None:
            return False
        self._leave(wish, codes.SWAP_CANCELLED, "cancelled")
        return True

    def close(self) -> None:
        for wish in (self.open_swap, self.open_preload):
            if wish is not None:
                self._leave(wish, codes.SWAP_CANCELLED, "cancelled")

    def begin(self) -> Wish | None:
        """Let the loader take what waits, if it is free; returns what it took."""
        if self.begun is not None:
            return None
        if self.waiting is not None:
            self.begun, self.waiting = self.waiting, None
        elif self.waiting_preload is not None:
            self.begun, self.waiting_preload = self.waiting_preload, None
        else:
            return None
        self.loads += 1
        return self.begun

    def finish(self, fails: bool) -> None:
        """End the load in progress."""
        wish, self.begun = self.begun, None
        assert wish is not None
        if wish.is_done:
            return
        wish.is_done = True
        if fails:
            self._end(wish.variant, wish.kind, codes.SWAP_LOAD_FAILED, "failed")
        elif wish.kind == "preload":
            self.preloaded[wish.variant] = self.loads
            self._end(wish.variant, "preload", *ENDED_AS["preload"])
        else:
            self._serve(wish.variant, self.loads, wish.kind)

    def inferred(self, generation: int, fails: bool) -> None:
        """Count an inference of a generation, by whoever holds it."""
        if self.kept is None or self.probation is None or generation != self.active.number:
            return
        inferences, errors = self.probation
        if fails:
            self.trial[1] += 1
            if self.trial[1] > errors:
                back = self.kept
                self.counters["rolled_back"] += 1
                self._put(back.variant, back.load, is_back=True)
                self._tell(codes.SWAP_ROLLED_BACK, back.variant, "rollback")
                return
        self.trial[0] += 1
        if self.trial[0] == inferences:
            self.kept = None

    def _joins_or_supersedes(self, variant: str) -> bool:
        wish = self.open_swap
        if wish is None:
            return False
        if wish.variant == variant:
            self.counters["joined"] += 1
            return True
        self._leave(wish, codes.SWAP_SUPERSEDED, "superseded")
        return False

    def _enter(self, variant: str, kind: str) -> None:
        wish = self.open_preload
        if wish is not None and wish.variant == variant:
            wish.kind = kind
            if wish is self.waiting_preload:
                self.waiting, self.waiting_preload = wish, None
        else:
            if wish is not None and wish is self.begun:
                self._leave(wish, codes.SWAP_SUPERSEDED, "superseded")
            self.waiting = Wish(variant, kind)
        self._accept(variant, kind)

    def _accept(self, variant: str, kind: str) -> None:
        if kind != "preload":
            self.counters["attempted"] += 1
        self._tell(codes.SWAP_PENDING, variant, kind)

    def _leave(self, wish: Wish, code: str, counter: str) -> None:
        wish.is_done = True
        if wish is self.waiting:
            self.waiting = None
        if wish is self.waiting_preload:
            self.waiting_preload = None
        self._end(wish.variant, wish.kind, code, counter)

    def _serve(self, variant: str, load: int, kind: str) -> None:
        self._put(variant, load, is_back=kind == "rollback")
        self._end(variant, kind, *ENDED_AS[kind])

    def _put(self, variant: str, load: int, is_back: bool) -> None:
        before = self.active
        self.numbers += 1
        self.active = Serving(variant, load, self.numbers)
        on_probation = self.probation is not None and not is_back and before.number > 0
        self.kept = before if on_probation else None
        self.trial = [0, 0]
        self.preloaded.pop(variant, None)
        self.previous = before.variant if before.number > 0 and not is_back else None

    def _resident(self, variant: str) -> int | None:
        if variant in self.preloaded:
            return self.preloaded[variant]
        return self.kept.load if self.kept is not None and self.kept.variant == variant else None

    def _end(self, variant: str, kind: str, code: str, counter: str) -> None:
        if code == codes.SWAP_ROLLED_BACK:
            self.counters["rolled_back"] += 1
        if code == codes.SWAP_PRELOADED:
            self.counters["preloaded"] += 1
        if kind != "preload":
            self.counters[counter] += 1
        self._tell(code, variant, kind)

    def _tell(self, code: str, variant: str, kind: str) -> None:
        self.told.append(Told(code, variant, kind, self.active.number))
