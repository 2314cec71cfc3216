"""Where the control socket of a flight lies, and that a flight goes on without one."""

from __future__ import annotations

from pathlib import Path

from radtui.api.socket import answers
from radtui.cli.account import control_socket
from radtui.cli.door import answering
from radtui.settings.folders import control_folder
from radtui.settings.places import places
from radtui.settings.tree import Settings
from tests.api.callers import Scripted


def settings(folder: Path, name: str = "alpha") -> Settings:
    return Settings.model_validate({"bot": {"name": name}, "paths": {"state": folder}})


def test_it_answers_while_the_engine_flies_and_is_gone_afterwards(own_folders: Path) -> None:
    flown = settings(own_folders / "a")
    path = control_socket(flown, places(flown))
    with answering(flown, places(flown), Scripted(), _fail):
        assert answers(path)
    assert not path.exists()


def test_where_no_socket_can_be_made_the_flight_goes_on_and_it_is_said(own_folders: Path) -> None:
    control_folder().parent.mkdir(parents=True)
    control_folder().write_text("not a folder")
    said: list[str] = []
    flown = settings(own_folders / "a")
    with answering(flown, places(flown), Scripted(), said.append):
        assert "no command finds this engine" in said[0]


def _fail(why: str) -> None:
    raise AssertionError(why)
