"""Where segments lie: for their owner alone, and never more than the bound."""

from __future__ import annotations

import os
from pathlib import Path

from radtui.core.market import DAY, SECOND
from radtui.store.shelf import FolderShelf, boot_name
from tests.core.makers import NOW


def sizes(root: Path) -> dict[str, int]:
    return {str(path.relative_to(root)): path.stat().st_size for path in sorted(root.rglob("*.radrec"))}


def fill(root: Path, boot: int, count: int, size: int, bound: int = 10_000) -> None:
    shelf = FolderShelf(root, boot, bound=bound, days=7)
    for number in range(1, count + 1):
        shelf.begin(number, boot)
        shelf.append(b"x" * size)
    shelf.close()
    shelf.close()


def test_files_and_folders_are_for_their_owner_alone(tmp_path: Path) -> None:
    fill(tmp_path / "recordings" / "t", NOW, 1, 10)
    path = tmp_path / "recordings" / "t" / "20231114T221320.000Z" / "0001.radrec"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.read_bytes() == b"x" * 10


def test_names_of_boots_sort_as_they_began() -> None:
    boots = [NOW, NOW + 1_000_000, NOW + SECOND, NOW + DAY]
    names = [boot_name(boot) for boot in boots]
    assert names == sorted(names)
    assert len(set(names)) == len(names)


def test_the_oldest_go_beyond_the_bound_whatever_boot_they_are_of(tmp_path: Path) -> None:
    fill(tmp_path, NOW, 4, 1_000)
    fill(tmp_path, NOW + DAY, 12, 1_000)
    left = sizes(tmp_path)
    assert sum(left.values()) <= 10_000
    assert list(left) == [f"{boot_name(NOW + DAY)}/{number:04}.radrec" for number in range(5, 13)]
    assert [folder.name for folder in tmp_path.iterdir()] == [boot_name(NOW + DAY)]


def test_the_ten_thousandth_is_younger_than_the_nine_hundredth(tmp_path: Path) -> None:
    shelf = FolderShelf(tmp_path, NOW, bound=4_000, days=7)
    for number in (1, 9_999, 10_000, 10_001, 10_002):
        shelf.begin(number, NOW)
        shelf.append(b"x" * 900)
    shelf.close()
    assert sorted(int(Path(name).stem) for name in sizes(tmp_path)) == [9_999, 10_000, 10_001, 10_002]


def test_old_ones_go_after_days(tmp_path: Path) -> None:
    fill(tmp_path, NOW - 8 * DAY, 1, 10)
    (old,) = tmp_path.rglob("*.radrec")
    os.utime(old, (NOW / SECOND - 8 * 86_400,) * 2)
    fill(tmp_path, NOW, 1, 10)
    assert not old.exists()
    assert not old.parent.exists()


def test_the_same_moment_flown_again_begins_anew(tmp_path: Path) -> None:
    fill(tmp_path, NOW, 3, 10)
    fill(tmp_path, NOW, 1, 20)
    assert sizes(tmp_path) == {f"{boot_name(NOW)}/0001.radrec": 20}


def test_what_else_lies_there_stays(tmp_path: Path) -> None:
    note = tmp_path / "kept" / "note.txt"
    note.parent.mkdir()
    note.write_text("mine")
    fill(tmp_path, NOW, 12, 1_000)
    assert note.read_text() == "mine"
