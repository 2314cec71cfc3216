"""One emergency stop for all: listed and asked once, each with its receipt, and nobody forgotten."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Timer

import msgspec
import pytest

from radtui.api.door import Door
from radtui.cli.account import account_lock, control_socket, journal_file
from radtui.cli.emergency import emergency_stop
from radtui.cli.emergency_all import may_hold
from radtui.cli.failures import Exit, Failure
from radtui.cli.flags import Flags
from radtui.cli.mute import mute
from radtui.cli.opening import opened
from radtui.cli.where import Where
from radtui.core.instruction import Ask
from radtui.settings.places import places
from radtui.settings.squad import of_bot
from tests.cli.obeying import TWO, Obeying, asked, at_its_account


@pytest.fixture
def types(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Have a person type."""

    def typed(text: str) -> None:
        terminal = io.TextIOWrapper(io.BytesIO(text.encode()))
        monkeypatch.setattr(terminal, "isatty", lambda: True)
        monkeypatch.setattr(sys, "stdin", terminal)

    return typed


@pytest.fixture
def settings(own_folders: Path) -> Where:
    """Settings of two bots, in a file."""
    (own_folders / "two.toml").write_text(TWO.format(state=own_folders / "s"))
    return Where(config=own_folders / "two.toml")


def test_without_a_name_all_are_listed_and_one_word_stops_them(
    two: tuple[Obeying, Obeying], types: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    types("STOP\n")
    assert emergency_stop() == Exit.DONE
    assert [asked(each) for each in two] == [[Ask.PREVIEW, Ask.EMERGENCY_STOP]] * 2
    said = capsys.readouterr()
    assert "emergency stop of alpha (pid " in said.err
    assert said.err.count("Type STOP") == 1
    assert {"alpha: done", "beta: done"} <= set(said.out.splitlines())


def test_another_word_stops_none(two: tuple[Obeying, Obeying], types: Callable[[str], None]) -> None:
    types("stop\n")
    with pytest.raises(Failure, match="not confirmed"):
        emergency_stop(every=True)
    assert [asked(each) for each in two] == [[Ask.PREVIEW]] * 2


def test_yes_wants_to_know_whom(two: tuple[Obeying, Obeying]) -> None:
    with pytest.raises(Failure, match="several engines run here") as failed:
        emergency_stop(yes=True)
    assert failed.value.code == Exit.USAGE
    assert "--all" in failed.value.todo
    assert emergency_stop(yes=True, where=Where(bot="beta")) == Exit.DONE
    assert [asked(each) for each in two] == [[], [Ask.EMERGENCY_STOP]]
    assert emergency_stop(yes=True, every=True) == Exit.DONE
    assert [asked(each) for each in two] == [[Ask.EMERGENCY_STOP], [Ask.EMERGENCY_STOP] * 2]
    with pytest.raises(Failure, match="exclude each other"):
        emergency_stop(yes=True, every=True, where=Where(bot="beta"))


def test_one_that_is_not_flat_is_named_and_that_is_not_safe(
    two: tuple[Obeying, Obeying], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(two[0], "receipt", lambda _id: None)
    with pytest.raises(Failure, match="1 bot of 2 not done: alpha") as failed:
        emergency_stop(yes=True, every=True, timeout=0.2)
    assert failed.value.code == Exit.NOT_SAFE
    assert "alpha: What to do: the engine goes on trying" in failed.value.means
    assert "beta: done" in capsys.readouterr().out


def test_settings_mean_their_bots_alone(two: tuple[Obeying, Obeying], settings: Where) -> None:
    flown = opened(settings.flags()).settings
    alpha = of_bot(flown, "alpha")
    handle = Obeying(bot="alpha")
    door = Door(handle, control_socket(alpha, places(alpha)))
    door.open()
    try:
        assert emergency_stop(yes=True, every=True, where=settings) == Exit.DONE
    finally:
        door.close()
    assert [asked(each) for each in (handle, *two)] == [[Ask.EMERGENCY_STOP], [], []]


def test_a_bot_without_an_engine_is_not_forgotten(settings: Where, capsys: pytest.CaptureFixture[str]) -> None:
    flown = opened(settings.flags()).settings
    beta = of_bot(flown, "beta")
    assert not may_hold(beta), "it was never flown"
    file = journal_file(beta, places(beta))
    file.parent.mkdir(parents=True)
    file.write_bytes(b"this is no journal")
    assert may_hold(beta), "what cannot be read may hold anything"
    with pytest.raises(Failure, match="1 bot of 1 not done: beta") as failed:
        emergency_stop(yes=True, every=True, where=settings)
    assert failed.value.code == Exit.NOT_SAFE
    assert "beta (no engine)" in capsys.readouterr().err


def test_nobody_to_stop_is_exit_3(own_folders: Path) -> None:
    with pytest.raises(Failure, match="no engine") as failed:
        emergency_stop(yes=True, every=True)
    assert failed.value.code == Exit.NO_ENGINE
    assert opened(Flags()).settings.bots == {}


def test_one_that_hangs_and_is_of_other_settings_has_a_way_out_that_is_one(two: tuple[Obeying, Obeying]) -> None:
    for each in two:
        each.seen, each.deaf = msgspec.structs.replace(each.seen, hangs=12), True
    with pytest.raises(Failure, match="2 bots of 2 not done: alpha, beta") as failed:
        emergency_stop(yes=True, every=True)
    assert failed.value.code == Exit.NOT_SAFE
    assert "`radtui emergency-stop --all` with the settings that it had (--config, --state," in failed.value.means
    assert [asked(each) for each in two] == [[Ask.EMERGENCY_STOP]] * 2


def test_an_engine_that_answers_no_command_is_named(two: tuple[Obeying, Obeying], settings: Where) -> None:
    flown = opened(settings.flags()).settings
    alpha = of_bot(flown, "alpha")
    with mute(alpha, places(alpha)):
        for where in (Where(), settings):
            with pytest.raises(Failure, match="not done: alpha") as failed:
                emergency_stop(yes=True, every=True, where=where)
            assert failed.value.code == Exit.NOT_SAFE
            assert f"kill -TERM {os.getpid()}" in failed.value.means
    assert [asked(each) for each in two] == [[Ask.EMERGENCY_STOP]] * 2, "those that run are told all the same"


def test_one_that_is_just_starting_is_waited_for(own_folders: Path) -> None:
    found = opened(Flags(bot="scripted", state=own_folders / "s")).settings
    lock, _ = account_lock(found, places(found))
    lock.acquire()
    (own_folders / "one.toml").write_text('[bot]\nname = "scripted"\n')
    doors: list[tuple[Obeying, Door]] = []
    starts = Timer(0.6, lambda: doors.append(at_its_account(own_folders / "s")))
    starts.start()
    try:
        where = Where(config=own_folders / "one.toml", state=own_folders / "s")
        assert emergency_stop(yes=True, every=True, where=where, timeout=20.0) == Exit.DONE
    finally:
        starts.join()
        lock.release()
        [(handle, door)] = doors
        door.close()
    assert asked(handle) == [Ask.EMERGENCY_STOP]


def test_settings_that_cannot_be_used_keep_nobody_from_being_told(
    two: tuple[Obeying, Obeying], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RADTUI_PAPER__SPEED", "quick")
    with pytest.raises(Failure, match="1 bot of 3 not done: any other bot of the settings") as failed:
        emergency_stop(yes=True, every=True)
    assert failed.value.code == Exit.NOT_SAFE
    assert "paper.speed" in failed.value.means
    assert "Nothing was started and nothing was sent" not in failed.value.means
    assert [asked(each) for each in two] == [[Ask.EMERGENCY_STOP]] * 2
    assert {"alpha: done", "beta: done"} <= set(capsys.readouterr().out.splitlines())
