"""The account that one engine at a time may fly, and the journal that belongs to it (row L12)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from radtui.cli.failures import Failure
from radtui.settings.live import is_real_money, is_rehearsal
from radtui.settings.places import Places
from radtui.settings.tree import Settings
from radtui.store.lock import AccountHeld, AccountLock


def journal_file(settings: Settings, there: Places) -> Path:
    """Return where this bot's journal lies: one for paper, one for rehearsals, one for real money."""
    kind = "-kucoin" if is_real_money(settings) else "-rehearsal" if is_rehearsal(settings) else ""
    return there.state / f"{settings.bot.name}{kind}.db"


def account_lock(settings: Settings, there: Places) -> tuple[AccountLock, str]:
    """Return the lock of the account that the settings name, not yet taken, and what it guards, for people."""
    name, what = _account(settings)
    return AccountLock(there.state / "locks" / f"{name}.lock", what), what


@contextmanager
def hold(settings: Settings, there: Places) -> Iterator[None]:
    """Hold the account's lock; it dies with the process.

    Raises:
        Failure: another engine flies this account (exit code 1), or the lock cannot be made.
    """
    lock, _ = account_lock(settings, there)
    try:
        lock.acquire()
    except AccountHeld as held:
        raise Failure("this bot is already flying", means=str(held)) from None
    except OSError as error:
        raise Failure(
            f"the lock of this account cannot be made in {there.state / 'locks'}: {error.strerror}",
            means="Without it two engines could fly one account, so nothing was started.",
            todo="make the state folder writable, or choose another with --state",
        ) from None
    try:
        yield
    finally:
        lock.release()


def _account(settings: Settings) -> tuple[str, str]:
    """Return the name of an account's lock, and the account for people. Of an API key only the hash is written down."""
    key = settings.kucoin.key
    if settings.bot.exchange == "paper" or key is None:
        return f"paper-{settings.bot.name}", f"the paper account of {settings.bot.name}"
    return sha256(key.get_secret_value().encode()).hexdigest()[:16], "the KuCoin account of this API key"
