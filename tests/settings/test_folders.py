"""Folders are ours alone."""

import stat
from pathlib import Path

import pytest

from radtui.settings.folders import cache_folder, config_folder, private_folder, state_folder


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_is_created_is_for_its_owner_alone(tmp_path: Path) -> None:
    assert private_folder(tmp_path / "a" / "b") == tmp_path / "a" / "b"
    assert (mode(tmp_path / "a"), mode(tmp_path / "a" / "b")) == (0o700, 0o700)


def test_what_is_there_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir(mode=0o755)
    (tmp_path / "a").chmod(0o755)
    assert mode(private_folder(tmp_path / "a")) == 0o755


def test_a_file_of_that_name_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(NotADirectoryError):
        private_folder(tmp_path / "a")
    with pytest.raises(OSError, match="Not a directory"):
        private_folder(tmp_path / "a" / "b")


def test_the_platforms_own_folders(own_folders: Path) -> None:
    assert state_folder() == own_folders / "state" / "radtui"
    assert cache_folder() == own_folders / "cache" / "radtui"
    assert config_folder(None) == own_folders / "config" / "radtui"
    assert config_folder("~/x") == own_folders / "x"
