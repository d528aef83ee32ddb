"""What OpenVINO's refusals become: its own words, without where in its source they were written."""

from __future__ import annotations

from edgeadapt.wording import in_words

# Lines of its texts that name its files and the checks in them.
_ABOUT_ITS_SOURCE = ("Exception from ", "Check '")


def openvino_words(error: BaseException) -> str:
    """Return an OpenVINO error's text as one line, or its type where it has none."""
    lines = [line.strip() for line in str(error).splitlines()]
    told = " ".join(line for line in lines if line and not line.startswith(_ABOUT_ITS_SOURCE))
    return in_words(RuntimeError(told)) or in_words(error) or type(error).__name__
