"""The emergency stop's own decisions: the word, the preview, and what follows when the engine falls silent."""

from __future__ import annotations

import contextlib
import io
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

import msgspec
import pytest

from radtui.api.door import Door
from radtui.api.socket import listen
from radtui.cli.account import control_socket, journal_file
from radtui.cli.emergency import emergency_stop
from radtui.cli.engines import RunningEngine
from radtui.cli.failures import Exit, Failure
from radtui.cli.flags import Flags
from radtui.cli.opening import opened
from radtui.cli.where import Where
from radtui.core.instruction import Ask
from radtui.settings.folders import control_folder
from radtui.settings.places import places
from radtui.settings.squad import of_bot
from radtui.store.writer import SqlJournal
from tests.cli.obeying import TWO, Obeying, asked, at_its_account


@pytest.fixture
def engine(own_folders: Path) -> Iterator[Obeying]:
    handle = Obeying()
    door = Door(handle, control_folder() / "scripted.abcdef.sock")
    door.open()
    yield handle
    door.close()


@pytest.fixture
def types(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Have a person type."""

    def typed(text: str) -> None:
        terminal = io.TextIOWrapper(io.BytesIO(text.encode()))
        monkeypatch.setattr(terminal, "isatty", lambda: True)
        monkeypatch.setattr(sys, "stdin", terminal)

    return typed


def test_it_shows_what_it_would_do_and_wants_the_word(
    engine: Obeying, types: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    types("STOP\n")
    assert emergency_stop(include_foreign=True) == Exit.DONE
    assert asked(engine) == [Ask.PREVIEW, Ask.EMERGENCY_STOP]
    assert [each.foreign for each in engine.heard] == [True, True]
    assert "nothing of ours is there" in capsys.readouterr().err


@pytest.mark.parametrize("typed", ["", "stop\n", "yes\n", "STOPP\n"])
def test_another_word_does_nothing(engine: Obeying, types: Callable[[str], None], typed: str) -> None:
    types(typed)
    with pytest.raises(Failure, match="not confirmed"):
        emergency_stop()
    assert asked(engine) == [Ask.PREVIEW]


def test_a_preview_that_cannot_be_had_is_said_and_asked_over(
    engine: Obeying, types: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    engine.previewed = False
    types("STOP\n")
    assert emergency_stop() == Exit.DONE
    assert "not known yet" in capsys.readouterr().err


def test_without_a_terminal_it_wants_yes(engine: Obeying, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("STOP\n"))
    with pytest.raises(Failure) as failed:
        emergency_stop()
    assert failed.value.code == Exit.USAGE
    assert emergency_stop(yes=True) == Exit.DONE
    assert asked(engine) == [Ask.EMERGENCY_STOP]


def test_where_no_engine_and_no_journal_is_it_says_so(own_folders: Path) -> None:
    with pytest.raises(Failure, match="it has no journal at") as failed:
        emergency_stop(where=Where(state=own_folders / "s"), yes=True)
    assert failed.value.code == Exit.NO_ENGINE


def test_what_this_commands_own_engine_leaves_undone_nobody_goes_on_with(
    own_folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("KEY", "SECRET", "PASSPHRASE"):
        monkeypatch.setenv(f"KUCOIN_API_{name}", "0123456789abcdef")
    where = Where(state=own_folders / "s", exchange="kucoin", kucoin_url="http://127.0.0.1:9")  # nobody is there
    settings = opened(where.flags()).settings
    SqlJournal(journal_file(settings, places(settings))).close(clean=False)
    with pytest.raises(Failure, match="not done within the timeout, and nobody goes on trying") as failed:
        emergency_stop(where=where, yes=True, timeout=1.0)
    assert failed.value.code == Exit.NOT_SAFE
    assert failed.value.todo.startswith("give this command again, or start the bot")


def test_an_exchange_that_hangs_is_named_for_it(own_folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KEY", "SECRET", "PASSPHRASE"):
        monkeypatch.setenv(f"KUCOIN_API_{name}", "0123456789abcdef")
    with socket.create_server(("127.0.0.1", 0)) as mute:  # it takes the line, and never says a word
        where = Where(
            state=own_folders / "s", exchange="kucoin", kucoin_url=f"http://127.0.0.1:{mute.getsockname()[1]}"
        )
        settings = opened(where.flags()).settings
        SqlJournal(journal_file(settings, places(settings))).close(clean=False)
        with pytest.raises(Failure, match="nobody goes on trying; the exchange has not answered yet") as failed:
            emergency_stop(where=where, yes=True, timeout=1.0)
    assert failed.value.code == Exit.NOT_SAFE


def test_an_engine_of_another_account_is_never_taken_for_the_one_that_was_named(
    engine: Obeying, own_folders: Path
) -> None:
    with pytest.raises(Failure, match="it has no journal at") as failed:
        emergency_stop(where=Where(bot="scripted", state=own_folders / "s"), yes=True)
    assert (failed.value.code, asked(engine)) == (Exit.NO_ENGINE, [])
    assert "Others run here: scripted (pid " in failed.value.means


def test_the_engine_of_the_account_that_was_named_is_told_and_named(
    own_folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    handle, door = at_its_account(own_folders / "s")
    try:
        there = own_folders / "s" / ".." / "s"
        assert emergency_stop(where=Where(bot="scripted", state=there), yes=True) == Exit.DONE
    finally:
        door.close()
    assert asked(handle) == [Ask.EMERGENCY_STOP]
    assert f"emergency stop of scripted (pid {os.getpid()})" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("flown", "why"), [("s", "it has no journal at"), ("elsewhere", "the settings given here are of another account")]
)
def test_an_engine_that_falls_silent_and_cannot_be_followed_is_not_safe(
    own_folders: Path, flown: str, why: str
) -> None:
    settings = opened(Flags(state=own_folders / flown)).settings
    listener = listen(control_socket(settings, places(settings)))
    rude = Thread(target=_hang_up, args=(listener,), daemon=True)
    rude.start()
    where = Where(state=own_folders / "s") if flown == "s" else Where()
    try:
        with pytest.raises(Failure, match=f"cannot take over: .*{why}") as failed:
            emergency_stop(where=where, yes=True)
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        rude.join(5)
        listener.close()
    assert failed.value.code == Exit.NOT_SAFE
    assert ("`ps -fp" in failed.value.todo) is (flown == "elsewhere")  # it lives: it is this process


def test_nobody_is_sent_to_look_at_a_process_that_has_ended() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert not RunningEngine(Path("a.sock"), gone.pid, None).alive
    assert RunningEngine(Path("a.sock"), os.getpid(), None).alive


def _hang_up(listener: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while True:
            listener.accept()[0].close()


@pytest.fixture
def hung(own_folders: Path) -> Iterator[tuple[Obeying, Door]]:
    """An engine that hangs, at its account."""
    handle, door = at_its_account(own_folders / "s")
    handle.seen = msgspec.structs.replace(handle.seen, hangs=43)
    handle.deaf = True
    yield handle, door
    door.close()


def test_an_engine_that_hangs_is_ended_and_followed(
    hung: tuple[Obeying, Door], own_folders: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    handle, door = hung
    ended: list[RunningEngine] = []

    def end(engine: RunningEngine) -> None:
        ended.append(engine)
        door.close()

    monkeypatch.setattr("radtui.cli.flattening.end_hung", end)
    where = Where(bot="scripted", state=own_folders / "s")
    with pytest.raises(Failure, match="the engine hung and is ended, and this command cannot take over") as failed:
        emergency_stop(where=where, yes=True)  # nothing was ever written of it
    assert failed.value.code == Exit.NOT_SAFE
    assert [each.pid for each in ended] == [os.getpid()]
    assert asked(handle) == [Ask.EMERGENCY_STOP], "no preview is asked of one that hangs"
    said = capsys.readouterr().err
    assert "its loop has stood still for 43 s" in said
    assert "goes on" not in said


def test_one_that_hangs_is_told_nothing_before_the_word(
    hung: tuple[Obeying, Door], own_folders: Path, types: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    types("no\n")
    with pytest.raises(Failure, match="not confirmed") as failed:
        emergency_stop(where=Where(bot="scripted", state=own_folders / "s"))
    assert failed.value.means == "Nothing was done."
    assert asked(hung[0]) == []
    said = capsys.readouterr().err
    assert "its loop has stood still for 43 s" in said
    assert f"process {os.getpid()} is killed" in said


def test_one_that_turns_again_by_then_does_it_itself(
    hung: tuple[Obeying, Door], own_folders: Path, types: Callable[[str], None]
) -> None:
    handle, _ = hung
    handle.deaf = False
    types("STOP\n")
    assert emergency_stop(where=Where(bot="scripted", state=own_folders / "s")) == Exit.DONE
    assert asked(handle) == [Ask.EMERGENCY_STOP]


class StopsTurning(Obeying):
    """Hangs from the moment on at which it is told to stop."""

    def send(self, ask: Ask, **said: Any) -> Any:
        if ask is Ask.EMERGENCY_STOP:
            self.deaf = True
            self.seen = msgspec.structs.replace(self.seen, hangs=4)
        return super().send(ask, **said)


def test_who_is_not_to_be_killed_after_all_has_been_told_and_that_is_said(
    own_folders: Path, types: Callable[[str], None]
) -> None:
    handle = StopsTurning()
    settings = opened(Flags(bot="scripted", state=own_folders / "s")).settings
    door = Door(handle, control_socket(settings, places(settings)))
    door.open()
    types("STOP\nno\n")
    try:
        with pytest.raises(Failure, match="not confirmed") as failed:
            emergency_stop(where=Where(bot="scripted", state=own_folders / "s"))
    finally:
        door.close()
    assert asked(handle) == [Ask.PREVIEW, Ask.EMERGENCY_STOP]
    assert failed.value.code == Exit.NOT_SAFE
    assert "it carries out should its loop turn again" in failed.value.means


def test_an_engine_that_hangs_is_left_where_nobody_could_follow_it(
    hung: tuple[Obeying, Door], types: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("radtui.cli.flattening.end_hung", lambda engine: pytest.fail("it was ended"))
    types("STOP\n")
    with pytest.raises(Failure, match="settings given here are of another") as failed:
        emergency_stop()
    assert failed.value.code == Exit.NOT_SAFE
    assert "it carries out should its loop turn again" in failed.value.means


@pytest.fixture
def hung_squad(own_folders: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Where]:
    """Three bots in one process that hangs, two of them of the settings, which can be killed; a journal of beta's."""
    (own_folders / "two.toml").write_text(TWO.format(state=own_folders / "s"))
    where = Where(config=own_folders / "two.toml")
    settings = opened(where.flags()).settings
    owns = [of_bot(settings, name) for name in settings.bots]
    paths = [*(control_socket(own, places(own)) for own in owns), control_folder() / "gamma.abcdef.sock"]
    doors = []
    for path in paths:
        handle = Obeying(bot=path.name.split(".")[0])
        handle.seen, handle.deaf = msgspec.structs.replace(handle.seen, hangs=43), True
        doors.append(Door(handle, path))
        doors[-1].open()
    monkeypatch.setattr("radtui.cli.flattening.end_hung", lambda _engine: [door.close() for door in doors])
    SqlJournal(journal_file(owns[1], places(owns[1]))).close(clean=False)
    yield where
    for door in doors:
        door.close()


@pytest.mark.parametrize("every", [False, True], ids=["one is named", "all"])
def test_every_bot_of_a_process_that_is_killed_is_flattened_or_named(
    hung_squad: Where, capsys: pytest.CaptureFixture[str], every: bool
) -> None:
    where = hung_squad if every else replace(hung_squad, bot="alpha")
    with pytest.raises(Failure, match="2 bots of 3 not done: alpha, gamma") as failed:
        emergency_stop(where=where, yes=True, every=every, timeout=20.0)
    assert failed.value.code == Exit.NOT_SAFE
    assert "alpha: the engine hung and is ended, and this command cannot take over" in failed.value.means
    assert "gamma: the engine hung and is ended, and the settings given here do not name gamma" in failed.value.means
    assert "beta: The exchange shows of ours now: 0 orders, 0 positions, 0 stops" in capsys.readouterr().out
