"""Trees of kernel files, recorded as compact texts, planted under a root."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

TREES = Path(__file__).parent.parent / "corpus" / "trees"
Plant = Callable[[str], Path]


def plant(root: Path, text: str) -> None:
    """Make the files of a tree's text: `/path content`, or `/path` and indented lines below it.

    `unreadable!` makes a file that refuses to be opened, whoever asks.
    """
    files: dict[str, list[str]] = {}
    path = ""
    for line in text.splitlines():
        if line.startswith("/"):
            path, _, content = line.partition(" ")
            files[path] = [content] if content else []
        elif line.startswith("    "):
            files[path].append(line[4:])
    for name, lines in files.items():
        file = root / name.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.is_symlink():
            file.unlink()
        if lines == ["unreadable!"]:
            file.unlink(missing_ok=True)
            file.symlink_to(file)  # a loop: opening it fails, for the superuser too
        else:
            file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


@pytest.fixture
def tree(tmp_path: Path) -> Plant:
    """Plant a text, or a recorded tree by its name, under the test's root, over what is there; return the root."""
    root = tmp_path / "root"

    def planted(text: str) -> Path:
        root.mkdir(exist_ok=True)
        plant(root, text if "/" in text else (TREES / f"{text}.tree").read_text(encoding="utf-8"))
        return root

    return planted
