"""Draws boxes, frames and arrows as SVG, at places that are given: small pictures that change only with what they show."""

from __future__ import annotations

from xml.sax.saxutils import escape

from edgeadapt.values import frozen

Point = tuple[float, float]

_INK, _PAPER, _QUIET = "#37474f", "#ffffff", "#78909c"
FILLS = {"plain": "#ffffff", "stage": "#e0f2f1", "good": "#c8e6c9", "bad": "#ffe0b2"}
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#263238;text-anchor:middle;dominant-baseline:central}"
    f".label{{font-size:12px;fill:#455a64;paint-order:stroke;stroke:{_PAPER};stroke-width:4px}}"
    ".small{font-size:11px;fill:#546e7a}.left{text-anchor:start}"
)


@frozen
class Box:
    """A box by its middle; lines of its text after the first are small."""

    x: float
    y: float
    text: str
    fill: str = "plain"
    width: float = 100
    height: float = 34


class Drawing:
    """A picture that grows by what is drawn on it."""

    def __init__(self, width: int, height: int, title: str) -> None:
        size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        marker = (
            'id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"'
        )
        self._parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
            f"<title>{escape(title)}</title><style>{_STYLE}</style>",
            f'<defs><marker {marker}><path d="M0 0L8 4L0 8z" fill="{_INK}"/></marker></defs>',
            f'<rect width="{width}" height="{height}" rx="6" fill="{_PAPER}"/>',
        ]

    def frame(self, x: float, y: float, width: float, height: float, text: str) -> None:
        """Draw a dashed frame with its name in the upper left corner."""
        self._parts.append(
            f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="8" fill="none" stroke="{_QUIET}" '
            f'stroke-dasharray="4 3"/><text class="small left" x="{x + 8}" y="{y + 12}">{escape(text)}</text>'
        )

    def box(self, box: Box) -> None:
        """Draw a box."""
        left, top = box.x - box.width / 2, box.y - box.height / 2
        self._parts.append(
            f'<rect x="{left:g}" y="{top:g}" width="{box.width:g}" height="{box.height:g}" rx="6" '
            f'fill="{FILLS[box.fill]}" stroke="{_INK}"/>'
        )
        lines = box.text.split("\n")
        for number, line in enumerate(lines):
            y = box.y + 16 * (number - (len(lines) - 1) / 2)
            kind = ' class="small"' if number else ""
            self._parts.append(f'<text{kind} x="{box.x:g}" y="{y:g}">{escape(line)}</text>')

    def arrow(self, points: list[Point], label: str = "", at: Point | None = None) -> None:
        """Draw an arrow through points; its label stands at `at`, or at the middle of its first part."""
        path = "M" + "L".join(f"{x:g} {y:g}" for x, y in points)
        self._parts.append(f'<path d="{path}" fill="none" stroke="{_INK}" marker-end="url(#head)"/>')
        if label:
            (x0, y0), (x1, y1) = points[:2]
            x, y = at or ((x0 + x1) / 2, (y0 + y1) / 2 - 10)
            self._parts.append(f'<text class="label" x="{x:g}" y="{y:g}">{escape(label)}</text>')

    def svg(self) -> str:
        """Return the picture."""
        return "\n".join([*self._parts, "</svg>"]) + "\n"
