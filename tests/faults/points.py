"""Where a fault can be put into an activation, and what is put there: each point counts how often its fault fired."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

# Only a bound for what fails: nothing waits that long.
WAIT_S = 30.0


class Hold:
    """Holds up whoever calls it until it is let go; what hangs is a hold that nobody lets go before the end."""

    def __init__(self) -> None:
        self._reached = threading.Event()
        self._gone = threading.Event()

    def __call__(self) -> None:
        self._reached.set()
        assert self._gone.wait(2 * WAIT_S), "nobody let it go"

    def await_reached(self) -> None:
        assert self._reached.wait(WAIT_S), "the point was not reached"

    @property
    def is_reached(self) -> bool:
        return self._reached.is_set()

    def let_go(self) -> None:
        self._gone.set()


class Points:
    """The faults of one scenario, by point and variant."""

    def __init__(self) -> None:
        self.fired: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._actions: dict[tuple[str, str], Callable[[], object]] = {}
        self._holds: list[Hold] = []

    def put(self, point: str, variant: str, action: Callable[[], object]) -> None:
        """Let `action` happen whenever the variant comes to the point."""
        self._actions[point, variant] = action

    def hold(self, point: str, variant: str) -> Hold:
        """Put a hold at a point."""
        hold = self.new_hold()
        self.put(point, variant, hold)
        return hold

    def new_hold(self) -> Hold:
        """Return a hold that is let go with all others at the end."""
        hold = Hold()
        self._holds.append(hold)
        return hold

    def fail(self, point: str, variant: str, error: BaseException) -> None:
        """Let an error be raised at a point."""

        def fail() -> None:
            raise error

        self.put(point, variant, fail)

    def heal(self) -> None:
        """Take all faults away; what hangs goes on."""
        self._actions.clear()
        for hold in self._holds:
            hold.let_go()

    def reach(self, point: str, variant: str) -> None:
        """Say that a variant came to a point."""
        action = self._actions.get((point, variant))
        if action is not None:
            self.count(point)
            action()

    def count(self, point: str) -> None:
        """Note that a fault fired."""
        with self._lock:
            self.fired[point] += 1
