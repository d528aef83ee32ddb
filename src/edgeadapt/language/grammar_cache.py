"""Where the grammar's finished table is kept between starts: building it takes longer than all else of a cold start.

Lark checks that a table belongs to this grammar, lark and Python, and builds it anew where it does not or is damaged. It
is read by unpickling, so it lies only where nobody but the user can write.
"""

from __future__ import annotations

import os

from edgeadapt.user_cache import user_cache


def cache_file() -> str | None:
    """Return the path for the table, its folder made; None where there is no folder of the user's own."""
    folder = user_cache()
    return None if folder is None else os.path.join(folder, "grammar.table")
