"""Writes every generated part and picture anew: `python -m docs.generators`, from the top of the source tree."""

from __future__ import annotations

from docs.generators.hysteresis import draw
from docs.generators.parts import write_all

if __name__ == "__main__":
    write_all()
    draw()
