"""The account that one engine at a time may fly, and what belongs to it: its journal, its control socket (row L12)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

from radtui.cli.failures import Failure
from radtui.settings.folders import accounts_folder, control_folder
from radtui.settings.live import is_real_money, is_rehearsal
from radtui.settings.places import Places
from radtui.settings.tree import Settings
from radtui.store.lock import AccountHeld, AccountLock

_SHARED: Final = "shared-account"


class AlreadyFlying(Failure):
    """Another process holds the account."""


def journal_file(settings: Settings, there: Places) -> Path:
    """Return where this bot's journal lies: one for paper, one for rehearsals, one for real money."""
    return there.state / f"{settings.bot.name}{_kind(settings)}.db"


def account_journal_file(settings: Settings, there: Places) -> Path:
    """Return where several bots keep what is of their account and of none of them; no bot can be called so."""
    return there.state / f"{_SHARED}{_kind(settings)}.db"


def control_socket(settings: Settings, there: Places) -> Path:
    """Return the socket of an engine: one for each journal, however its folder is written, named by its bot."""
    journal = journal_file(settings, there)
    digest = sha256(os.fsencode(journal.resolve())).hexdigest()[:6]
    return control_folder() / f"{journal.stem}.{digest}.sock"


def account_lock(settings: Settings, there: Places) -> tuple[AccountLock, str]:
    """Return the lock of the account that the settings name, not yet taken, and what it guards, for people."""
    path, what = _account(settings, there)
    return AccountLock(path, what), what


@contextmanager
def hold(settings: Settings, there: Places) -> Iterator[None]:
    """Hold the account's lock; it dies with the process.

    Raises:
        AlreadyFlying: another engine flies this account (exit code 1).
        Failure: the lock cannot be made.
    """
    path, what = _account(settings, there)
    lock = AccountLock(path, what)
    try:
        lock.acquire()
    except AccountHeld as held:
        raise AlreadyFlying("this bot is already flying", means=str(held)) from None
    except OSError as error:
        raise Failure(
            f"the lock of this account cannot be made in {path.parent}: {error.strerror}",
            means="Without it two engines could fly one account, so nothing was started.",
            todo=f"free space there, or make {path.parent} writable for this user",
        ) from None
    try:
        yield
    finally:
        lock.release()


def _kind(settings: Settings) -> str:
    return "-kucoin" if is_real_money(settings) else "-rehearsal" if is_rehearsal(settings) else ""


def _account(settings: Settings, there: Places) -> tuple[Path, str]:
    """Return the lock file of an account, and the account for people.

    A paper account lives in its journal, and so its lock beside it. A KuCoin account is the same one from whatever
    folder it is flown. Of an API key only the hash is written down.
    """
    key, name = settings.kucoin.key, settings.bot.name
    if settings.bot.exchange == "paper" or key is None:
        if settings.bots:
            return there.state / "locks" / f"paper-{_SHARED}.lock", "the paper account of several bots"
        return there.state / "locks" / f"paper-{name}.lock", f"the paper account of {name}"
    digest = sha256(key.get_secret_value().encode()).hexdigest()[:16]
    return accounts_folder() / f"{digest}.lock", "the KuCoin account of this API key"
