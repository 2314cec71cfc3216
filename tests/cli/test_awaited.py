"""An emergency stop waits for an engine that is just starting; where it comes in vain, it says what can be said."""

from __future__ import annotations

import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from threading import Timer

import pytest

from radtui.cli.account import account_lock, journal_file
from radtui.cli.emergency import emergency_stop
from radtui.cli.failures import Exit, Failure
from radtui.cli.flags import Flags
from radtui.cli.opening import opened
from radtui.cli.where import Where
from radtui.core.holding import Holding
from radtui.core.instruction import Ask
from radtui.core.memory import Memory, pack
from radtui.core.positions import Position
from radtui.settings.places import places
from radtui.store.lock import AccountLock
from radtui.store.port import BotState
from radtui.store.writer import SqlJournal
from tests.cli.obeying import asked, at_its_account
from tests.core.makers import XBT


@pytest.fixture
def held(own_folders: Path) -> Iterator[AccountLock]:
    """The lock of an account, held by an engine that has no control socket yet."""
    settings = opened(Flags(bot="scripted", state=own_folders / "s")).settings
    lock, _ = account_lock(settings, places(settings))
    lock.acquire()
    yield lock
    lock.release()


@pytest.mark.parametrize("flown", [True, False], ids=["flown before", "its first flight"])
def test_an_engine_that_is_starting_is_waited_for(
    own_folders: Path, held: AccountLock, capsys: pytest.CaptureFixture[str], flown: bool
) -> None:
    where, doors = Where(bot="scripted", state=own_folders / "s"), []
    settings = opened(where.flags()).settings
    if flown:
        SqlJournal(journal_file(settings, places(settings))).close(clean=True)
    starts = Timer(0.6, lambda: doors.append(at_its_account(own_folders / "s")))
    starts.start()
    try:
        assert emergency_stop(where=where, yes=True, timeout=20.0) == Exit.DONE
    finally:
        starts.join()
        [(handle, door)] = doors
        door.close()
    assert asked(handle) == [Ask.EMERGENCY_STOP]
    assert capsys.readouterr().err.count("has no control socket yet; waiting for it") == 1


def test_where_the_process_ends_instead_this_command_flattens_by_itself(own_folders: Path, held: AccountLock) -> None:
    where = Where(bot="scripted", state=own_folders / "s")
    settings = opened(where.flags()).settings
    SqlJournal(journal_file(settings, places(settings))).close(clean=False)
    ends = Timer(0.6, held.release)
    ends.start()
    assert emergency_stop(where=where, yes=True, timeout=20.0) == Exit.DONE
    ends.join()


def test_where_it_never_comes_it_is_not_safe_and_what_is_open_by_the_journal_is_named(
    own_folders: Path, held: AccountLock
) -> None:
    where = Where(bot="scripted", state=own_folders / "s")
    settings = opened(where.flags()).settings
    three = Position(instrument=XBT, holding=Holding(3, Decimal("193.5")), leverage=3, opened_at=7)
    memory = pack(Memory(positions={XBT.symbol: three}))
    journal = SqlJournal(journal_file(settings, places(settings)))
    journal.keep_state(BotState(desired="running", who="key:alice", since=1, memory=memory))
    journal.close(clean=False)
    with pytest.raises(Failure, match="opened no control socket within 1 s") as failed:
        emergency_stop(where=where, yes=True, timeout=1.0)
    assert failed.value.code == Exit.NOT_SAFE
    assert "open by the journal: position XBTUSDTM +3 lots" in failed.value.means
    assert f"pid {os.getpid()}" in failed.value.means


def test_an_exchange_that_a_starting_engine_waits_for_is_named(
    own_folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("KEY", "SECRET", "PASSPHRASE"):
        monkeypatch.setenv(f"KUCOIN_API_{name}", "0123456789abcdef")
    where = Where(state=own_folders / "s", exchange="kucoin", kucoin_url="http://127.0.0.1:9")  # nobody is there
    settings = opened(where.flags()).settings
    lock, _ = account_lock(settings, places(settings))
    lock.acquire()
    try:
        with pytest.raises(Failure, match="opened no control socket") as failed:
            emergency_stop(where=where, yes=True, timeout=0.5)
    finally:
        lock.release()
    assert failed.value.code == Exit.NOT_SAFE
    assert "Nobody reaches the exchange from here: The exchange cannot be reached" in failed.value.means
    assert "no journal yet" in failed.value.means
