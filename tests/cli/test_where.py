"""Which engine is meant: by its name while only that is typed, by its account as soon as more is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from radtui.api.door import Door
from radtui.cli.account import control_socket
from radtui.cli.failures import Exit, Failure
from radtui.cli.flags import Flags
from radtui.cli.opening import opened
from radtui.cli.where import Where
from radtui.settings.places import places
from tests.api.callers import Scripted


@pytest.fixture
def door(own_folders: Path) -> Iterator[Path]:
    """The socket of the one engine that runs: ``scripted``, with its state in ``s``."""
    settings = opened(Flags(bot="scripted", state=own_folders / "s")).settings
    path = control_socket(settings, places(settings))
    door = Door(Scripted(), path)
    door.open()
    yield path
    door.close()


def test_a_name_alone_or_nothing_finds_the_engine_whatever_its_account(door: Path) -> None:
    assert Where().engine().path == Where(bot="scripted").engine().path == door


def test_settings_find_the_engine_of_their_account(door: Path, own_folders: Path) -> None:
    assert Where(bot="scripted", state=own_folders / "s").engine().path == door


@pytest.mark.parametrize(
    "other",
    [
        Where(bot="scripted", state=Path("elsewhere")),
        Where(bot="beta", state=Path("s")),
        Where(bot="scripted", state=Path("s"), exchange="kucoin", kucoin_url="http://127.0.0.1:1"),
        Where(exchange="paper"),
    ],
)
def test_settings_of_another_account_never_find_it(
    door: Path, own_folders: Path, other: Where, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(own_folders)
    with pytest.raises(Failure, match="no engine with these settings") as failed:
        other.engine()
    assert failed.value.code == Exit.NO_ENGINE
    assert "Others run here: scripted (pid " in failed.value.means
