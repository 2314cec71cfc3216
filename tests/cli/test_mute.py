"""An engine that answers nothing leaves a sign, and who asks for it is told at once how it is ended."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import msgspec
import pytest

from radtui.cli.emergency import emergency_stop
from radtui.cli.engines import no_engine
from radtui.cli.failures import Exit, Failure
from radtui.cli.flags import Flags
from radtui.cli.looking import status
from radtui.cli.mute import mute, mute_engine_of, mute_engines
from radtui.cli.opening import opened
from radtui.cli.where import Where
from radtui.settings.folders import control_folder
from radtui.settings.places import Places, places
from radtui.settings.tree import Settings
from radtui.store.holder import myself


def settings(**flags: object) -> tuple[Settings, Places]:
    found = opened(Flags(bot="alpha", **flags)).settings  # type: ignore[arg-type]
    return found, places(found)


def test_the_sign_is_there_while_it_flies_and_for_its_user_alone(own_folders: Path) -> None:
    assert mute_engines() == []
    with mute(*settings()):
        (sign,) = control_folder().glob("*.mute")
        assert stat.S_IMODE(sign.stat().st_mode) == 0o600
        (found,) = mute_engines()
        assert (found.name, found.pid) == ("alpha", os.getpid())
        assert mute_engine_of(*settings()) == found
        assert mute_engine_of(*settings(state=own_folders / "elsewhere")) is None
        assert [mute_engines(name) for name in ("alpha", str(os.getpid()), "beta")] == [[found], [found], []]
    assert mute_engines() == []


def test_what_a_dead_process_left_names_nobody_and_is_no_hindrance(own_folders: Path) -> None:
    with mute(*settings()):
        (sign,) = control_folder().glob("*.mute")
    sign.write_bytes(msgspec.json.encode(msgspec.structs.replace(myself(), birth="1")))
    assert mute_engines() == []
    sign.write_bytes(b"torn")
    assert mute_engines() == []
    with mute(*settings()):
        assert len(mute_engines()) == 1


def test_without_a_folder_for_it_it_flies_without(own_folders: Path) -> None:
    control_folder().parent.mkdir(parents=True, exist_ok=True)
    control_folder().write_text("in the way")
    with mute(*settings()):
        assert mute_engines() == []


def test_an_emergency_stop_does_not_wait_for_it(own_folders: Path) -> None:
    with mute(*settings()), pytest.raises(Failure, match="flies in mode minimal and answers no command") as failed:
        emergency_stop(where=Where(bot="alpha"), yes=True)
    assert failed.value.code == Exit.NOT_SAFE
    assert f"`kill -TERM {os.getpid()}`" in failed.value.todo
    assert "Nothing was asked" in failed.value.means


def test_status_names_it_and_other_commands_do_too(own_folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with mute(*settings()):
        assert status() == Exit.DONE
        assert "flies in mode minimal" in no_engine("alpha").means
    assert capsys.readouterr().out == (
        f"alpha (pid {os.getpid()}) flies in mode minimal: it answers no command; "
        f"`kill -TERM {os.getpid()}` ends it gracefully, and positions keep their stops\n"
    )
