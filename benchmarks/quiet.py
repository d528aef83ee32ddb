"""Runs a benchmark and says how far other programs disturbed it: figures of a busy machine are not worth comparing."""

from __future__ import annotations

from collections.abc import Callable

from edgeadapt.demo.bystanders import Bystanders

# From here on a p99 is theirs rather than ours.
_DISTURBED = 0.03


def on_quiet_machine(main: Callable[[], int]) -> int:
    """Return what `main` returns."""
    with Bystanders(()) as others:
        code = main()
    advice = "; measure again on a quiet machine" if others.share > _DISTURBED else ""
    print(f"other programs took {others.share:.0%} of the processors meanwhile{advice}")
    return code
