"""Every entry whose change leads a path elsewhere is watched."""

from __future__ import annotations

import os
from pathlib import Path

from edgeadapt.engine.watched_places import watched_places


def places(path: Path) -> set[tuple[str, str]]:
    return set(watched_places([str(path)]))


def test_a_file_is_watched_in_its_folder(tmp_path: Path) -> None:
    (tmp_path / "p.eap").write_text("")
    assert places(tmp_path / "p.eap") == {(str(tmp_path), "p.eap")}
    assert places(tmp_path / "." / "sub" / ".." / "p.eap") == {(str(tmp_path), "p.eap")}


def test_a_config_map_is_watched_at_its_data_link(tmp_path: Path) -> None:
    (tmp_path / "..2026_01").mkdir()
    (tmp_path / "..2026_01" / "p.eap").write_text("")
    (tmp_path / "..data").symlink_to("..2026_01")
    (tmp_path / "p.eap").symlink_to("..data/p.eap")
    here = str(tmp_path)
    assert places(tmp_path / "p.eap") == {
        (here, "p.eap"),
        (here, "..data"),
        (os.path.join(here, "..2026_01"), "p.eap"),
    }


def test_a_folder_that_is_a_link_is_watched_where_the_link_is(tmp_path: Path) -> None:
    release = tmp_path / "releases" / "42"
    release.mkdir(parents=True)
    (release / "p.eap").write_text("")
    (tmp_path / "current").symlink_to(release)
    assert places(tmp_path / "current" / "p.eap") == {(str(tmp_path), "current"), (str(release), "p.eap")}


def test_of_what_is_missing_the_first_missing_part_is_watched(tmp_path: Path) -> None:
    assert places(tmp_path / "a" / "b" / "p.eap") == {(str(tmp_path), "a")}
    (tmp_path / "p.eap").symlink_to("gone.eap")
    assert places(tmp_path / "p.eap") == {(str(tmp_path), "p.eap"), (str(tmp_path), "gone.eap")}


def test_links_in_a_circle_come_to_an_end(tmp_path: Path) -> None:
    (tmp_path / "p.eap").symlink_to("q.eap")
    (tmp_path / "q.eap").symlink_to("p.eap")
    assert places(tmp_path / "p.eap") == {(str(tmp_path), "p.eap"), (str(tmp_path), "q.eap")}
