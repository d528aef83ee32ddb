"""Where the files lie that come with EdgeAdapt: the grammar, policies, families and traces."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def shipped(relative: str) -> Path:
    """Return the path of a shipped file or folder, such as `policies/phone.eap`; it need not exist.

    A wheel carries them inside the package; a source tree has them at its top, and they are read there, so that an
    edit takes effect at once.
    """
    installed = _PACKAGE / relative
    return installed if installed.exists() else _PACKAGE.parents[1] / relative
