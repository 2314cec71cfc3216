"""An engine that only flattens: it holds the account, obeys, and lands; where it cannot fly it says what to do."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from threading import Event
from time import sleep

import msgspec
import pytest

from radtui.cli.account import account_lock
from radtui.cli.failures import Exit, Failure
from radtui.cli.flags import Flags
from radtui.cli.opening import opened
from radtui.cli.rescue import RescueEngine, journal_of, rescue
from radtui.core.instruction import Ask
from radtui.core.memory import VERSION
from radtui.engine.engine import Engine
from radtui.engine.host import EngineHost
from radtui.settings.folders import accounts_folder
from radtui.settings.live import account_of
from radtui.settings.places import places
from radtui.store.findings import findings
from radtui.store.port import BotState
from radtui.store.writer import SqlJournal
from tests.engine.flights import core_config


@pytest.fixture
def flags(own_folders: Path) -> Flags:
    return Flags(state=own_folders / "s", strategy=f"{own_folders / 'broken.py'}:Nothing")


def test_it_flattens_whatever_the_users_strategy_is_and_lands(flags: Flags) -> None:
    SqlJournal(journal_of(flags)).close(clean=False)
    with rescue(flags, "cli:alice") as engine:
        preview = engine.tell(Ask.PREVIEW, 10.0, {})
        answer = engine.tell(Ask.EMERGENCY_STOP, 10.0, {"why": "night"})
    assert preview.receipt is not None
    assert preview.receipt.preview is not None
    assert (answer.success, answer.receipt and answer.receipt.who) == (True, "cli:alice")
    assert findings(journal_of(flags))
    journal = SqlJournal(journal_of(flags))
    assert journal.known().clean
    state = journal.known().state
    assert state is not None
    assert state.account == account_of(opened(flags).settings) == "paper paper"
    journal.close(clean=True)


@pytest.mark.parametrize(
    ("name", "value"),
    [("BOT__SYMBOLS", "ETHUSDTM"), ("PAPER__SEED", "9"), ("PAPER__MARKET", "gone.csv"), ("BOT__TIMEFRAME", "1h")],
)
def test_a_paper_account_is_flattened_on_its_own_market_whatever_is_set(
    flags: Flags, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    flown = replace(flags, symbols="XBTUSDTM,SOLUSDTM", seed="3")
    SqlJournal(journal_of(flown)).close(clean=False)
    with rescue(flown, "cli:alice") as engine:
        assert engine.tell(Ask.EMERGENCY_STOP, 10.0, {}).success
    monkeypatch.setenv(f"RADTUI_{name}", value)
    with rescue(flags, "cli:alice") as engine:
        assert engine.tell(Ask.EMERGENCY_STOP, 10.0, {}).success
    journal = SqlJournal(journal_of(flags))
    stored = journal.paper()
    journal.close(clean=True)
    assert stored is not None
    assert stored.source == "seed:3:XBTUSDTM,SOLUSDTM"


def test_a_process_that_holds_the_account_is_named(flags: Flags) -> None:
    settings = opened(flags).settings
    lock, _ = account_lock(settings, places(settings))
    lock.acquire()
    try:
        with pytest.raises(Failure, match="does not answer on its control socket") as failed, rescue(flags, "cli:a"):
            pass
    finally:
        lock.release()
    assert failed.value.code == Exit.NOT_SAFE
    assert "kill -9" in failed.value.todo


def test_a_paper_account_whose_folder_cannot_be_written_is_not_flattened_and_no_process_is_blamed(flags: Flags) -> None:
    assert flags.state is not None
    flags.state.mkdir()
    (flags.state / "locks").write_text("no folder")
    with pytest.raises(Failure, match="the lock of this account cannot be made") as failed, rescue(flags, "cli:a"):
        pass
    assert failed.value.code == Exit.NOT_SAFE
    assert "kill" not in failed.value.todo


def test_an_account_at_the_exchange_is_flattened_without_a_lock_where_none_can_be_made(
    flags: Flags, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("KEY", "SECRET", "PASSPHRASE"):
        monkeypatch.setenv(f"KUCOIN_API_{name}", "0123456789abcdef")
    accounts_folder().parent.mkdir(parents=True)
    accounts_folder().write_text("no folder")
    there = replace(flags, exchange="kucoin", kucoin_url="http://127.0.0.1:9")  # nobody answers there
    with rescue(there, "cli:a") as engine:
        answer = engine.tell(Ask.EMERGENCY_STOP, 0.5, {})
    assert answer.success is None
    assert "flattening without a lock" in capsys.readouterr().err


def test_without_a_key_nothing_can_be_flown(flags: Flags) -> None:
    live = Flags(state=flags.state, exchange="kucoin")
    with pytest.raises(Failure, match="cannot fly one") as failed, rescue(live, "cli:a"):
        pass
    assert failed.value.code == Exit.USAGE
    assert "RADTUI_" in failed.value.means or "KUCOIN_" in failed.value.means


def test_a_paper_account_that_is_lost_with_its_journal_cannot_be_closed(flags: Flags) -> None:
    journal_of(flags).parent.mkdir(parents=True, exist_ok=True)
    journal_of(flags).write_bytes(b"torn" * 5000)
    with pytest.raises(Failure, match="the journal cannot be used"), rescue(flags, "cli:a") as engine:
        engine.tell(Ask.EMERGENCY_STOP, 10.0, {})


class DyingSlowly(EngineHost):
    """Between its door's closing and the word of what it died of there is time to ask."""

    def __init__(self) -> None:
        super().__init__(core_config(1), self._fails)
        self._closes, self.handle.close = self.handle.close, self._close_slowly  # type: ignore[method-assign]

    def _fails(self) -> Engine:
        raise Failure("the journal cannot be used")

    def _close_slowly(self) -> None:
        self._closes()
        sleep(0.2)


@pytest.mark.parametrize("over", [False, True], ids=["as it dies", "when it is dead"])
def test_one_that_could_not_be_built_is_never_taken_for_one_that_refuses(over: bool) -> None:
    host = DyingSlowly()
    host.start()
    assert host.wait(10.0 if over else 0.05) is over
    with pytest.raises(Failure, match="the journal cannot be used"):
        RescueEngine(host, "cli:a").tell(Ask.EMERGENCY_STOP, 10.0, {})


def test_one_that_is_never_built_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("radtui.cli.rescue._LOADING", 0.1)
    free = Event()

    def hangs() -> Engine:
        free.wait(30.0)
        raise Failure("the disk has come back")

    host = EngineHost(core_config(1), hangs)
    host.start()
    answer = RescueEngine(host, "cli:a").tell(Ask.EMERGENCY_STOP, 0.1, {})
    free.set()
    assert answer.success is None, "it is not done, and nothing is claimed"
    assert host.wait(10.0)


def unreadable(flags: Flags) -> Path:
    """Have a journal whose memory a newer radtui wrote."""
    path = journal_of(flags)
    journal = SqlJournal(path)
    memory = msgspec.msgpack.encode({"version": VERSION + 1})
    journal.keep_state(BotState(desired="running", who="key:alice", since=1, memory=memory))
    journal.close(clean=True)
    return path


def kept(path: Path) -> bytes:
    journal = SqlJournal(path)
    journal.close(clean=True)
    state = journal.known().state
    return state.memory if state else b""


def test_a_paper_account_with_the_memory_of_a_newer_radtui_is_refused_and_keeps_it(flags: Flags) -> None:
    before = kept(unreadable(flags))
    with pytest.raises(Failure, match="the journal cannot be used") as failed, rescue(flags, "cli:a") as engine:
        engine.tell(Ask.EMERGENCY_STOP, 10.0, {})
    assert "Start the newer radtui" in failed.value.means
    assert kept(journal_of(flags)) == before


def test_an_account_at_the_exchange_is_flattened_whatever_its_memory_is_and_keeps_it(
    flags: Flags, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("KEY", "SECRET", "PASSPHRASE"):
        monkeypatch.setenv(f"KUCOIN_API_{name}", "0123456789abcdef")
    there = replace(flags, exchange="kucoin", kucoin_url="http://127.0.0.1:9")  # nobody answers there
    before = kept(unreadable(there))
    with rescue(there, "cli:a") as engine:
        assert engine.tell(Ask.EMERGENCY_STOP, 3.0, {}).success is None
    assert "flattening without it: What the bot kept" in capsys.readouterr().err
    assert kept(journal_of(there)) == before


def test_the_log_does_not_keep_anybody_from_closing(flags: Flags, capfd: pytest.CaptureFixture[str]) -> None:
    SqlJournal(journal_of(flags)).close(clean=True)
    places(opened(flags).settings).log.mkdir()
    with rescue(flags, "cli:a") as engine:
        assert engine.tell(Ask.EMERGENCY_STOP, 10.0, {}).success
    assert all(json.loads(line) for line in capfd.readouterr().err.splitlines())
