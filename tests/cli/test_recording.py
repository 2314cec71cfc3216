"""Which recorder a flight gets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from radtui.cli.recording import inline_recorder, recorder, recordings_folder
from radtui.settings.places import places
from radtui.settings.sections import Bot, Kucoin, Paths, Recorder
from radtui.settings.tree import Settings
from radtui.store.recording import chain
from radtui.store.shelf import boot_name
from tests.core.makers import NOW
from tests.store.recordings import CONFIG, story


def settings(tmp_path: Path, **changed: Any) -> Settings:
    return Settings(paths=Paths(state=tmp_path), **changed)


@pytest.mark.parametrize(
    ("bot", "name"),
    [
        (Bot(name="alpha"), "alpha"),
        (Bot(name="alpha", exchange="kucoin", mode="live"), "alpha-kucoin"),
        (Bot(name="alpha", exchange="kucoin"), "alpha-rehearsal"),
    ],
)
def test_recordings_lie_beside_the_journal_under_its_name(tmp_path: Path, bot: Bot, name: str) -> None:
    kucoin = Kucoin() if bot.mode == "live" else Kucoin(url="http://127.0.0.1:1")
    told = settings(tmp_path, bot=bot, kucoin=kucoin)
    assert recordings_folder(told, places(told)) == tmp_path / "recordings" / name


def test_a_flight_is_recorded_unless_a_setting_says_no(tmp_path: Path) -> None:
    told = settings(tmp_path)
    made = recorder(told, places(told), NOW)
    assert made is not None
    made.begin(CONFIG, lambda: b"")
    for event in story(3):
        made.note(event, [])
    made.close()
    assert chain(tmp_path) == [[tmp_path / "recordings" / "radtui" / boot_name(NOW) / "0001.radrec"]]
    off = settings(tmp_path, recorder=Recorder(enabled=False))
    assert recorder(off, places(off), NOW) is None
    assert recorder(off, places(off), NOW, tmp_path / "asked") is not None


def test_under_virtual_time_it_writes_where_it_is_told(tmp_path: Path) -> None:
    made = inline_recorder(settings(tmp_path), tmp_path / "here", NOW)
    made.begin(CONFIG, lambda: b"")
    made.note(story(1)[0], [])
    made.close()
    assert chain(tmp_path / "here")
