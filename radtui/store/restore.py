"""A backup put in the journal's place (row O5). Nothing is deleted, and there is a whole journal at every moment.

The journal is then older than the exchange's truth. The next start reads what is open there and explains it; client
ids carry the time of the start, so that none is used twice.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from radtui.core.market import SECOND
from radtui.store.backup import copy_whole, draft, sidecars, sync_folder
from radtui.store.contents import PAPER, Contents, contents_of, snapshot_of
from radtui.store.faults import BackupRefused, reason
from radtui.store.lease import refuse_live
from radtui.store.lock import private_folder
from radtui.store.opening import engine_of, lock_of, named

_ACCOUNTS: Final = {
    PAPER: "a paper account",
    "kucoin paper": "a rehearsal on a simulated KuCoin",
    "kucoin live": "a KuCoin account with real money",
}


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """What a restore changed.

    Attributes:
        now: what the journal holds from now on.
        before: what it held; None where there was none that could be read.
        aside: where the journal of before is kept; None where there was none.
    """

    now: Contents
    before: Contents | None
    aside: Path | None


def restore(backup: Path, journal: Path, at: int, bot: str | None = None, account: str | None = None) -> Restored:
    """Put `backup` in the place of `journal`, and keep what was there beside it.

    Args:
        at: now, nanoseconds UTC.
        bot: whose journal it is; another bot's is refused, for its orders would be nobody's here. None for anyone's.
        account: where that bot trades, see `radtui.store.port.BotState`; a backup that says another is refused, for
            its positions are nowhere there. None for anywhere.

    Raises:
        AccountHeld: an engine writes the journal.
        BackupRefused: the backup is not whole, or something cannot be written; the journal is as it was.
    """
    lock = lock_of(journal)
    try:
        private_folder(journal.parent)
        lock.acquire()
    except OSError as error:
        raise BackupRefused(f"Nothing can be written to {journal.parent}: {reason(error)}.") from error
    try:
        _check_source(backup, journal)
        with draft(journal) as copy:
            now = copy_whole(backup, copy)
            _check_owner(backup, now, bot, account)
            before = _settle(journal, at) if journal.exists() else None
            return Restored(now=now, before=before, aside=_exchange(journal, copy, at))
    finally:
        lock.release()


def _check_source(backup: Path, journal: Path) -> None:
    try:
        itself = journal.exists() and backup.exists() and journal.samefile(backup)
    except OSError as error:
        raise BackupRefused(f"{backup} cannot be read: {reason(error)}.") from error
    if itself:
        raise BackupRefused(f"{backup} is the journal itself: there is nothing to restore.")


def _check_owner(backup: Path, held: Contents, bot: str | None, account: str | None) -> None:
    if bot is not None and held.bot not in {"", bot}:
        raise BackupRefused(f"{backup} is the journal of {held.bot}, not of {bot}.")
    if account is not None and held.account not in {"", account}:
        raise BackupRefused(
            f"{backup} is the journal of {_ACCOUNTS.get(held.account, held.account)}, not of {_ACCOUNTS[account]}: "
            "give the settings that its engine had (--exchange, --kucoin-url, --mode)."
        )


def _settle(journal: Path, at: int) -> Contents | None:
    """Bring all of `journal` into one file; return what it holds. One that cannot be read stays as it is: None."""
    try:
        with snapshot_of(journal) as connection:
            contents = contents_of(connection, journal)
    except BackupRefused:
        return None
    _refuse_written(journal, at)
    try:
        with closing(sqlite3.connect(journal)) as connection:
            [(waits, *_)] = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise BackupRefused(f"{journal} cannot be brought into one file: {reason(error)}.") from error
    if waits:
        raise BackupRefused(f"Another program has {journal} open: end it first.")
    return contents


def _refuse_written(journal: Path, at: int) -> None:
    with suppress(SQLAlchemyError), engine_of(journal).begin() as connection:  # the first journals have no lease
        refuse_live(connection, named(journal), at)


def _exchange(journal: Path, copy: Path, at: int) -> Path | None:
    """Give `copy` the name of `journal`, which gets another one; return that."""
    aside = _aside(journal, at)
    was_there = journal.exists()
    try:
        if was_there:
            os.link(journal, aside)
        for log, log_aside in zip(sidecars(journal), sidecars(aside), strict=True):
            if log.exists():  # of a broken journal: beside another database it would spoil that one
                log.rename(log_aside)
        copy.replace(journal)
        sync_folder(journal.parent)
    except OSError as error:
        raise BackupRefused(f"{journal} cannot be moved to {aside.name}: {reason(error)}.") from error
    return aside if was_there else None


def _aside(journal: Path, at: int) -> Path:
    stem = f"{journal.name}.before-{datetime.fromtimestamp(at // SECOND, UTC):%Y%m%dT%H%M%SZ}"
    names = (journal.with_name(f"{stem}{f'-{number}' if number else ''}") for number in count())
    return next(name for name in names if not name.exists())
