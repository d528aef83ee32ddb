"""How the panels of every picture look: the figure they stand on, their colours, titles, grids and legends.

Matplotlib is an optional dependency, and only this file knows it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

HOW_TO_GET = "it needs matplotlib; install it with: pip install 'edgeadapt[plot]'"
INK, FAINT, GRID = "#222222", "#777777", "#e4e4e4"
BROKEN = "#c0182b"


def new_figure(width: float, height: float) -> Any:
    """Return an empty figure of so many inches; raises ImportError without matplotlib."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    # Not pyplot: it keeps figures in a global list, and may look for a screen.
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def save(figure: Any, path: Path) -> None:
    """Write the figure as a PNG file; raises OSError where it can't."""
    figure.canvas.print_figure(path, dpi=110)


def headline(figure: Any, text: str) -> None:
    """Put the picture's title on top, with room for a line below it."""
    figure.suptitle(f"{text}\n", fontsize=16, fontweight="bold", color=INK)


def plain(panel: Any, grid: str = "x") -> None:
    """Take the frame and the ticks away, and leave a faint grid."""
    panel.grid(axis=grid, color=GRID, linewidth=0.8)
    panel.set_axisbelow(True)
    panel.tick_params(colors=FAINT, labelsize=9, length=0)
    for side in panel.spines.values():
        side.set_visible(False)


def title(panel: Any, text: str) -> None:
    """Say above a panel, on the left, what it shows and in which unit."""
    panel.set_title(text, loc="left", fontsize=11, color=INK, fontweight="bold", pad=6)


def legend(panel: Any, handles: list[Any] | None = None, scale: float = 1) -> None:
    """Put a panel's legend above it, on the right; `scale` enlarges its markers."""
    options: dict[str, Any] = {} if handles is None else {"handles": handles}
    panel.legend(
        loc="lower right",
        bbox_to_anchor=(1, 1),
        ncols=6,
        frameon=False,
        fontsize=9,
        markerscale=scale,
        borderaxespad=0.2,
        **options,
    )
