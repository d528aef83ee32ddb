"""The one extra that this package needs, and what to do where it is not installed."""

from __future__ import annotations


def need_hypothesis() -> None:
    """Raise ImportError that says what to install where Hypothesis is missing."""
    try:
        import hypothesis  # noqa: F401 - asked whether it is there, and used elsewhere
    except ImportError as error:
        raise ImportError(
            "edgeadapt.testing draws with Hypothesis, which is not installed; pip install 'edgeadapt[testing]'"
        ) from error
