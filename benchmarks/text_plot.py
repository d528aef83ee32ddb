"""A plot of some series in plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

WIDTH, HEIGHT = 72, 12


def text_plot(series: Mapping[str, Sequence[float]], x_label: str, y_label: str) -> str:
    """Draw series of equally distant values, from 0 up; each by the first letter of its name, and `*` where two meet.

    A column has the highest of its values.
    """
    highest = max(max(values) for values in series.values()) or 1.0
    cells = [[" "] * WIDTH for _ in range(HEIGHT)]
    for name, values in series.items():
        for column in range(WIDTH):
            first, end = (len(values) * place // WIDTH for place in (column, column + 1))
            value = max(values[first : max(end, first + 1)])
            row = HEIGHT - 1 - min(HEIGHT - 1, int(value / highest * HEIGHT))
            cells[row][column] = name[0] if cells[row][column] in {" ", name[0]} else "*"
    lines = [y_label]
    for row, line in enumerate(cells):
        lines.append(f"{highest * (HEIGHT - row) / HEIGHT:6.0f} |{''.join(line)}".rstrip())
    lines.append(f"{0:6} +{'-' * WIDTH}")
    count = max(len(values) for values in series.values()) - 1
    lines.append(f"{'':8}0{x_label:^{WIDTH - 8}}{count:>7}")
    lines += [f"{'':8}{name[0]}: {name}" for name in series]
    return "\n".join(lines)
