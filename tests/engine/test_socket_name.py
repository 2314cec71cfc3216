"""Whatever a path's length, a socket can be bound there and found again; what was opened for it is closed."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from radtui.engine.socket_name import LONGEST, socket_name


def of_length(folder: Path, length: int) -> Path:
    """Return a path of so many bytes in a folder below `folder`, which is made."""
    room = length - len(os.fsencode(folder))
    assert room > 20
    parts = ("d" * 60 for _ in range((room - 20) // 61))
    home = folder.joinpath(*parts)
    home.mkdir(parents=True, exist_ok=True)
    return home / ("s" * (length - len(os.fsencode(home)) - 1))


@pytest.fixture
def short(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a short name: the current one."""
    monkeypatch.chdir(tmp_path_factory.mktemp("s"))
    return Path("f")


def descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


@pytest.mark.parametrize("length", [30, LONGEST - 1, LONGEST, LONGEST + 1, 108, 200, 900])
def test_it_is_bound_and_reached_whatever_the_length(short: Path, length: int) -> None:
    path = of_length(short, length)
    assert len(os.fsencode(path)) == length
    before = descriptors()
    with socket.socket(socket.AF_UNIX) as door, socket.socket(socket.AF_UNIX) as line:
        with socket_name(path) as name:
            assert len(os.fsencode(name)) <= max(LONGEST, len(f"/proc/self/fd/9999/{path.name}"))
            assert (name == str(path)) == (length <= LONGEST)
            door.bind(name)
        assert path.is_socket()
        door.listen()
        with socket_name(path) as name:
            line.connect(name)
    assert descriptors() == before


def test_bytes_count_and_not_letters(short: Path) -> None:
    short.mkdir()
    path = short / ("ü" * (LONGEST // 2))
    assert len(str(path)) < LONGEST < len(os.fsencode(path))
    with socket_name(path) as name:
        assert name.startswith("/proc/")


def test_what_was_opened_is_closed_also_where_binding_fails(short: Path) -> None:
    path = of_length(short, 300)
    path.touch()
    before = descriptors()
    with socket.socket(socket.AF_UNIX) as door, pytest.raises(OSError, match="in use"), socket_name(path) as name:
        door.bind(name)
    assert descriptors() == before


def test_a_long_path_without_its_folder_is_an_error_of_the_system(short: Path) -> None:
    with pytest.raises(FileNotFoundError), socket_name(short / ("d" * 100) / "a.sock"):
        pytest.fail("there is no such folder")
