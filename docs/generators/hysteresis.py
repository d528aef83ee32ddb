"""Plays the policies of the page on hysteresis against a device that its models heat, and counts and draws the swaps."""

from __future__ import annotations

import hashlib
import random
import re
from itertools import accumulate, groupby
from pathlib import Path
from typing import TYPE_CHECKING

from docs.generators.markdown import table
from edgeadapt.policy import RulePolicy
from edgeadapt.registry import ModelFamily
from edgeadapt.shipped import shipped
from edgeadapt.state import DeviceState
from edgeadapt.values import frozen

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DOCS = Path(__file__).resolve().parents[1]
PAGE = DOCS / "explanation" / "hysteresis.md"
PICTURE = DOCS / "images" / "hysteresis.svg"

# A device that takes some minutes to come near the temperature its model leads to, and a sensor that is a little off.
_LEADS_TO_C = {"full": 84.0, "small": 58.0}
_SECONDS, _LAG_S, _START_C, _NOISE_C = 1200, 300.0, 70.0, 0.5
_HOT_C, _COOL_C = 75.0, 68.0
_TITLES = {
    "threshold.eap": "one threshold",
    "pause.eap": "one threshold, and a pause between swaps",
    "hysteresis.eap": "two thresholds",
}


@frozen
class Played:
    """What was measured in each second, and which variant served."""

    measured_c: tuple[float, ...]
    served: tuple[str, ...]

    @property
    def swaps(self) -> int:
        """How often the variant changed."""
        return sum(old != new for old, new in zip(self.served, self.served[1:], strict=False))


def comparison() -> str:
    """Return the table of what each policy of the page did."""
    rows = []
    for name, played in play_all().items():
        share = sum(value >= _HOT_C for value in played.measured_c) / len(played.measured_c)
        rows.append(
            [
                f"`{name}`",
                _TITLES[name],
                str(played.swaps),
                f"{max(played.measured_c):.1f} °C",
                f"{share:.0%}",
            ]
        )
    return table(["policy", "has", "swaps in 20 min", "hottest", "time at 75 °C or more"], rows)


def play_all() -> dict[str, Played]:
    """Play every policy of the page, each against the same noise."""
    return {name: _play(text) for name, text in policies().items()}


def policies() -> dict[str, str]:
    """Return the page's policies by file name."""
    page = PAGE.read_text(encoding="utf-8")
    return dict(re.findall(r'^```eap title="([^"]+)"\n(.*?)^```$', page, re.MULTILINE | re.DOTALL))


def digest() -> str:
    """Return a digest of all that the picture shows."""
    return hashlib.sha256(repr(sorted(play_all().items())).encode()).hexdigest()


def _play(text: str) -> Played:
    session = RulePolicy.from_text(text).session(ModelFamily.from_yaml(shipped("families/digits.yaml")))
    noise = random.Random(7)  # noqa: S311 - the noise of a sensor, the same each time
    temperature = _START_C
    measured: list[float] = []
    served: list[str] = []
    for second in range(_SECONDS):
        measured.append(round(temperature + noise.uniform(-_NOISE_C, _NOISE_C), 3))
        state = DeviceState(None, None, measured[-1], 4000.0, 10.0, None, None, float(second))
        decision = session.step(state)
        now = decision.target if decision.swap or decision.active is None else decision.active
        assert now is not None, "`otherwise` names a variant"
        served.append(now)
        temperature += (_LEADS_TO_C[served[-1]] - temperature) / _LAG_S
    return Played(tuple(measured), tuple(served))


def draw() -> None:
    """Draw the first and the last policy's time; needs matplotlib. The picture carries its digest."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    played = play_all()
    with mpl.rc_context({"svg.hashsalt": "edgeadapt", "svg.fonttype": "none", "font.size": 10}):
        figure = Figure(figsize=(8, 4.6), layout="constrained")
        axes = figure.subplots(2, 1, sharex=True, sharey=True)
        for place, name in zip(axes, ("threshold.eap", "hysteresis.eap"), strict=True):
            _panel(place, played[name], f"{_TITLES[name]}: {played[name].swaps} swaps")
        axes[1].set_xlabel("minutes")
        axes[0].legend(loc="lower right", ncols=3, fontsize=9)
        figure.savefig(PICTURE, metadata={"Date": None, "Description": digest()})
    # Matplotlib leaves blanks at the ends of lines.
    lines = PICTURE.read_text(encoding="utf-8").splitlines()
    PICTURE.write_text("\n".join(line.rstrip() for line in lines) + "\n", encoding="utf-8")


def _panel(axes: Axes, played: Played, title: str) -> None:
    minutes = [second / 60 for second in range(_SECONDS)]
    runs = [(variant, len(list(run))) for variant, run in groupby(played.served)]
    ends = list(accumulate(length for _, length in runs))
    small = [
        ((end - length) / 60, length / 60)
        for (variant, length), end in zip(runs, ends, strict=True)
        if variant == "small"
    ]
    axes.broken_barh(small, (62, 18), color="#80cbc4", linewidth=0, label="`small` serves")
    axes.plot(minutes, played.measured_c, color="#37474f", linewidth=0.9, label="temperature")
    axes.axhline(_HOT_C, color="#c62828", linewidth=0.9, linestyle="--", label="75 °C")
    if "two" in title:
        axes.axhline(_COOL_C, color="#1565c0", linewidth=0.9, linestyle="--", label="68 °C")
    axes.set(title=title, ylabel="°C", xlim=(0, _SECONDS / 60), ylim=(62, 80), xticks=range(0, 21, 5))
