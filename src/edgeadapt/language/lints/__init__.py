"""The lints (EAP4xx): correct but suspicious. One file each, whose docstring is its page and its test.

Two principles: never a false positive (a lint that would have to guess stays silent), and blind spots are written down.
"""

from __future__ import annotations

from edgeadapt.language.linting.runner import run

__all__ = ["run"]
